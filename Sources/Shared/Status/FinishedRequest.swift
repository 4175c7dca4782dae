// SPDX-License-Identifier: Apache-2.0

/// A request that has ended, however it did. It never holds content.
public struct FinishedRequestStatus: Codable, Sendable, Equatable {
    /// How a request ended.
    public enum Outcome: String, Codable, Sendable, CaseIterable {
        case answered
        case failed
        /// The client hung up.
        case cancelled
    }

    /// The `request-id` that the client got.
    public var id: String
    /// As the client asked for it.
    public var model: String
    /// The one that was asked last; absent when none was.
    public var upstream: String?
    /// The model's name there; absent when none was asked.
    public var upstreamModel: String?
    /// How it ended.
    public var outcome: Outcome
    /// The error's kind as the client saw it, like `overloaded_error`; absent unless it failed.
    public var error: String?
    /// When it ended.
    public var time: Timestamp
    /// From its beginning to its end, in milliseconds.
    public var duration: Int
    /// From its beginning to the first byte of the upstream's answer, in milliseconds; absent when there was none.
    public var firstByte: Int?
    /// As the upstream counted them; 0 unless it was answered.
    public var tokens: TokenCounts

    public init(
        id: String, model: String, upstream: String?, upstreamModel: String?, outcome: Outcome, error: String? = nil,
        time: Timestamp, duration: Int, firstByte: Int?, tokens: TokenCounts = TokenCounts(),
    ) {
        self.id = id
        self.model = model
        self.upstream = upstream
        self.upstreamModel = upstreamModel
        self.outcome = outcome
        self.error = error
        self.time = time
        self.duration = duration
        self.firstByte = firstByte
        self.tokens = tokens
    }
}

/// What one model at one upstream has done since the start.
public struct ModelTotals: Codable, Sendable, Equatable {
    /// As the configuration calls it.
    public var upstream: String
    /// The model's name there.
    public var model: String
    /// Requests that ended there.
    public var requests: Int
    /// Those of `requests` that got an error.
    public var failed: Int
    /// As the upstream counted them.
    public var tokens: TokenCounts

    public init(upstream: String, model: String, requests: Int = 0, failed: Int = 0, tokens: TokenCounts = .init()) {
        self.upstream = upstream
        self.model = model
        self.requests = requests
        self.failed = failed
        self.tokens = tokens
    }
}

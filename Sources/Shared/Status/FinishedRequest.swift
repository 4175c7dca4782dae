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
    /// In millionths of a US dollar, by the catalogue's prices; absent where no price is known.
    public var cost: Int?

    public init(
        id: String, model: String, upstream: String?, upstreamModel: String?, outcome: Outcome, error: String? = nil,
        time: Timestamp, duration: Int, firstByte: Int?, tokens: TokenCounts = TokenCounts(), cost: Int? = nil,
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
        self.cost = cost
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A service that can answer requests, and how it is doing.
public struct UpstreamStatus: Codable, Sendable, Equatable {
    /// How the daemon identifies itself there.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case oauth
        case apiKey
        /// An upstream that asks for no credentials.
        case open
        /// No upstream: the daemon answers by itself.
        case demo
    }

    /// The language spoken there.
    public enum API: String, Codable, Sendable, CaseIterable {
        /// Chat Completions, which is translated.
        case openai
        /// The Messages API, which passes through.
        case anthropic
    }

    /// How the last request there ended.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Nothing was asked yet.
        case untried
        /// The last request was answered.
        case reachable
        /// The last request did not get through.
        case unreachable
        /// It answered, and refused us: the key, the quota or the bill.
        case refusing
    }

    /// As the configuration calls it.
    public var name: String
    /// How the daemon identifies itself there.
    public var kind: Kind
    /// The language spoken there.
    public var api: API
    /// Absent in the demo, and of a login whose file is not there.
    public var baseURL: String?
    /// The model that answers where no route names one.
    public var model: String
    /// How the last request there ended.
    public var state: State
    /// Seconds for which others are asked first, while it is down or out of quota.
    public var restsFor: Int?
    /// Requests sent there, retries counted, and those of them that failed.
    public var attempts: Int
    /// Those of `attempts` that failed.
    public var failures: Int
    /// What went wrong with the last one, and what to do about it.
    public var lastError: String?
    /// Of the model; absent while nothing runs, and in the demo.
    public var limits: ModelLimits?

    public init(
        name: String, kind: Kind, api: API = .openai, baseURL: String?, model: String, state: State,
        restsFor: Int? = nil, attempts: Int = 0, failures: Int = 0, lastError: String? = nil,
        limits: ModelLimits? = nil,
    ) {
        self.name = name
        self.kind = kind
        self.api = api
        self.baseURL = baseURL
        self.model = model
        self.state = state
        self.restsFor = restsFor
        self.attempts = attempts
        self.failures = failures
        self.lastError = lastError
        self.limits = limits
    }
}

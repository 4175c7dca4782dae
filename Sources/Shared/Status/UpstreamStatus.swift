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
        /// The last request did not reach it.
        case unreachable
        /// It was reached and could not cope: it is overloaded, has an error inside, or broke its answer off.
        case failing
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

/// The upstreams of the configuration, and where it is.
public struct UpstreamList: Codable, Sendable, Equatable {
    /// Where `config.toml` is or would be, and `config.d` beside it.
    public var directory: String
    /// The one that answers when no route says otherwise comes first.
    /// Empty with mistakes: none is asked then.
    public var upstreams: [UpstreamStatus]
    /// With file, line and key. Absent when there is none, and in the reply of an older daemon.
    public var mistakes: [String]?
    /// What would be there without the mistakes. Absent when there is none.
    public var described: [DescribedUpstream]?

    public init(
        directory: String, upstreams: [UpstreamStatus], mistakes: [String] = [], described: [DescribedUpstream] = [],
    ) {
        self.directory = directory
        self.upstreams = upstreams
        self.mistakes = mistakes.isEmpty ? nil : mistakes
        self.described = described.isEmpty ? nil : described
    }
}

/// An upstream that a configuration with mistakes describes, as far as that could be read.
public struct DescribedUpstream: Codable, Sendable, Equatable {
    /// As the configuration calls it.
    public var name: String
    /// Absent when the configuration leaves it to the product.
    public var model: String?

    public init(name: String, model: String? = nil) {
        self.name = name
        self.model = model
    }
}

/// What one tiny request to an upstream brought.
public struct UpstreamTestReport: Codable, Sendable, Equatable {
    /// As the configuration calls it.
    public var upstream: String
    /// The model that was asked for.
    public var model: String
    /// Whether the model answered.
    public var succeeded: Bool
    /// In milliseconds, from the request to the end of the answer; absent when nothing was sent.
    public var duration: Int?
    /// The model as the upstream calls it in its answer.
    public var answeredBy: String?
    /// As the upstream counted them; absent when it did not.
    public var inputTokens: Int?
    /// As the upstream counted them; absent when it did not.
    public var outputTokens: Int?
    /// What went wrong, and what to do about it.
    public var problem: String?
    /// Of the model, as they are known after the test.
    public var limits: ModelLimits?
    /// What each request of a deep test found out; absent of one that is not.
    public var findings: [Observation]?
    /// What a deep test did not ask about, because requests pass through there as clients send them; absent where there is
    /// nothing.
    public var untested: [String]?

    /// One thing that was tried.
    public struct Observation: Codable, Sendable, Equatable {
        /// What came of it.
        public enum Outcome: String, Codable, Sendable, CaseIterable {
            case yes
            /// Refused, or taken without effect.
            case no
            /// The answer allows both.
            case unclear
        }

        /// For people.
        public var name: String
        /// What came of it.
        public var outcome: Outcome
        /// What was seen, for people.
        public var detail: String

        public init(name: String, outcome: Outcome, detail: String) {
            self.name = name
            self.outcome = outcome
            self.detail = detail
        }
    }

    public init(
        upstream: String, model: String, succeeded: Bool = false, duration: Int? = nil, answeredBy: String? = nil,
        inputTokens: Int? = nil, outputTokens: Int? = nil, problem: String? = nil,
        limits: ModelLimits? = nil, findings: [Observation]? = nil, untested: [String]? = nil,
    ) {
        self.upstream = upstream
        self.model = model
        self.succeeded = succeeded
        self.duration = duration
        self.answeredBy = answeredBy
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.problem = problem
        self.limits = limits
        self.findings = findings
        self.untested = untested
    }
}

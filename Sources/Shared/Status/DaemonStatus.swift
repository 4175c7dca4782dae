// SPDX-License-Identifier: Apache-2.0

/// What `GetStatus` answers and `qwenproxyctl status --json` prints. It never holds a secret or content of a request.
public struct DaemonStatus: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Requests are accepted.
        case running
        /// A stop was asked for; requests in flight may finish, new ones are refused.
        case draining
    }

    public var state: State
    public var version: String
    public var pid: Int
    public var startedAt: Timestamp
    public var logLevel: LogLevel
    public var listeners: [ListenerStatus]
    /// The one that answers when no route says otherwise comes first.
    public var upstreams: [UpstreamStatus]
    public var credentials: CredentialsStatus
    public var requests: RequestCounts
    public var tokens: TokenCounts
    public var interventions: [InterventionCount]
    /// Newest first, and only a few.
    public var lastErrors: [RecordedError]
    /// Where the configuration came from, in order of precedence.
    public var configurationSources: [String]

    public init(
        state: State, version: String = Version.current, pid: Int, startedAt: Timestamp, logLevel: LogLevel,
        listeners: [ListenerStatus], upstreams: [UpstreamStatus], credentials: CredentialsStatus,
        requests: RequestCounts,
        tokens: TokenCounts, interventions: [InterventionCount] = [], lastErrors: [RecordedError],
        configurationSources: [String],
    ) {
        self.state = state
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.logLevel = logLevel
        self.listeners = listeners
        self.upstreams = upstreams
        self.credentials = credentials
        self.requests = requests
        self.tokens = tokens
        self.interventions = interventions
        self.lastErrors = lastErrors
        self.configurationSources = configurationSources
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What `GetStatus` answers and `qwenproxyctl status --json` prints. It never holds a secret or content of a request.
public struct DaemonStatus: Codable, Sendable, Equatable {
    /// Whether requests are accepted.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Requests are accepted.
        case running
        /// A stop was asked for; requests in flight may finish, new ones are refused.
        case draining
    }

    /// Whether requests are accepted.
    public var state: State
    /// Of the daemon, which may be older than the installed program.
    public var version: String
    /// The daemon's process.
    public var pid: Int
    /// When the process started.
    public var startedAt: Timestamp
    /// Of every subsystem that has none of its own.
    public var logLevel: LogLevel
    /// Every socket that connections are accepted on.
    public var listeners: [ListenerStatus]
    /// The one that answers when no route says otherwise comes first.
    public var upstreams: [UpstreamStatus]
    /// How the login is.
    public var credentials: CredentialsStatus
    /// Requests since the start.
    public var requests: RequestCounts
    /// Tokens since the start.
    public var tokens: TokenCounts
    /// How often the translation stepped in; only those that happened.
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

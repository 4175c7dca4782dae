// SPDX-License-Identifier: Apache-2.0

/// What `GetStatus` answers and `qwenproxyctl status --json` prints. It never holds a secret or content of a request.
public struct DaemonStatus: Codable, Sendable, Equatable {
    /// Whether requests are accepted.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Requests are accepted.
        case running
        /// A stop was asked for; requests in flight may finish, new ones are refused.
        case draining
        /// Another process accepts requests; those in flight here may finish.
        case replaced
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
    /// Clients that are connected, and room for more.
    public var connections: ConnectionCounts
    /// Requests since the start.
    public var requests: RequestCounts
    /// What those were for of which that is known, as Claude Code says it in `x-claude-code-request-class`: `main`, `subagent`,
    /// `workflow`, `compaction`, `auxiliary` or `side_reply`. Absent when there was none, and in the reply of an older daemon.
    public var requestClasses: [NamedCount]?
    /// Tokens since the start.
    public var tokens: TokenCounts
    /// How often the translation stepped in; only those that happened.
    public var interventions: [NamedCount]
    /// On calls in auto mode: `not_flagged`, `flagged`, and `unavailable_` with the reason. Absent like `requestClasses`.
    public var verdicts: [NamedCount]?
    /// Newest first, and only a few.
    public var lastErrors: [RecordedError]
    /// Where the configuration came from, in order of precedence.
    public var configurationSources: [String]
    /// With file, line and key. Until they are mended, each request is answered with them. Absent when there is none, and in
    /// the reply of an older daemon.
    public var configurationMistakes: [String]?
    /// The upstreams that would be there without the mistakes. Absent when there is none.
    public var describedUpstreams: [DescribedUpstream]?
    /// The processes that this one has replaced and that still serve something. Absent when there is none, and in the reply
    /// of an older daemon.
    public var predecessors: [PredecessorStatus]?
    /// What each model has done on this day, in this process and in those before it, the busiest first. Absent in the reply of
    /// an older daemon.
    public var today: [ModelTotals]?

    public init(
        state: State, version: String = Version.current, pid: Int, startedAt: Timestamp, logLevel: LogLevel,
        listeners: [ListenerStatus], upstreams: [UpstreamStatus], credentials: CredentialsStatus,
        connections: ConnectionCounts, requests: RequestCounts, requestClasses: [NamedCount] = [],
        tokens: TokenCounts, interventions: [NamedCount] = [], verdicts: [NamedCount] = [],
        lastErrors: [RecordedError],
        configurationSources: [String], configurationMistakes: [String] = [],
        describedUpstreams: [DescribedUpstream] = [], predecessors: [PredecessorStatus] = [],
        today: [ModelTotals]? = nil,
    ) {
        self.state = state
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.logLevel = logLevel
        self.listeners = listeners
        self.upstreams = upstreams
        self.credentials = credentials
        self.connections = connections
        self.requests = requests
        self.requestClasses = requestClasses.isEmpty ? nil : requestClasses
        self.tokens = tokens
        self.interventions = interventions
        self.verdicts = verdicts.isEmpty ? nil : verdicts
        self.lastErrors = lastErrors
        self.configurationSources = configurationSources
        self.configurationMistakes = configurationMistakes.isEmpty ? nil : configurationMistakes
        self.describedUpstreams = describedUpstreams.isEmpty ? nil : describedUpstreams
        self.predecessors = predecessors.isEmpty ? nil : predecessors
        self.today = today
    }
}

/// A socket the daemon accepts connections on.
public struct ListenerStatus: Codable, Sendable, Equatable {
    /// What is spoken on the socket.
    public enum Role: String, Codable, Sendable, CaseIterable {
        case http
        case control
    }

    /// What is spoken on the socket.
    public var role: Role
    /// `127.0.0.1:3455`, `[::1]:3455` or a path.
    public var address: String
    /// True when systemd holds the socket and clients wait in it while the daemon restarts.
    public var inherited: Bool

    public init(role: Role, address: String, inherited: Bool) {
        self.role = role
        self.address = address
        self.inherited = inherited
    }
}

/// Requests since the start.
public struct RequestCounts: Codable, Sendable, Equatable {
    /// Those whose answer is not complete.
    public var inFlight: Int
    /// Those of `inFlight` whose answer is a stream.
    public var streaming: Int
    /// All of them.
    public var total: Int
    /// Those that got an error.
    public var failed: Int

    public init(inFlight: Int = 0, streaming: Int = 0, total: Int = 0, failed: Int = 0) {
        self.inFlight = inFlight
        self.streaming = streaming
        self.total = total
        self.failed = failed
    }
}

/// How often something of this name was there since the start: a class of requests, a verdict, or an intervention (a repair,
/// a recovery, a request that was sent again in another form).
public struct NamedCount: Codable, Sendable, Equatable {
    /// As in the journal.
    public var name: String
    /// Since the start.
    public var count: Int

    public init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// Model tokens since the start, as the upstream counted them.
public struct TokenCounts: Codable, Sendable, Equatable {
    /// Of prompts.
    public var input: Int
    /// Of answers.
    public var output: Int
    /// Those of `input` that came from the upstream's prefix cache.
    public var cached: Int

    public init(input: Int = 0, output: Int = 0, cached: Int = 0) {
        self.input = input
        self.output = output
        self.cached = cached
    }
}

/// A request that failed, as the operator sees it.
public struct RecordedError: Codable, Sendable, Equatable {
    /// When the request ended.
    public var time: Timestamp
    /// The `request-id` the client got; absent when there was no request.
    public var requestID: String?
    /// The error's kind as the client saw it, like `overloaded_error`.
    public var kind: String
    /// Without words of the upstream, which may quote the request.
    public var message: String

    public init(time: Timestamp, requestID: String?, kind: String, message: String) {
        self.time = time
        self.requestID = requestID
        self.kind = kind
        self.message = message
    }
}

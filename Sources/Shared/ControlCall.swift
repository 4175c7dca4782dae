// SPDX-License-Identifier: Apache-2.0

/// A call of `io.qwenproxy.Control`, and the only place that knows the methods by name.
public enum ControlCall: Sendable, Equatable {
    case getStatus
    case reload
    case getLogLevel
    case setLogLevel(SetLogLevelParameters)
    case getConfiguration
    case getClientSettings
    case listUpstreams
    case testUpstream(TestUpstreamParameters)
    case explainRoute(ExplainRouteParameters)
    case explainModel(ExplainModelParameters)
    case getUsage
    case monitor(MonitorParameters)
    case refreshToken
    case login
    case logout
    case restart
    case stop

    /// What `SetLogLevel` takes.
    public struct SetLogLevelParameters: Codable, Sendable, Equatable {
        /// Absent or null goes back to the level of the configuration.
        public var level: LogLevel?
        /// Absent or null means all.
        public var subsystem: LogSubsystem?

        public init(level: LogLevel?, subsystem: LogSubsystem? = nil) {
            self.level = level
            self.subsystem = subsystem
        }
    }

    /// What `Monitor` takes.
    public struct MonitorParameters: Codable, Sendable, Equatable {
        /// In milliseconds. Absent or null means a second.
        public var interval: Int?

        public init(interval: Int?) {
            self.interval = interval
        }
    }

    /// What `TestUpstream` takes.
    public struct TestUpstreamParameters: Codable, Sendable, Equatable {
        /// Absent or null means the one that answers when no route says otherwise.
        public var upstream: String?
        /// True finds out what the server and the model do; absent or null makes one request.
        public var deep: Bool?

        public init(upstream: String?, deep: Bool? = nil) {
            self.upstream = upstream
            self.deep = deep
        }
    }

    /// What `ExplainModel` takes.
    public struct ExplainModelParameters: Codable, Sendable, Equatable {
        /// As the upstream calls it.
        public var model: String
        /// Absent or null means the one to which a request for this model would go.
        public var upstream: String?

        public init(model: String, upstream: String? = nil) {
            self.model = model
            self.upstream = upstream
        }
    }

    /// What routing can ask about a request. What is absent or null is not there.
    public struct ExplainRouteParameters: Codable, Sendable, Equatable {
        /// As a client would ask for it.
        public var model: String
        /// Whether the request contains images.
        public var images: Bool?
        /// Whether the request asks for thinking.
        public var thinking: Bool?
        /// Whether the request offers tools.
        public var tools: Bool?
        /// Estimated, in tokens.
        public var inputTokens: Int?
        /// What the request is for, in the words of `DaemonStatus.requestClasses`.
        public var requestClass: String?
        /// The kind of agent that sends it.
        public var agentType: String?

        public init(
            model: String, images: Bool? = nil, thinking: Bool? = nil, tools: Bool? = nil, inputTokens: Int? = nil,
            requestClass: String? = nil, agentType: String? = nil,
        ) {
            self.model = model
            self.images = images
            self.thinking = thinking
            self.tools = tools
            self.inputTokens = inputTokens
            self.requestClass = requestClass
            self.agentType = agentType
        }
    }

    /// True for a method with several replies: the caller has to say that it takes them.
    public var hasSeveralReplies: Bool {
        switch self {
        case .monitor, .login: true
        case .getStatus, .reload, .getLogLevel, .setLogLevel, .getConfiguration, .getClientSettings, .listUpstreams,
            .testUpstream, .explainRoute, .explainModel, .getUsage, .refreshToken, .logout, .restart, .stop:
            false
        }
    }

    /// - Parameter method: the name without its interface.
    init(method: String, frame: [UInt8]) throws(ControlError) {
        switch method {
        case "GetStatus":
            try Self.expectNoParameters(in: frame)
            self = .getStatus
        case "Reload":
            try Self.expectNoParameters(in: frame)
            self = .reload
        case "GetLogLevel":
            try Self.expectNoParameters(in: frame)
            self = .getLogLevel
        case "GetConfiguration":
            try Self.expectNoParameters(in: frame)
            self = .getConfiguration
        case "GetClientSettings":
            try Self.expectNoParameters(in: frame)
            self = .getClientSettings
        case "SetLogLevel":
            let parameters: SetLogLevelParameters? =
                try CallParameters.decode(from: frame, known: ["level", "subsystem"])
            self = .setLogLevel(parameters ?? SetLogLevelParameters(level: nil))
        case "ListUpstreams":
            try Self.expectNoParameters(in: frame)
            self = .listUpstreams
        case "TestUpstream":
            let parameters: TestUpstreamParameters? = try CallParameters.decode(
                from: frame, known: ["upstream", "deep"])
            self = .testUpstream(parameters ?? TestUpstreamParameters(upstream: nil))
        case "ExplainRoute":
            let parameters: ExplainRouteParameters? = try CallParameters.decode(
                from: frame,
                known: ["model", "images", "thinking", "tools", "inputTokens", "requestClass", "agentType"])
            guard let parameters else { throw .invalidParameter("model") }
            self = .explainRoute(parameters)
        case "ExplainModel":
            let parameters: ExplainModelParameters? = try CallParameters.decode(
                from: frame, known: ["model", "upstream"])
            guard let parameters else { throw .invalidParameter("model") }
            self = .explainModel(parameters)
        case "GetUsage":
            try Self.expectNoParameters(in: frame)
            self = .getUsage
        case "Monitor":
            let parameters: MonitorParameters? = try CallParameters.decode(from: frame, known: ["interval"])
            self = .monitor(parameters ?? MonitorParameters(interval: nil))
        case "RefreshToken":
            try Self.expectNoParameters(in: frame)
            self = .refreshToken
        case "Login":
            try Self.expectNoParameters(in: frame)
            self = .login
        case "Logout":
            try Self.expectNoParameters(in: frame)
            self = .logout
        case "Restart":
            try Self.expectNoParameters(in: frame)
            self = .restart
        case "Stop":
            try Self.expectNoParameters(in: frame)
            self = .stop
        default:
            throw .methodNotFound("\(InterfaceDescription.control.name).\(method)")
        }
    }

    /// The frame a client sends.
    public func encoded() -> [UInt8] {
        switch self {
        case .getStatus: Self.encode("GetStatus")
        case .reload: Self.encode("Reload")
        case .getLogLevel: Self.encode("GetLogLevel")
        case .setLogLevel(let parameters): Self.encode("SetLogLevel", parameters)
        case .getConfiguration: Self.encode("GetConfiguration")
        case .getClientSettings: Self.encode("GetClientSettings")
        case .listUpstreams: Self.encode("ListUpstreams")
        case .testUpstream(let parameters): Self.encode("TestUpstream", parameters)
        case .explainRoute(let parameters): Self.encode("ExplainRoute", parameters)
        case .explainModel(let parameters): Self.encode("ExplainModel", parameters)
        case .getUsage: Self.encode("GetUsage")
        case .monitor(let parameters): Self.encode("Monitor", parameters, more: true)
        case .refreshToken: Self.encode("RefreshToken")
        case .login: Self.encode("Login", more: true)
        case .logout: Self.encode("Logout")
        case .restart: Self.encode("Restart")
        case .stop: Self.encode("Stop")
        }
    }

    /// - Parameter report: takes the replies before the last one, of a method that has several.
    public func perform(
        on daemon: any ControlInterface, _ report: (ControlReply) -> Void,
    ) async throws(ControlError) -> ControlReply {
        switch self {
        case .getStatus:
            return .status(try await daemon.status())
        case .reload:
            return .reload(try await daemon.reload())
        case .setLogLevel(let parameters):
            return .logLevel(try await daemon.setLogLevel(parameters.level, of: parameters.subsystem))
        case .getLogLevel:
            return .logLevel(try await daemon.logLevel())
        case .getConfiguration:
            return .configuration(try await daemon.configuration())
        case .getClientSettings:
            return .clientSettings(try await daemon.clientSettings())
        case .listUpstreams:
            return .upstreams(try await daemon.upstreams())
        case .testUpstream(let parameters):
            return .upstreamTest(try await daemon.testUpstream(parameters.upstream, deep: parameters.deep ?? false))
        case .explainRoute(let parameters):
            return .route(try await daemon.explainRoute(parameters))
        case .explainModel(let parameters):
            return .model(try await daemon.explainModel(parameters))
        case .getUsage:
            return .usage(try await daemon.usage())
        case .monitor(let parameters):
            return .monitor(try await daemon.monitor(every: parameters.interval) { report(.monitor($0)) })
        case .refreshToken:
            return .credentials(try await daemon.refreshToken())
        case .login:
            return .login(try await daemon.login { report(.login($0)) })
        case .logout:
            return .logout(try await daemon.logout())
        case .restart:
            return .restart(try await daemon.restart())
        case .stop:
            try await daemon.stop()
            return .empty
        }
    }

    private static func expectNoParameters(in frame: [UInt8]) throws(ControlError) {
        let _: NoParameters? = try CallParameters.decode(from: frame, known: [])
    }

    private static func encode(
        _ method: String, _ parameters: some Codable & Sendable = NoParameters(), more: Bool = false,
    ) -> [UInt8] {
        VarlinkFrame.encode(
            VarlinkCall(
                method: "\(InterfaceDescription.control.name).\(method)", parameters: parameters, more: more))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A call of `io.qwenproxy.Control`, and the only place that knows the methods by name.
public enum ControlCall: Sendable, Equatable {
    case getStatus
    case reload
    case setLogLevel(SetLogLevelParameters)
    case monitor(MonitorParameters)
    case restart
    case stop

    public struct SetLogLevelParameters: Codable, Sendable, Equatable {
        /// Absent or null goes back to the level of the configuration.
        public var level: LogLevel?

        public init(level: LogLevel?) {
            self.level = level
        }
    }

    public struct MonitorParameters: Codable, Sendable, Equatable {
        /// In milliseconds. Absent or null means a second.
        public var interval: Int?

        public init(interval: Int?) {
            self.interval = interval
        }
    }

    /// True for a method with several replies: the caller has to say that it takes them.
    public var hasSeveralReplies: Bool {
        switch self {
        case .monitor: true
        case .getStatus, .reload, .setLogLevel, .restart, .stop: false
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
        case "SetLogLevel":
            let parameters: SetLogLevelParameters? = try CallParameters.decode(from: frame, known: ["level"])
            self = .setLogLevel(parameters ?? SetLogLevelParameters(level: nil))
        case "Monitor":
            let parameters: MonitorParameters? = try CallParameters.decode(from: frame, known: ["interval"])
            self = .monitor(parameters ?? MonitorParameters(interval: nil))
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
        case .setLogLevel(let parameters): Self.encode("SetLogLevel", parameters)
        case .monitor(let parameters): Self.encode("Monitor", parameters, more: true)
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
            return .logLevel(try await daemon.setLogLevel(parameters.level))
        case .monitor(let parameters):
            return .monitor(try await daemon.monitor(every: parameters.interval) { report(.monitor($0)) })
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

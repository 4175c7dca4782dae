// SPDX-License-Identifier: Apache-2.0

/// What a call returned, on its way to the frame.
public enum ControlReply: Sendable, Equatable {
    case status(DaemonStatus)
    case reload(ReloadReport)
    case logLevel(LogLevelReport)
    case usage(UsageReport)
    case monitor(MonitorReport)
    case restart(RestartReport)
    case credentials(CredentialsStatus)
    case login(LoginReport)
    case logout(LogoutReport)
    case configuration(ConfigurationReport)
    case clientSettings(ClientSettings)
    case upstreams(UpstreamList)
    case upstreamTest(UpstreamTestReport)
    case route(RouteReport)
    case model(ModelExplanation)
    case info(ServiceInfo)
    case interface(InterfaceText)
    case empty

    /// - Parameter continues: more replies to the same call follow.
    public func encoded(continues: Bool = false) -> [UInt8] {
        switch self {
        case .status(let value): Self.encode(value, continues)
        case .reload(let value): Self.encode(value, continues)
        case .logLevel(let value): Self.encode(value, continues)
        case .usage(let value): Self.encode(value, continues)
        case .monitor(let value): Self.encode(value, continues)
        case .restart(let value): Self.encode(value, continues)
        case .credentials(let value): Self.encode(value, continues)
        case .login(let value): Self.encode(value, continues)
        case .logout(let value): Self.encode(value, continues)
        case .configuration(let value): Self.encode(value, continues)
        case .clientSettings(let value): Self.encode(value, continues)
        case .upstreams(let value): Self.encode(value, continues)
        case .upstreamTest(let value): Self.encode(value, continues)
        case .route(let value): Self.encode(value, continues)
        case .model(let value): Self.encode(value, continues)
        case .info(let value): Self.encode(value, continues)
        case .interface(let value): Self.encode(value, continues)
        case .empty: Self.encode(NoParameters(), continues)
        }
    }

    private static func encode(_ parameters: some Codable & Sendable, _ continues: Bool) -> [UInt8] {
        VarlinkFrame.encode(VarlinkReply(parameters: parameters, continues: continues))
    }

    /// What a client reads: the parameters of a success, or the error the daemon threw.
    public static func decode<Parameters: Codable & Sendable>(
        _ type: Parameters.Type, from frame: [UInt8],
    ) throws(ControlError) -> Parameters {
        try self.decodeOneOfSeveral(type, from: frame).parameters
    }

    /// The same for a call that asked for several replies; after the last one, the connection is free again.
    public static func decodeOneOfSeveral<Parameters: Codable & Sendable>(
        _ type: Parameters.Type, from frame: [UInt8],
    ) throws(ControlError) -> (parameters: Parameters, isLast: Bool) {
        do {
            // First only whether it is an error: the parameters of an error would not fit the method's.
            if let name = try VarlinkFrame.decode(VarlinkReply<IgnoredParameters>.self, from: frame).error {
                let reply = try? VarlinkFrame.decode(VarlinkReply<VarlinkErrorReply.Parameters>.self, from: frame)
                throw VarlinkErrorReply.controlError(named: name, parameters: reply?.parameters)
            }
            let reply = try VarlinkFrame.decode(VarlinkReply<Parameters>.self, from: frame)
            // A reply without parameters is a reply with none.
            let parameters = try reply.parameters ?? VarlinkFrame.decode(Parameters.self, from: Array("{}".utf8))
            return (parameters, isLast: reply.continues != true)
        } catch let error as ControlError {
            throw error
        } catch let error as DecodingError {
            throw .connection(.malformedReply(path: "", detail: Self.summary(of: error)))
        } catch {
            preconditionFailure("Decoding throws nothing else: \(error)")
        }
    }

    private static func summary(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the field \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the field \(context.codingPath.map(\.stringValue).joined(separator: ".")) has another type"
        case .dataCorrupted(let context): context.debugDescription
        @unknown default: "not a reply"
        }
    }
}

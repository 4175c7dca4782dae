// SPDX-License-Identifier: Apache-2.0

/// What a call returned, on its way to the frame.
public enum ControlReply: Sendable, Equatable {
    case status(DaemonStatus)
    case reload(ReloadReport)
    case logLevel(LogLevelReport)
    case info(ServiceInfo)
    case interface(InterfaceText)
    case empty

    public func encoded() -> [UInt8] {
        switch self {
        case .status(let value): Self.encode(value)
        case .reload(let value): Self.encode(value)
        case .logLevel(let value): Self.encode(value)
        case .info(let value): Self.encode(value)
        case .interface(let value): Self.encode(value)
        case .empty: Self.encode(NoParameters())
        }
    }

    private static func encode(_ parameters: some Codable & Sendable) -> [UInt8] {
        VarlinkFrame.encode(VarlinkReply(parameters: parameters))
    }

    /// What a client reads: the parameters of a success, or the error the daemon threw.
    public static func decode<Parameters: Codable & Sendable>(
        _ type: Parameters.Type, from frame: [UInt8],
    ) throws(ControlError) -> Parameters {
        do {
            if let name = try VarlinkFrame.decode(VarlinkReply<IgnoredParameters>.self, from: frame).error {
                let reply = try? VarlinkFrame.decode(VarlinkReply<VarlinkErrorReply.Parameters>.self, from: frame)
                throw VarlinkErrorReply.controlError(named: name, parameters: reply?.parameters)
            }
            let reply = try VarlinkFrame.decode(VarlinkReply<Parameters>.self, from: frame)
            if let parameters = reply.parameters { return parameters }
            // A reply without parameters is a reply with none.
            return try VarlinkFrame.decode(Parameters.self, from: Array("{}".utf8))
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

// SPDX-License-Identifier: Apache-2.0

/// A call as the daemon reads it: what to do, and whether the client waits for the answer.
public struct IncomingCall: Sendable {
    /// What is to be done.
    public enum Operation: Sendable, Equatable {
        case control(ControlCall)
        case introspection(IntrospectionCall)
    }

    /// A call that cannot be made is still answered, with its error.
    public let operation: Result<Operation, ControlError>
    /// False for a call that its sender marked as `oneway`.
    public let wantsReply: Bool

    /// Several replies may come before the one that ends the call.
    public var hasSeveralReplies: Bool {
        if case .success(.control(let call)) = self.operation { call.hasSeveralReplies } else { false }
    }

    /// Throws only for what is no Varlink call at all; the connection has to close then.
    public init(frame: [UInt8]) throws(VarlinkFramingError) {
        let call: VarlinkCall<IgnoredParameters>
        do {
            // The parameters are read once it is known which method they are for.
            call = try VarlinkFrame.decode(VarlinkCall<IgnoredParameters>.self, from: frame)
        } catch {
            throw .malformed("not a Varlink call")
        }
        self.wantsReply = call.oneway != true
        do {
            self.operation = .success(try Self.operation(call, frame: frame))
        } catch {
            self.operation = .failure(error)
        }
    }

    private static func operation(
        _ call: VarlinkCall<IgnoredParameters>, frame: [UInt8],
    ) throws(ControlError) -> Operation {
        // The last dot: names of interfaces have dots of their own.
        guard let dot = call.method.lastIndex(of: ".") else { throw .interfaceNotFound(call.method) }
        guard call.upgrade != true else { throw .methodNotImplemented(call.method) }
        let interface = String(call.method[..<dot])
        let method = String(call.method[call.method.index(after: dot)...])
        switch interface {
        case InterfaceDescription.control.name:
            let control = try ControlCall(method: method, frame: frame)
            guard call.more == true || !control.hasSeveralReplies else { throw .expectedMore }
            return .control(control)
        case InterfaceDescription.service.name:
            return .introspection(try IntrospectionCall(method: method, frame: frame))
        default:
            throw .interfaceNotFound(interface)
        }
    }

    /// The frame that answers this call with an error.
    public static func encode(_ error: ControlError) -> [UInt8] {
        VarlinkFrame.encode(VarlinkErrorReply(error))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A call of `org.varlink.service`, which every Varlink service answers. It needs no daemon, only this program's text.
public enum IntrospectionCall: Sendable, Equatable {
    case getInfo
    case getInterfaceDescription(InterfaceName)

    init(method: String, frame: [UInt8]) throws(ControlError) {
        switch method {
        case "GetInfo":
            let _: NoParameters? = try CallParameters.decode(from: frame, known: [])
            self = .getInfo
        case "GetInterfaceDescription":
            guard let name: InterfaceName = try CallParameters.decode(from: frame, known: ["interface"]) else {
                throw .invalidParameter("interface")
            }
            self = .getInterfaceDescription(name)
        default:
            throw .methodNotFound("\(InterfaceDescription.service.name).\(method)")
        }
    }

    /// The reply, which depends on nothing that runs. Throws for an interface that does not exist.
    public func answer() throws(ControlError) -> ControlReply {
        switch self {
        case .getInfo:
            return .info(.current)
        case .getInterfaceDescription(let name):
            guard let interface = InterfaceDescription.all.first(where: { $0.name == name.interface }) else {
                throw .interfaceNotFound(name.interface)
            }
            return .interface(InterfaceText(description: interface.text))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The interfaces in Varlink's own language, as any Varlink client can ask for them.
///
/// The texts are written by hand because people read them; a test holds them against the Codable types.
public struct InterfaceDescription: Sendable {
    /// In reverse order of domains.
    public let name: String
    /// In Varlink's language, with the documentation of each method.
    public let text: String

    /// Every interface of the service.
    public static let all = [Self.control, Self.service]

    /// What every Varlink service has.
    public static let service = InterfaceDescription(
        name: "org.varlink.service",
        text: """
            # Every Varlink service implements this interface; it tells which others there are.
            interface org.varlink.service

            method GetInfo() -> (
              vendor: string,
              product: string,
              version: string,
              url: string,
              interfaces: []string
            )

            method GetInterfaceDescription(interface: string) -> (description: string)

            error InterfaceNotFound (interface: string)
            error MethodNotFound (method: string)
            error MethodNotImplemented (method: string)
            error InvalidParameter (parameter: string)
            error PermissionDenied ()
            error ExpectedMore ()

            """)
}

/// What `org.varlink.service.GetInfo` answers.
public struct ServiceInfo: Codable, Sendable, Equatable {
    /// For people.
    public var vendor: String
    /// The program's name.
    public var product: String
    /// The program's release.
    public var version: String
    /// Where more is to be found.
    public var url: String
    /// The names of all interfaces.
    public var interfaces: [String]

    /// Of this program.
    public static let current = ServiceInfo(
        vendor: "qwenproxy",
        product: Version.product,
        version: Version.current,
        url: "io.qwenproxy",
        interfaces: InterfaceDescription.all.map(\.name),
    )
}

/// What `org.varlink.service.GetInterfaceDescription` takes.
public struct InterfaceName: Codable, Sendable, Equatable {
    /// The name of the interface.
    public var interface: String
}

/// What `org.varlink.service.GetInterfaceDescription` answers.
public struct InterfaceText: Codable, Sendable, Equatable {
    /// In Varlink's language.
    public var description: String
}

// SPDX-License-Identifier: Apache-2.0

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

// SPDX-License-Identifier: Apache-2.0

/// What `org.varlink.service.GetInfo` answers.
public struct ServiceInfo: Codable, Sendable, Equatable {
    public var vendor: String
    public var product: String
    public var version: String
    public var url: String
    public var interfaces: [String]

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
    public var interface: String
}

/// What `org.varlink.service.GetInterfaceDescription` answers.
public struct InterfaceText: Codable, Sendable, Equatable {
    public var description: String
}

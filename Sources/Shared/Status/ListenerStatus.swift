// SPDX-License-Identifier: Apache-2.0

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

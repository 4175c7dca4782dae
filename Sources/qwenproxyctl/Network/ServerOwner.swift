// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Shared

/// Whose program listens on a port of this machine: every user may, and reads what is sent there.
enum ServerOwner: Equatable {
    /// One's own, the system's, or not known: then something that only root can set up leads there, or the kernel does not tell.
    case trusted
    /// Another person's.
    case other(name: String)

    /// - Parameter port: of 127.0.0.1.
    static func current(ofPort port: Int) -> ServerOwner {
        guard let user = Self.user(listeningOn: port) else { return .trusted }
        return Self.isTrusted(user, by: geteuid()) ? .trusted : .other(name: Self.name(of: user))
    }

    /// Services run as root, as a user that a package has made (Debian Policy 9.2.2), or as one that systemd made for the
    /// moment (DynamicUser= in systemd.exec(5)).
    static func isTrusted(_ user: UInt32, by own: UInt32) -> Bool {
        user == own || user < 1_000 || (61_184...65_519).contains(user)
    }

    private static func user(listeningOn port: Int) -> UInt32? {
        let raw = qp_open_socket_diagnostics()
        guard raw >= 0, let port = UInt16(exactly: port) else { return nil }
        let diagnostics = OwnedDescriptor(raw)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        // No connection comes from port 0, so that the kernel finds the socket that would accept one.
        var client = address
        client.sin_port = 0
        var user: UInt32 = 0
        let outcome = unsafe qp_tcp_owner(diagnostics.rawValue, &address, &client, 1, &user)
        return outcome == 1 ? user : nil
    }

    private static func name(of user: UInt32) -> String {
        guard let entry = unsafe getpwuid(user) else { return "\(user)" }
        return unsafe String(cString: entry.pointee.pw_name)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import qwenproxyctl

/// Whose the servers are that a setup finds.
@Suite struct ServerOwnerTests {
    @Test(
        arguments: [
            (1000, true), (0, true), (999, true), (62_000, true), (1001, false), (60_000, false), (65_534, false),
        ] as [(UInt32, Bool)])
    func `oneself and the system's services are trusted, other people are not`(user: UInt32, isTrusted: Bool) {
        #expect(ServerOwner.isTrusted(user, by: 1000) == isTrusted)
    }

    /// A socket that listens at all addresses of both families, as if a program of `user` had opened it, and its port.
    private func listener(of user: UInt32) throws -> (socket: CInt, port: Int) {
        let listener = socket(AF_INET6, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, size) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        try #require(isListening)
        // The owner of a socket is that of its inode.
        try #require(fchown(listener, user, gid_t.max) == 0)
        return (listener, Int(UInt16(bigEndian: address.sin6_port)))
    }

    @Test(
        .enabled(if: geteuid() == 0, "needs root"),
        arguments: [
            (0, .trusted), (999, .trusted), (65_534, .other(name: "nobody")), (4_242_424, .other(name: "4242424")),
        ] as [(UInt32, ServerOwner)])
    func `the owner of a server is the user whose program listens`(user: UInt32, owner: ServerOwner) throws {
        let (socket, port) = try self.listener(of: user)
        defer { close(socket) }
        #expect(ServerOwner.current(ofPort: port) == owner)
    }

    @Test func `where nothing listens, nobody is blamed`() {
        #expect(ServerOwner.current(ofPort: 1) == .trusted)
        #expect(ServerOwner.current(ofPort: 1 << 20) == .trusted)
    }
}

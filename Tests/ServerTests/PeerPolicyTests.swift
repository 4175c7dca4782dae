// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix
import Shared
import TestSupport
import Testing

@testable import Server

@Suite struct PeerPolicyTests {
    @Test(
        arguments: [
            (1000, true), (0, true), (1001, false), (65534, false), (nil, false),
        ] as [(UInt32?, Bool)])
    func `the server's own user and root are served`(user: UInt32?, isAdmitted: Bool) {
        #expect(PeerPolicy(owner: 1000).admits(user) { _ in [] } == isAdmitted)
    }

    @Test func `so are the users and the members of groups that are named`() {
        let policy = PeerPolicy(owner: 1000, users: [1001], groups: [50])
        let groups: (UInt32) -> Set<UInt32> = { $0 == 1002 ? [7, 50] : [7] }
        #expect(policy.admits(1001, groups: groups))
        #expect(policy.admits(1002, groups: groups))
        #expect(!policy.admits(1003, groups: groups))
        #expect(!policy.admits(nil, groups: groups))
        #expect(PeerPolicy.everybody.admits(nil, groups: groups))
    }

    @Test func `the system knows its users and groups`() {
        #expect(SystemUsers.user("root") == 0)
        #expect(SystemUsers.user("4242424") == 4_242_424)
        #expect(SystemUsers.user("nobody-of-this-name") == nil)
        #expect(SystemUsers.group("root") == 0)
        #expect(SystemUsers.group("-1") == nil)
        #expect(SystemUsers.groups(of: 0).contains(0))
        #expect(SystemUsers.groups(of: 4_242_424).isEmpty)
    }

    /// What the kernel says about a connection, while both ends are open and after the client's is closed.
    @Test(arguments: [("127.0.0.1", AF_INET), ("::", AF_INET), ("::1", AF_INET6)])
    func `the owner of a connection is known while it is open`(host: String, family: CInt) async throws {
        let owners = try #require(SocketOwners())
        let (channels, found) = AsyncStream.makeStream(of: UInt32?.self)
        let listener = try ListeningSocket.open(host: host, port: 0)
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                found.yield(owners.owner(ofPeerOf: channel))
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .withBoundSocket(listener.release()).get()
        let port = try #require(server.localAddress?.port)
        let client = try await ClientBootstrap(group: group)
            .connect(host: family == AF_INET ? "127.0.0.1" : "::1", port: port).get()
        var iterator = channels.makeAsyncIterator()
        #expect(await iterator.next() == .some(geteuid()))
        try await client.close()
        try await server.close()
    }

    private static let isRoot = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

    @Test(.enabled(if: Self.isRoot, "needs root"), arguments: [false, true])
    func `another user is told what to set, and served when that is set`(isAllowed: Bool) async throws {
        let script = """
            import socket, sys
            client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            client.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
            print(client.recv(12)[9:].decode())
            """
        var configuration = ServerConfiguration()
        if isAllowed { configuration.peers = PeerPolicy(owner: geteuid(), users: [65534]) }
        try await withServer(configuration) { _, port in
            let outcome = try await ChildProcess.run(
                "/usr/bin/setpriv",
                [
                    "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", script, "\(port)",
                ])
            #expect(outcome.output == (isAllowed ? "200\n" : "403\n"), "\(outcome.errorOutput)")
        }
    }

    @Test func `without a key nothing that others can reach is listened to`() async throws {
        var configuration = ServerConfiguration()
        configuration.isLoopbackOnly = true
        let group = MultiThreadedEventLoopGroup.singleton
        let server = HTTPServer(
            configuration: configuration, responder: ClosureResponder(body: echo), group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        for host in ["0.0.0.0", "::"] {
            await #expect(throws: PublicListener.self) { try await server.bind(host: host, port: 0) }
        }
        try await server.bind(host: "127.0.0.1", port: 0)
        #expect(server.localAddresses.count == 1)
        await server.quiesce(deadline: .now)
    }
}

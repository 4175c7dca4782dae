// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Control

@Suite struct PeerCredentialsTests {
    @Test func `the kernel tells the peer's user`() async throws {
        var pair: [CInt] = [0, 0]
        #expect(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[1]) }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .withConnectedSocket(pair[0]).get()
        let peer = try await PeerCredentials.of(channel).get()
        #expect(peer == PeerCredentials(processID: getpid(), userID: getuid(), groupID: getgid()))
        try await channel.close()
    }

    @Test(arguments: [(0, 1000, true), (1000, 1000, true), (1001, 1000, false), (65534, 1000, false)])
    func `only the same user and root may control`(peer: UInt32, owner: UInt32, expected: Bool) {
        #expect(PeerCredentials(processID: 1, userID: peer, groupID: 0).mayControl(daemonOf: owner) == expected)
    }

    /// The file's mode keeps others out; this is what holds when the mode is loosened.
    @Test(
        .enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"), "needs root"),
        .timeLimit(.minutes(1)))
    func `a connection of another user is closed`() async throws {
        let script = """
            import socket, sys
            client = socket.socket(socket.AF_UNIX)
            client.connect(sys.argv[1])
            try:
                client.sendall(b'{"method":"io.qwenproxy.Control.GetStatus"}' + bytes(1))
                print(len(client.recv(100)))
            except OSError:
                print(0)
            """
        let fake = ControlFake()
        let output = try await withControlService(fake) { path in
            let directory = (path as NSString).deletingLastPathComponent
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            return try await ChildProcess.run(
                "/usr/bin/setpriv",
                ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", script, path])
        }
        #expect(output.output == "0\n", "\(output.errorOutput)")
        #expect(fake.events.isEmpty)
    }
}

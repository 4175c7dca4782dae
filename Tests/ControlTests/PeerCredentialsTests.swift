// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import qwenproxyd

@Suite struct PeerCredentialsTests {
    @Test func `the kernel says who is at the other end`() async throws {
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
}

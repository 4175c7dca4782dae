// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct NotifySocketTests {
    @Test func `what a program says is kept line by line`() async throws {
        let directory = try TemporaryDirectory("n")
        let socket = try await NotifySocket.bind(path: directory.path("n.sock"))
        let program = """
            import socket
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            peer.connect("\(socket.path)")
            peer.send(b"READY=1\\nSTATUS=Up")
            peer.send(b"STOPPING=1")
            """
        let child = try ChildProcess("/usr/bin/python3", ["-c", program], environment: [:])
        #expect(try await child.outcome().status == 0)
        #expect(try await socket.value(of: "STOPPING") == "1")
        #expect(socket.assignments.entries == ["READY=1", "STATUS=Up", "STOPPING=1"])
    }
}

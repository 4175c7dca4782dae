// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// `qwenproxyctl restart` where no service manager holds the sockets.
@Suite struct RestartTests {
    @Test func `the old process finishes its streams and the new one takes what comes`() async throws {
        let gate = Gate()
        let script: ScriptedUpstream.Script = { request in
            let frames = CompletionEncoder().writes(ModelTurn("One thing after another."))
            let head = [ScriptedReply.eventStreamHead] + frames.prefix(3).map { .chunk($0) }
            let wait: [ScriptedReply.Step] = request.number == 1 ? [.wait(gate)] : []
            return ScriptedReply(head + wait + frames.dropFirst(3).map { .chunk($0) } + [.endOfChunks])
        }
        try await Gateway.run(script: script) { gateway in
            let daemon = gateway.daemon
            let idle = try await daemon.connect()
            _ = try await idle.exchange("GET", "/healthz")
            let streaming = try await daemon.connect()
            try await streaming.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            _ = try await streaming.replyHead()

            let restart = try await daemon.control("restart")
            #expect(restart.status == 0, "\(restart.errorOutput)")
            let successor = try await daemon.notifications.value(of: "MAINPID")
            let status = try JSONValue(parsing: try await daemon.control("status", "--json").output)
            #expect(status["pid"]?.integer.map(String.init) == successor)
            #expect(successor != String(daemon.identifier))

            // The new process answers on new connections, the old one once more on those it has.
            #expect(try await gateway.stream(SampleRequest.plain()).text == "One thing after another.")
            let last = try await idle.exchange("GET", "/healthz")
            #expect(last.status == 200)
            #expect(last.header("connection") == "close")
            gate.open()
            var body: [UInt8] = []
            while let piece = try await streaming.bodyPiece() { body += piece }
            #expect(EventStreamChecker.check(body).problems == [])
            // Its head promised that the connection stays.
            let another = try await streaming.exchange("GET", "/healthz")
            #expect(another.status == 200)
            #expect(another.header("connection") == "close")
            #expect(try await daemon.outcome().status == 0)
            #expect(try await daemon.control("stop").status == 0)
        }
    }

    @Test func `a new process that does not come up leaves the old one as it was`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            try gateway.daemon.home.configure("[upstream]\nmodle = \"x\"\n")
            let restart = try await gateway.daemon.control("restart")
            #expect(restart.status == 1)
            #expect(restart.errorOutput.contains("modle"), "\(restart.errorOutput)")
            #expect(restart.errorOutput.contains("the old one goes on"))
            _ = try await gateway.stream(SampleRequest.plain())
            let status = try JSONValue(
                parsing: try await gateway.daemon.control("status", "--json").output)
            #expect(status["pid"]?.integer == Int(gateway.daemon.identifier))
            #expect(status["state"] == "running")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
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

    /// A stream that stands still until the gate opens.
    private static func script(_ gate: Gate) -> ScriptedUpstream.Script {
        { request in
            let frames = CompletionEncoder().writes(ModelTurn("One thing after another."))
            let head = [ScriptedReply.eventStreamHead] + frames.prefix(3).map { .chunk($0) }
            let wait: [ScriptedReply.Step] = request.number == 1 ? [.wait(gate)] : []
            return ScriptedReply(head + wait + frames.dropFirst(3).map { .chunk($0) } + [.endOfChunks])
        }
    }

    private static func begin(_ gateway: Gateway) async throws -> HTTPClient {
        let client = try await gateway.daemon.connect()
        try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
        _ = try await client.replyHead()
        return client
    }

    private static func rest(_ client: HTTPClient) async throws -> [UInt8] {
        var body: [UInt8] = []
        while let piece = try await client.bodyPiece() { body += piece }
        return body
    }

    @Test func `what old processes still serve is shown by the newest one, and the monitor goes on with it`()
        async throws
    {
        let gate = Gate()
        try await Gateway.run(script: Self.script(gate)) { gateway in
            let daemon = gateway.daemon
            func status() async throws -> JSONValue {
                try JSONValue(parsing: try await daemon.control("status", "--json").output)
            }
            let streaming = try await Self.begin(gateway)
            let old = Int(daemon.identifier)
            let environment = daemon.environment.merging(["TERM": "xterm"]) { $1 }
            // The monitor is there before and after.
            try await TerminalProcess.run(
                BuiltProducts.control, ["monitor", "--interval", "0.1", "--timeout", "60"], environment: environment
            ) { terminal in
                #expect(terminal.waitsForScreen { $0.text.contains("1 in flight (1 streaming), 1 in all") })
                for _ in 0..<2 {
                    let restart = try SpawnedProgram(BuiltProducts.control, ["restart"], environment: environment)
                    #expect(restart.wait() == 0)
                    #expect(
                        terminal.waitsForScreen {
                            $0.text.contains("0 in flight (0 streaming), 0 in all")
                                && $0.text.contains(
                                    "and 1 in flight (1 streaming) in process \(old), which was replaced")
                                && $0.text.contains("answering")
                        }, "\(terminal.shownScreen.text)")
                }
                terminal.type("q")
                #expect(terminal.status() == 0)
            }
            let shown = try await status()["predecessors"]?.array
            #expect(shown?.map { $0["pid"]?.integer } == [old])
            #expect(shown?.first?["inFlight"]?.integer == 1)
            #expect(try await daemon.control("status").output.contains("in process \(old), which was replaced"))
            gate.open()
            #expect(EventStreamChecker.check(try await Self.rest(streaming)).problems == [])
            #expect(try await daemon.outcome().status == 0)
            #expect(try await status()["predecessors"] == nil)
            #expect(try await daemon.control("stop").status == 0)
        }
    }

    /// The limit of a stop is none for a process that was only replaced.
    @Test func `a stream of the old process takes as long as it takes`() async throws {
        let gate = Gate()
        try await Gateway.run(environment: ["QWEN_DRAIN_TIMEOUT": "0"], script: Self.script(gate)) { gateway in
            let streaming = try await Self.begin(gateway)
            #expect(try await gateway.daemon.control("restart").status == 0)
            // The new one serves meanwhile.
            #expect(try await gateway.stream(SampleRequest.plain()).text == "One thing after another.")
            gate.open()
            let events = EventStreamChecker.check(try await Self.rest(streaming))
            #expect(events.problems == [])
            // An error event would be no problem, but the end.
            #expect(events.text == "One thing after another.")
            #expect(try await gateway.daemon.outcome().status == 0)
            #expect(try await gateway.daemon.control("stop").status == 0)
        }
    }

    /// By the limit after a hand-over, by a stop after a hand-over, or by a stop alone.
    @Test(arguments: [["restart"], ["restart", "SIGTERM"], ["SIGTERM"]])
    func `what a limit cuts ends with an error event`(steps: [String]) async throws {
        let gate = Gate()
        let limit = steps == ["restart"] ? "QWEN_HANDOVER_TIMEOUT" : "QWEN_DRAIN_TIMEOUT"
        try await Gateway.run(environment: [limit: "0"], script: Self.script(gate)) { gateway in
            let streaming = try await Self.begin(gateway)
            for step in steps {
                if step == "restart" {
                    #expect(try await gateway.daemon.control("restart").status == 0)
                } else {
                    gateway.daemon.send(SIGTERM)
                }
            }
            let text = String(decoding: try await Self.rest(streaming), as: UTF8.self)
            #expect(text.contains("event: error\ndata: {\"type\":\"error\""), "\(text)")
            #expect(text.contains("qwenproxyd had to end before this answer was complete"))
            #expect(!text.contains("message_stop"))
            #expect(try await gateway.daemon.outcome().status == 0)
            gate.open()
            if steps.contains("restart") { #expect(try await gateway.daemon.control("stop").status == 0) }
        }
    }

    @Test func `a control socket can move with a restart, if the new place can be used`() async throws {
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            func configure(_ path: String) throws { try home.configure("[control]\nsocket = \"\(path)\"\n") }
            func control(_ arguments: String..., at path: String) async throws -> ChildProcess.Outcome {
                try await ChildProcess.run(
                    BuiltProducts.control, arguments + ["--socket", path],
                    environment: DaemonProcess.cleanEnvironment(home: home))
            }
            try configure(home.path("run/a.sock"))
            let daemon = try await DaemonProcess.start(environment: ["QWEN_CONTROL_SOCKET": ""], home: home)
            try configure(home.path("nowhere/at/all/b.sock"))
            let refused = try await control("restart", at: home.path("run/a.sock"))
            #expect(refused.status == 1 && refused.errorOutput.contains("nowhere"), "\(refused)")
            try configure(home.path("run/b.sock"))
            #expect(try await control("restart", at: home.path("run/a.sock")).status == 0)
            #expect(try await daemon.outcome().status == 0)
            #expect(try await control("status", at: home.path("run/a.sock")).status == 3)
            #expect(try await control("stop", at: home.path("run/b.sock")).status == 0)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ServiceTests {
    @Test func `ready is said when it is true, and stopping when it stops`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let response = try await daemon.connect().exchange("GET", "/readyz")
            #expect(response.status == 200)
            let outcome = try await daemon.stop()
            #expect(outcome.status == 0)
            #expect(try await daemon.notifications.value(of: "STOPPING") == "1")
        }
    }

    /// What costs a fifth of the processor time of small requests otherwise.
    @Test func `threads that wake each other do not interrupt each other`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let tasks = "/proc/\(daemon.identifier)/task"
            for name in ["NIO-ELT", "curl-multi"] {
                let policies = try FileManager.default.contentsOfDirectory(atPath: tasks).filter { task in
                    try String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8).hasPrefix(name)
                }.map { task in
                    // The 41st field of proc_pid_stat(5); none of the names holds a space.
                    try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8).split(separator: " ")[40]
                }
                // SCHED_BATCH
                #expect(policies == ["3"], "\(name)")
            }
            try await daemon.stop()
        }
    }

    @Test func `a stop lets a running stream finish`() async throws {
        let gate = Gate()
        let script: ScriptedUpstream.Script = { _ in
            let frames = CompletionEncoder().writes(ModelTurn("One thing after another."))
            let head = [ScriptedReply.eventStreamHead] + frames.prefix(3).map { .chunk($0) }
            return ScriptedReply(head + [.wait(gate)] + frames.dropFirst(3).map { .chunk($0) } + [.endOfChunks])
        }
        try await Gateway.run(script: script) { gateway in
            let client = try await gateway.daemon.connect()
            let idle = try await gateway.daemon.connect()
            _ = try await idle.exchange("GET", "/healthz")
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            _ = try await client.replyHead()
            gateway.daemon.send(SIGTERM)
            _ = try await gateway.daemon.notifications.value(of: "STOPPING")
            // A connection that waits for nothing is closed at once.
            try await idle.connection.waitForEnd(within: .seconds(5))
            gate.open()
            var body: [UInt8] = []
            while let piece = try await client.bodyPiece() { body += piece }
            let events = EventStreamChecker.check(body)
            #expect(events.problems == [])
            #expect(events.text == "One thing after another.")
            try await client.connection.waitForEnd()
            #expect(try await gateway.daemon.outcome().status == 0)
        }
    }

    @Test func `a stream that does not finish is cut at the limit`() async throws {
        let script: ScriptedUpstream.Script = { _ in
            ScriptedReply([
                ScriptedReply.eventStreamHead, .chunk(CompletionEncoder().writes(ModelTurn("Words."))[1]),
                .wait(Gate()),
            ])
        }
        try await Gateway.run(environment: ["QWEN_DRAIN_TIMEOUT": "200ms"], script: script) { gateway in
            let client = try await gateway.daemon.connect()
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            _ = try await client.replyHead()
            let outcome = try await gateway.daemon.stop(within: .seconds(10))
            #expect(outcome.status == 0)
        }
    }

    @Test func `a hangup signal reloads the settings`() async throws {
        let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            func configure(_ model: String) throws {
                try home.configure(
                    "[upstream]\nbase_url = \"\(upstream.baseURL)\"\nauth = \"none\"\nmodel = \"\(model)\"\n")
            }
            try configure("model-one")
            let daemon = try await DaemonProcess.start(home: home)
            let client = try await daemon.connect()
            _ = try await client.post("/v1/messages", SampleRequest.plain())
            try configure("model-two")
            let seen = daemon.notifications.assignments.count
            daemon.send(SIGHUP)
            _ = try await daemon.notifications.value(of: "RELOADING", from: seen)
            _ = try await daemon.notifications.value(of: "READY", from: seen)
            _ = try await client.post("/v1/messages", SampleRequest.plain())
            #expect(upstream.requests.entries.map { $0.json["model"]?.string } == ["model-one", "model-two"])
            // A mistake keeps what was.
            try home.configure("[upstream]\nmodle = \"x\"\n")
            let before = daemon.notifications.assignments.count
            daemon.send(SIGHUP)
            _ = try await daemon.notifications.value(of: "READY", from: before)
            let reply = try await client.post("/v1/messages", SampleRequest.plain())
            #expect(reply.status == 200)
            #expect(upstream.requests.entries.last?.json["model"] == "model-two")
            #expect(try await daemon.stop().errorOutput.contains("modle"))
        }
        await upstream.stop()
    }

    @Test func `a hangup signal is heeded from the first moment on`() async throws {
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            try home.makeDirectory("run")
            let notifications = try await NotifySocket.bind(path: home.path("n.sock"))
            var environment = DaemonProcess.cleanEnvironment(home: home)
            environment["NOTIFY_SOCKET"] = notifications.path
            environment["QWEN_CONTROL_SOCKET"] = home.path("run/control.sock")
            environment["QWEN_PORT"] = "0"
            let process = try ChildProcess(BuiltProducts.daemon, [], environment: environment)
            let start = ContinuousClock.now
            while !process.errorOutput.contains("Listening"), ContinuousClock.now - start < .seconds(30) {
                await Task.yield()
            }
            process.send(SIGHUP)
            _ = try await notifications.value(of: "RELOADING")
            process.send(SIGTERM)
            #expect(try await process.outcome(within: .seconds(30)).status == 0)
        }
    }

    @Test func `the control client tells how the daemon is doing`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            _ = try await gateway.stream(SampleRequest.plain())
            let json = try await gateway.daemon.control("status", "--json")
            #expect(json.status == 0, "\(json.errorOutput)")
            let status = try JSONValue(parsing: json.output)
            #expect(status["state"] == "running")
            #expect(status["pid"]?.integer == Int(gateway.daemon.identifier))
            #expect(status["requests"]?["total"]?.integer == 1)
            #expect(status["tokens"]?["output"]?.integer == 104)
            #expect(status["upstreams"]?[0]?["baseURL"]?.string == gateway.upstream.baseURL)
            let table = try await gateway.daemon.control("status")
            #expect(table.status == 0)
            #expect(table.output.contains("qwen3-coder-plus"))
            #expect(!table.output.contains(Gateway.secret) && !json.output.contains(Gateway.secret))
        }
    }

    @Test func `a daemon that cannot start says why and ends`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            var environment = daemon.environment
            environment["QWEN_PORT"] = "\(daemon.port)"
            try await Self.expectRefusedStart(environment, saying: "\(daemon.port)")
            // Its own port is free, but the control socket is the other daemon's.
            environment["QWEN_PORT"] = "0"
            try await Self.expectRefusedStart(environment, saying: "control.sock")
            _ = try await daemon.stop()
        }
    }

    private static func expectRefusedStart(_ environment: [String: String], saying text: String) async throws {
        var environment = environment
        environment["NOTIFY_SOCKET"] = nil
        let outcome = try await ChildProcess(BuiltProducts.daemon, [], environment: environment).outcome()
        #expect(outcome.status == 1, "\(outcome.errorOutput)")
        #expect(outcome.errorOutput.contains(text), "\(outcome.errorOutput)")
    }

    @Test func `the control client says when nothing runs, with the status of systemctl`() async throws {
        let daemon = try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            _ = try await daemon.stop()
            return daemon
        }
        let outcome = try await daemon.control("status")
        #expect(outcome.status == 3)
        #expect(outcome.errorOutput.contains("not running") || outcome.output.contains("not running"), "\(outcome)")
    }

    @Test func `stop through the control socket ends the daemon well`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let outcome = try await daemon.control("stop")
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(try await daemon.outcome().status == 0)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What models did is counted across restarts, hand-overs and upgrades.
@Suite struct UsageTests {
    /// One answer of `CompletionEncoder`: 971 tokens at 1 dollar a million, 2,048 from the cache at 0.5, 104 out at 10.
    private static let catalogue = """
        {"format": 1, "date": "2026-11-26",
         "models": [{"match": ["qwen3-coder-plus"], "prices": [{"input": 1, "output": 10, "cache_read": 0.5}],
                     "source": "a test", "date": "2026-11-26"}]}
        """
    private static let cost = 971 + 1024 + 1040

    private func usage(_ daemon: DaemonProcess) async throws -> JSONValue? {
        let report = try JSONValue(parsing: try await daemon.control("usage", "--json").output)
        return report["days"]?.array?.first?["models"]?.array?.first
    }

    private func home() throws -> TemporaryDirectory {
        let home = try TemporaryDirectory("d")
        try home.makeDirectory("config/qwenproxyd")
        try home.write(Self.catalogue, to: "config/qwenproxyd/catalog.json")
        return home
    }

    private func ask(_ daemon: DaemonProcess) async throws {
        let client = try await daemon.connect()
        #expect(try await client.exchange("POST", "/v1/messages", body: SampleRequest.plain().bytes).status == 200)
    }

    @Test func `what was counted before a stop is there after the next start, with its cost`() async throws {
        try await Gateway.alone {
            let state = try TemporaryDirectory("state")
            let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
            for run in 1...2 {
                let daemon = try await DaemonProcess.start(
                    upstream: upstream, environment: ["XDG_STATE_HOME": state.path], home: try self.home())
                try await self.ask(daemon)
                let model = try await self.usage(daemon)
                #expect(model?["requests"]?.integer == run && model?["cost"]?.integer == run * Self.cost)
                #expect(model?["tokens"]?["input"]?.integer == run * 3019)
                let status = try await daemon.control("status").output
                #expect(status.contains("Today: \(run == 1 ? "1 request" : "2 requests"), "), "\(status)")
                let metrics = try await daemon.connect().exchange("GET", "/metrics")
                // Since the start.
                #expect(metrics.text.contains("qwenproxyd_requests_total 1\n"), "\(metrics.text)")
                #expect(try await daemon.stop().status == 0)
            }
            await upstream.stop()
        }
    }

    @Test func `what two processes count at the same time comes together`() async throws {
        let gate = Gate()
        let script: ScriptedUpstream.Script = { request in
            let frames = CompletionEncoder().writes(ModelTurn("One thing after another."))
            let head = [ScriptedReply.eventStreamHead] + frames.prefix(3).map { .chunk($0) }
            let wait: [ScriptedReply.Step] = request.number == 2 ? [.wait(gate)] : []
            return ScriptedReply(head + wait + frames.dropFirst(3).map { .chunk($0) } + [.endOfChunks])
        }
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(script)
            let daemon = try await DaemonProcess.start(upstream: upstream, home: try self.home())
            try await self.ask(daemon)
            let streaming = try await daemon.connect()
            try await streaming.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            _ = try await streaming.replyHead()
            #expect(try await daemon.control("restart").status == 0)
            // Nothing is lost in between: the new process tells what the old one has counted.
            #expect(try await self.usage(daemon)?["requests"]?.integer == 1)
            try await self.ask(daemon)
            #expect(try await self.usage(daemon)?["requests"]?.integer == 2)
            gate.open()
            while try await streaming.bodyPiece() != nil {}
            // The old process writes its last count when it ends.
            #expect(try await daemon.outcome().status == 0)
            #expect(try await self.usage(daemon)?["requests"]?.integer == 3)
            #expect(try await self.usage(daemon)?["cost"]?.integer == 3 * Self.cost)
            #expect(try await daemon.control("stop").status == 0)
            await upstream.stop()
        }
    }
}

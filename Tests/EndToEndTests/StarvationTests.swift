// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// What clients can ask for so that nothing is left for others.
@Suite struct StarvationTests {
    @Test func `beyond the memory for bodies new work is put off, and what runs goes on`() async throws {
        let gate = Gate()
        var turn = ModelTurn("At last.")
        turn.gate = gate
        try await Gateway.answering(turn, environment: ["QWEN_MAX_BUFFERED_BYTES": "1100000"]) { gateway in
            // So long an answer is fetched as a stream, which waits for the gate.
            let large = SampleRequest.replacing(
                "max_tokens", 20_000, in: SampleRequest.plain(String(repeating: "x", count: 800_000), stream: false))
            let first = try await gateway.daemon.connect()
            try await first.send("POST", "/v1/messages", body: large.bytes)
            // The upstream has it: the body is held until its answer is complete.
            _ = try await gateway.upstream.requests.entry(at: 0)
            let refused = try await gateway.post(large)
            #expect(refused.status == 529)
            #expect(refused.json["error"]?["type"] == "overloaded_error")
            #expect(refused.header("retry-after") == "5")
            #expect(refused.text.contains("server.max_buffered_bytes"))
            gate.open()
            #expect(try await first.reply().json["content"]?[0]?["text"] == "At last.")
            #expect(try await gateway.post(large).status == 200)
            #expect(gateway.upstream.requests.count == 2)
        }
    }

    @Test func `a conversation takes up memory until its answer has begun, and no longer`() async throws {
        let gate = Gate()
        let word = #"data: {"choices":[{"index":0,"delta":{"content":"Well"},"finish_reason":null}]}"# + "\n\n"
        let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        let script: ScriptedUpstream.Script = { _ in
            ScriptedReply([
                ScriptedReply.eventStreamHead, .chunk(Array(word.utf8)), .wait(gate), .chunk(Array(end.utf8)),
                .endOfChunks,
            ])
        }
        // A second body would not fit beside the first.
        try await Gateway.run(environment: ["QWEN_MAX_BUFFERED_BYTES": "6000000"], script: script) { gateway in
            let large = SampleRequest.plain(String(repeating: "x", count: 4_000_000)).bytes
            var streams: [HTTPClient] = []
            var afterTwo = 0
            for number in 1...12 {
                let stream = try await gateway.daemon.connect()
                try await stream.send("POST", "/v1/messages", body: large)
                #expect(try await stream.replyHead().status == 200)
                var begun: [UInt8] = []
                while !String(decoding: begun, as: UTF8.self).contains("Well") {
                    begun += try #require(try await stream.bodyPiece())
                }
                streams.append(stream)
                if number == 2 { afterTwo = try #require(gateway.daemon.memory("VmHWM")) }
            }
            // Ten more conversations of 4 MB each, all of whose answers are under way.
            let growth = try #require(gateway.daemon.memory("VmHWM")) - afterTwo
            #expect(growth < 12_000, "\(growth) KB more than after two")
            gate.open()
            for stream in streams {
                while try await stream.bodyPiece() != nil {}
                #expect(stream.endedWell)
            }
        }
    }

    @Test func `a body of countless small things is refused, and others need not wait`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let tool: JSONValue = ["name": "t", "input_schema": ["type": "object"]]
            let many = SampleRequest.replacing(
                "tools", .array(Array(repeating: tool, count: 200_000)), in: SampleRequest.plain())
            let refused = try await gateway.post(many)
            #expect(refused.status == 400)
            #expect(refused.json["error"]?["type"] == "invalid_request_error")
            #expect(refused.text.contains("500000"), "\(refused.text)")
            #expect(gateway.upstream.requests.count == 0)
        }
    }

    /// The reserve that is kept for it can be used up by others: limits are changed from outside, and the system has one.
    @Test func `a listener without descriptors rests between its tries, and serves what waits as soon as it can`()
        async throws
    {
        try await Gateway.answering(ModelTurn("Hi"), environment: ["QWEN_LOG_LEVEL": "debug"]) { gateway in
            let daemon = gateway.daemon
            try await Self.limitDescriptors(of: daemon, to: 3)
            var start = ContinuousClock.now
            async let waiting = daemon.control("status", "--json", "--timeout", "60")
            try await Self.expectRests(since: start, word: "A control connection could not be accepted", daemon)
            start = .now
            let client = try await daemon.connect()
            try await Self.expectRests(since: start, word: "A connection could not be accepted", daemon)
            try await Self.limitDescriptors(of: daemon, to: 1024)
            #expect(try await waiting.status == 0)
            #expect(try await client.post("/v1/messages", SampleRequest.plain(stream: false)).status == 200)
        }
    }

    /// Waits until three tries were logged, and expects a second between any two.
    private static func expectRests(
        since start: ContinuousClock.Instant, word: String, _ daemon: DaemonProcess
    ) async throws {
        var tries = 0
        while tries < 3, start.duration(to: .now) < .seconds(60) {
            try await Task.sleep(for: .milliseconds(20))
            tries = daemon.log.components(separatedBy: word).count - 1
        }
        let passed = start.duration(to: .now)
        #expect(tries >= 3 && .seconds(tries - 1) <= passed, "\(tries) tries in \(passed)")
    }

    /// The soft limit, which its user may raise again. Open descriptors stay open.
    private static func limitDescriptors(of daemon: DaemonProcess, to count: Int) async throws {
        let outcome = try await ChildProcess.run(
            "/usr/bin/prlimit", ["--pid", "\(daemon.identifier)", "--nofile=\(count):"])
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
    }

    @Test func `clients that use up the descriptors leave the control socket its own`() async throws {
        try await Gateway.answering(ModelTurn("Hi"), descriptorLimit: 128) { gateway in
            let quiet = try await Self.ticks(of: gateway.daemon)
            var clients: [HTTPClient] = []
            for _ in 0..<150 {
                if let client = try? await gateway.daemon.connect() { clients.append(client) }
            }
            let status = try await Self.status(of: gateway.daemon) { $0.open + $0.refused >= 150 }
            #expect(status.connections.descriptorLimit == 128)
            #expect(status.connections.open == status.connections.limit)
            #expect(status.connections.isExhausted)
            #expect(status.connections.descriptors < 128)
            let words = try await gateway.daemon.control("status")
            #expect(words.status == 0 && words.output.contains("no more clients fit"), "\(words.output)")
            // Those that are in are served.
            #expect(try await clients[0].post("/v1/messages", SampleRequest.plain(stream: false)).status == 200)
            // An accept loop that spins takes what is left of a processor for as long as the questions last; a busy machine
            // makes both longer.
            #expect(try await Self.ticks(of: gateway.daemon) <= 3 * quiet + 10)
            for client in clients { await client.connection.close() }
            _ = try await Self.status(of: gateway.daemon) { $0.open == 0 }
            #expect(try await gateway.post(SampleRequest.plain()).status == 200)
        }
    }

    /// What the daemon takes of a processor while it is asked some questions, in hundredths of a second.
    private static func ticks(of daemon: DaemonProcess) async throws -> Int {
        let before = try #require(daemon.processorTicks)
        for _ in 0..<5 { _ = try await daemon.control("status", "--json") }
        return try #require(daemon.processorTicks) - before
    }

    /// The status, once its connections are as wanted: the daemon sees them come and go in its own time.
    private static func status(
        of daemon: DaemonProcess, where isWanted: (ConnectionCounts) -> Bool
    ) async throws -> DaemonStatus {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let outcome = try await daemon.control("status", "--json")
            let status = try JSONDecoder().decode(DaemonStatus.self, from: Data(outcome.output.utf8))
            if isWanted(status.connections) { return status }
            guard ContinuousClock.now < deadline else {
                throw HTTPReplyError(description: "still \(status.connections)")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct ConnectionTests {
    @Test func `one connection serves many requests, upstream as well`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let client = try await gateway.daemon.connect()
            for number in 1...20 {
                let isStreaming = number.isMultiple(of: 2)
                let reply = try await client.post("/v1/messages", SampleRequest.plain(stream: isStreaming))
                #expect(reply.status == 200)
                #expect(reply.isComplete)
            }
            #expect(gateway.upstream.requests.count == 20)
            // A request that comes before the last bytes of the answer before it were read needs another one.
            #expect(gateway.upstream.connections.count < 4)
        }
    }

    @Test func `a body may come in chunks, cut anywhere`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let body = SampleRequest.plain("é 你好").bytes
            var framed: [UInt8] = []
            for start in stride(from: 0, to: body.count, by: 7) {
                let piece = body[start..<min(start + 7, body.count)]
                framed += Array((String(piece.count, radix: 16) + "\r\n").utf8) + piece + Array("\r\n".utf8)
            }
            framed += Array("0\r\n\r\n".utf8)
            let head =
                "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n"
            let whole = Array(head.utf8) + framed
            let client = try await gateway.daemon.connect()
            for start in stride(from: 0, to: whole.count, by: 5) {
                try await client.connection.send(Array(whole[start..<min(start + 5, whole.count)]))
            }
            let reply = try await client.reply()
            #expect(reply.status == 200)
            let request = try await gateway.upstream.requests.entry(at: 0)
            #expect(request.json["messages"]?.array?.last?["content"] == "é 你好")
        }
    }

    @Test func `a body over the limit is refused, and the client can read why`() async throws {
        try await Gateway.run(
            environment: ["QWEN_MAX_BODY_BYTES": "100000"], script: Gateway.script(ModelTurn("Hi"))
        ) { gateway in
            let huge = SampleRequest.plain(String(repeating: "x", count: 3_000_000))
            let reply = try await gateway.post(huge)
            #expect(reply.status == 413)
            #expect(reply.json["error"]?["type"] == "request_too_large")
            #expect(gateway.upstream.requests.count == 0)
        }
    }

    @Test func `the default limit lets a large conversation through`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let words = String(repeating: "words and \"quotes\"\n", count: 600_000)
            let reply = try await gateway.post(SampleRequest.plain(words))
            #expect(reply.status == 200)
            let request = try await gateway.upstream.requests.entry(at: 0)
            #expect(request.json["messages"]?.array?.last?["content"]?.string == words)
        }
    }

    @Test func `a client that hangs up takes the upstream transfer with it`() async throws {
        let turn = ModelTurn("Said before the gate.")
        let gate = Gate()
        let script: ScriptedUpstream.Script = { _ in
            let frames = CompletionEncoder().writes(turn).prefix(3)
            return ScriptedReply([ScriptedReply.eventStreamHead] + frames.map { .chunk($0) } + [.wait(gate)])
        }
        try await Gateway.run(script: script) { gateway in
            for isStarted in [true, false] {
                // Other tests keep the machine busy: of several times, the best is the daemon's own.
                var best = Duration.seconds(60)
                for _ in 1...20 where best >= .milliseconds(100) {
                    best = min(best, try await self.hangUp(on: gateway, isStarted: isStarted))
                }
                #expect(best < .milliseconds(100))
            }
        }
    }

    /// How long after the client's end the upstream sees its own.
    private func hangUp(on gateway: Gateway, isStarted: Bool) async throws -> Duration {
        let client = try await gateway.daemon.connect()
        try await client.send("POST", "/v1/messages", body: SampleRequest.plain(stream: isStarted).bytes)
        // A streamed answer has begun; an answer in one piece is being collected.
        let seen = gateway.upstream.disconnections.count
        _ = try await gateway.upstream.requests.entry(at: seen)
        if isStarted { _ = try await client.replyHead() }
        let instant = ContinuousClock.now
        await client.connection.close()
        let end = try await gateway.upstream.disconnections.entry(at: seen, "the end of the transfer")
        #expect(end.request != nil)
        return end.instant - instant
    }

    @Test func `silence is filled with pings until the first word comes`() async throws {
        let gate = Gate()
        var turn = ModelTurn("At last.")
        turn.gate = gate
        try await Gateway.answering(turn, environment: ["QWEN_PING_INTERVAL": "50ms"]) { gateway in
            let client = try await gateway.daemon.connect()
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            #expect(try await client.replyHead().status == 200)
            var splitter = EventSplitter()
            var checker = EventStreamChecker()
            while let piece = try await client.bodyPiece() {
                for event in splitter.receive(piece) { checker.receive(event) }
                if checker.pingCount >= 3 { gate.open() }
            }
            checker.finish()
            #expect(checker.problems == [])
            #expect(checker.text == "At last.")
            #expect(checker.pingCount >= 3)
        }
    }

    @Test func `an error after the pings is an error event`() async throws {
        let gate = Gate()
        let failure = ScriptedReply(
            [.wait(gate)] + ScriptedReply.error(400, "Bad parameter", code: "invalid_parameter_error").steps)
        let script: ScriptedUpstream.Script = { _ in failure }
        try await Gateway.run(environment: ["QWEN_PING_INTERVAL": "50ms"], script: script) { gateway in
            let client = try await gateway.daemon.connect()
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            #expect(try await client.replyHead().status == 200)
            gate.open()
            var body: [UInt8] = []
            while let piece = try await client.bodyPiece() { body += piece }
            let events = EventStreamChecker.check(body)
            #expect(events.problems == [])
            #expect(events.error?["type"] == "invalid_request_error")
        }
    }

    @Test func `a client that does not read holds the upstream back`() async throws {
        let text = String(repeating: "w", count: 4_000)
        let chunk = #"data: {"choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"# + "\n\n"
        let count = 25_000
        let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        let script: ScriptedUpstream.Script = { _ in
            ScriptedReply([
                ScriptedReply.eventStreamHead, .flood(Array(chunk.utf8), count: count), .chunk(Array(end.utf8)),
                .endOfChunks,
            ])
        }
        try await Gateway.run(script: script) { gateway in
            // The peak, because what is resident falls once the daemon has given back what starting took.
            let before = gateway.daemon.memory("VmHWM") ?? 0
            let client = try await gateway.daemon.connect(reading: false)
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            // Another client is served while the first one's hundred megabytes wait.
            for _ in 1...50 {
                #expect(try await gateway.daemon.connect().exchange("GET", "/healthz").status == 200)
            }
            let held = gateway.upstream.floodedByteCount
            #expect(held < 30_000_000)
            #expect((gateway.daemon.memory("VmHWM") ?? .max) - before < 20_000)
            try await client.connection.resumeReading()
            #expect(try await client.replyHead().status == 200)
            var received = 0
            while let piece = try await client.bodyPiece(within: .seconds(120)) { received += piece.count }
            #expect(client.endedWell)
            #expect(received > count * text.utf8.count)
            #expect((gateway.daemon.memory("VmHWM") ?? .max) - before < 20_000)
        }
    }
}

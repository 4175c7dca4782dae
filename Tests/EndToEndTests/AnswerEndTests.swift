// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// When an answer is over, and what its end means.
@Suite struct AnswerEndTests {
    private static func chunk(_ delta: String, _ reason: String = "null") -> [UInt8] {
        Array("data: {\"choices\":[{\"index\":0,\"delta\":\(delta),\"finish_reason\":\(reason)}]}\n\n".utf8)
    }

    private static let usage = Array(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":1}}\n\n".utf8)
    private static let done = Array("data: [DONE]\n\n".utf8)

    @Test(arguments: [[Self.usage], [Self.done], [Self.usage, Self.done]])
    func `the client's response ends with the message, though the upstream holds its own open`(
        end: [[UInt8]]
    ) async throws {
        let gate = Gate()
        let script: ScriptedUpstream.Script = { _ in
            let pieces = [Self.chunk("{\"content\":\"Hi\"}"), Self.chunk("{}", "\"stop\"")] + end
            return ScriptedReply([ScriptedReply.eventStreamHead] + pieces.map { .chunk($0) } + [.wait(gate)])
        }
        try await Gateway.run(script: script) { gateway in
            // It returns while the upstream still waits for the gate.
            let events = try await gateway.stream(SampleRequest.plain())
            #expect(events.text == "Hi")
            #expect(events.problems.isEmpty)
            gate.open()
        }
    }

    @Test func `an upstream that sends for ever after its end is cut off`() async throws {
        let script: ScriptedUpstream.Script = { _ in
            ScriptedReply([
                ScriptedReply.eventStreamHead, .chunk(Self.chunk("{\"content\":\"Hi\"}", "\"stop\"")),
                .chunk(Self.done), .flood(Array("4\r\n: a\n\r\n".utf8), count: 10_000_000), .endOfChunks,
            ])
        }
        try await Gateway.run(script: script) { gateway in
            for _ in 0..<3 {
                let events = try await gateway.stream(SampleRequest.plain())
                #expect(events.text == "Hi")
            }
        }
    }

    @Test(arguments: [true, false])
    func `a proper end with nothing in it is an empty message, after one more try`(isStreaming: Bool) async throws {
        let script: ScriptedUpstream.Script = { _ in
            .eventStream([
                Self.chunk("{\"role\":\"assistant\",\"content\":null}"), Self.chunk("{}", "\"stop\""), Self.usage,
                Self.done,
            ])
        }
        try await Gateway.run(script: script) { gateway in
            let answer = try await gateway.post(SampleRequest.plain(stream: isStreaming))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(gateway.upstream.requests.count == 2)
            if isStreaming {
                let events = EventStreamChecker.check(answer.body)
                // The checker wants every message to say something; this one is all right otherwise.
                #expect(events.problems == ["no content"])
                #expect(events.text == "")
                #expect(answer.text.contains("\"stop_reason\":\"end_turn\""))
            } else {
                #expect(answer.json["content"] == [])
                #expect(answer.json["stop_reason"] == "end_turn")
            }
        }
    }

    @Test func `an end without a reason and without content stays an error`() async throws {
        let script: ScriptedUpstream.Script = { _ in .eventStream([Self.chunk("{\"content\":\"\"}"), Self.done]) }
        try await Gateway.run(script: script) { gateway in
            let answer = try await gateway.post(SampleRequest.plain())
            #expect(answer.status == 502)
            #expect(gateway.upstream.requests.count == 2)
        }
    }

    @Test(arguments: ["abort", "error_finish", "insufficient_system_resource", "network_error"])
    func `an answer that the server broke off is an error, before content with a status`(
        reason: String
    ) async throws {
        let script: ScriptedUpstream.Script = { request in
            let content = "\(request.json)".contains("half") ? [Self.chunk("{\"content\":\"half an ans\"}")] : []
            return .eventStream(content + [Self.chunk("{}", "\"\(reason)\""), Self.usage, Self.done])
        }
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: script) { gateway in
            let early = try await gateway.post(SampleRequest.plain("nothing"))
            #expect(early.status >= 500, "\(early.text)")
            let late = try await gateway.post(SampleRequest.plain("half"))
            #expect(late.text.contains("event: error"), "\(late.text)")
            #expect(!late.text.contains("end_turn"))
        }
    }

    @Test func `a refused request keeps its status, however often it is tried again`() async throws {
        let refusal = ScriptedReply.error(429, "Too many requests", headers: ["retry-after": "2"])
        let environment = ["QWEN_PING_INTERVAL": "3s", "QWEN_MAX_RETRIES": "10"]
        let script: ScriptedUpstream.Script = { _ in refusal }
        try await Gateway.run(environment: environment, script: script) { gateway in
            let answer = try await gateway.post(SampleRequest.plain())
            #expect(answer.status == 429, "\(answer.text)")
            #expect(answer.header("retry-after") == "2")
            #expect(gateway.upstream.requests.count == 2)
        }
    }

    @Test func `a cache warm-up is an empty message that ended at its limit`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            for isStreaming in [true, false] {
                let request = SampleRequest.replacing("max_tokens", 0, in: SampleRequest.plain(stream: isStreaming))
                let answer = try await gateway.post(request)
                #expect(answer.status == 200, "\(answer.text)")
                if isStreaming {
                    #expect(answer.text.contains("\"stop_reason\":\"max_tokens\""))
                    #expect(!answer.text.contains("content_block_start"))
                } else {
                    #expect(answer.json["content"] == [])
                    #expect(answer.json["stop_reason"] == "max_tokens")
                }
            }
        }
    }

    @Test func `token counts of any size do no harm`() async throws {
        let script: ScriptedUpstream.Script = { request in
            let counts = ["9223372036854775807", "-5", "1e400", "12.7"][request.number % 4]
            let usage =
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":\(counts),\"completion_tokens\":\(counts)}}\n\n"
            return .eventStream([Self.chunk("{\"content\":\"Hi\"}", "\"stop\""), Array(usage.utf8), Self.done])
        }
        try await Gateway.run(script: script) { gateway in
            for _ in 0..<8 {
                let events = try await gateway.stream(SampleRequest.plain())
                #expect(events.text == "Hi")
            }
            let status = try await gateway.daemon.control("status", "--json")
            #expect(status.status == 0)
        }
    }
}

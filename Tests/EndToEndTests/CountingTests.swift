// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What the upstream reports of one request is what the next one is counted by.
@Suite struct CountingTests {
    /// Of a prompt with so many tokens. The answer is one word.
    private static func answer(_ promptTokens: Int) -> ScriptedUpstream.Script {
        { request in
            let usage: JSONValue = [
                "prompt_tokens": .number(Double(promptTokens)), "completion_tokens": 40,
                "total_tokens": .number(Double(promptTokens + 40)),
                "completion_tokens_details": ["reasoning_tokens": 33],
            ]
            guard request.json["stream"]?.bool == true else {
                return .json(
                    200,
                    [
                        "id": "c", "object": "chat.completion", "model": "m",
                        "choices": [
                            ["index": 0, "message": ["role": "assistant", "content": "Yes."], "finish_reason": "stop"]
                        ], "usage": usage,
                    ])
            }
            let chunk: JSONValue = [
                "id": "c", "object": "chat.completion.chunk", "model": "m",
                "choices": [["index": 0, "delta": ["role": "assistant", "content": "Yes."], "finish_reason": "stop"]],
            ]
            let last: JSONValue = ["id": "c", "object": "chat.completion.chunk", "choices": [], "usage": usage]
            return .eventStream("data: \(chunk.text)\n\ndata: \(last.text)\n\ndata: [DONE]\n\n")
        }
    }

    private static func body(_ texts: [String]) -> JSONValue {
        let messages = texts.enumerated().map { index, text -> JSONValue in
            ["role": index % 2 == 0 ? "user" : "assistant", "content": .string(text)]
        }
        return SampleRequest.replacing("messages", .array(messages), in: SampleRequest.withTools())
    }

    @Test func `a conversation is counted from what the upstream counted before`() async throws {
        let words = String(repeating: "A sentence with some words. ", count: 200)
        try await Gateway.run(script: Self.answer(1_777)) { gateway in
            func count(_ texts: [String]) async throws -> Int {
                let reply = try await gateway.post(Self.body(texts), to: "/v1/messages/count_tokens?beta=true")
                return reply.json["input_tokens"]?.integer ?? -1
            }
            let before = try await count([words])
            #expect(before != 1_777)
            let events = try await gateway.stream(Self.body([words]))
            #expect(events.problems == [])
            #expect(events.usage["output_tokens_details"]?["thinking_tokens"]?.integer == 33)
            #expect(try await count([words]) == 1_777)
            let next = try await count([words, "Yes.", "And then?"])
            #expect(1_780...1_800 ~= next)
            // The estimate in the first event is the same count.
            let second = try await gateway.stream(Self.body([words, "Yes.", "And then?"]))
            #expect(second.message["usage"]?["input_tokens"]?.integer == next)
            // Another conversation knows nothing of it, but how this model counts.
            #expect(try await count(["Another: " + words]) < 1_777)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Requests that the upstream cannot take as they are, and that are sent again in a form in which it can.
@Suite struct CorrectionTests {
    /// vLLM's words for a prompt of 12,000 tokens in a window of 32,768.
    private static let doesNotFit = ScriptedReply.json(
        400,
        [
            "error": [
                "message": """
                This model's maximum context length is 32768 tokens. However, you requested 44768 tokens (12000 in the \
                messages, 32768 in the completion). Please reduce the length of the messages or completion.
                """,
                "type": "BadRequestError", "code": 400,
            ]
        ])

    private static let noImages = ScriptedReply.json(
        500,
        [
            "error": [
                "code": 500, "type": "server_error",
                "message": """
                image input is not supported - hint: if this is unexpected, you may need to provide the mmproj
                """,
            ]
        ])

    private static let image: JSONValue = [
        "type": "image", "source": ["type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="],
    ]

    /// Refuses what `isRefused` finds, and answers the rest.
    private static func script(
        _ refusal: ScriptedReply, when isRefused: @escaping @Sendable (JSONValue) -> Bool
    ) -> ScriptedUpstream.Script {
        let answer = Gateway.script(ModelTurn("Hi"))
        return { request in isRefused(request.json) ? refusal : answer(request) }
    }

    private static func interventions(_ gateway: Gateway) async throws -> [String: Int] {
        let outcome = try await gateway.daemon.control("status", "--json")
        let list = try JSONValue(parsing: outcome.output)["interventions"]?.array ?? []
        return Dictionary(
            list.map { ($0["name"]?.string ?? "", $0["count"]?.integer ?? 0) }, uniquingKeysWith: { $0 + $1 })
    }

    @Test(arguments: [true, false])
    func `an answer that does not fit beside the prompt is asked for in the size that fits`(
        isStreaming: Bool
    ) async throws {
        let script = Self.script(Self.doesNotFit) { ($0["max_tokens"]?.integer ?? 0) > 20_768 }
        try await Gateway.run(script: script) { gateway in
            let wanted = SampleRequest.replacing("max_tokens", 128_000, in: SampleRequest.plain(stream: isStreaming))
            let answer = try await gateway.post(wanted)
            #expect(answer.status == 200, "\(answer.text)")
            let limits = gateway.upstream.requests.entries.compactMap { $0.json["max_tokens"]?.integer }
            #expect(limits == [65_536, 20_768])
            #expect(try await Self.interventions(gateway) == ["output_reduced": 1, "lesson_learned": 1])
            // The window is known now, so that the next request of this size fits at once or is corrected again.
            _ = try await gateway.post(wanted)
            #expect(gateway.upstream.requests.entries.compactMap { $0.json["max_tokens"]?.integer }[2] <= 32_768 - 256)
        }
    }

    @Test func `when no answer of any use fits, it is the prompt that is too long`() async throws {
        let refusal = ScriptedReply.error(
            400,
            """
            This model's maximum context length is 32768 tokens. However, you requested 65000 tokens (32232 in the \
            messages, 32768 in the completion). Please reduce the length of the messages or completion.
            """)
        let script: ScriptedUpstream.Script = { _ in refusal }
        try await Gateway.run(script: script) { gateway in
            let wanted = SampleRequest.replacing("max_tokens", 128_000, in: SampleRequest.plain())
            let answer = try await gateway.post(wanted)
            #expect(answer.status == 400)
            #expect(
                answer.json["error"]?["message"]?.string
                    == "prompt is too long: 33256 tokens > 32768 maximum", "\(answer.text)")
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test func `images are left out for a server that takes none, once and for all`() async throws {
        let script = Self.script(Self.noImages) { "\($0)".contains("image_url") }
        let environment = ["QWEN_MODEL": "qwen3-vl-8b"]
        try await Gateway.run(environment: environment, script: script) { gateway in
            let request = SampleRequest.replacing(
                "messages", [["role": "user", "content": [["type": "text", "text": "What is it?"], Self.image]]],
                in: SampleRequest.plain())
            for sent in [2, 3] {
                let answer = try await gateway.post(request)
                #expect(answer.status == 200, "\(answer.text)")
                // The second request knows what the first one learned.
                #expect(gateway.upstream.requests.count == sent)
            }
            #expect(try await Self.interventions(gateway) == ["images_left_out": 1, "lesson_learned": 1])
            #expect(try await gateway.daemon.control("status").output.contains("Interventions: images left out 1"))
        }
    }

    @Test func `a parameter that the server refuses is left out, once and for all`() async throws {
        let refusal = ScriptedReply.json(400, ["detail": "Unexpected fields in the request: {'top_k'}"])
        let script = Self.script(refusal) { $0["top_k"] != nil }
        try await Gateway.run(script: script) { gateway in
            let request = SampleRequest.replacing("top_k", 20, in: SampleRequest.plain())
            for sent in [2, 3] {
                let answer = try await gateway.post(request)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(gateway.upstream.requests.count == sent)
            }
            #expect(try await Self.interventions(gateway) == ["parameter_left_out": 1, "lesson_learned": 1])
        }
    }

    @Test func `a refusal that no change helps is told after one more try`() async throws {
        let refusal = ScriptedReply.json(400, ["detail": "Unexpected fields in the request: {'top_k'}"])
        let script: ScriptedUpstream.Script = { _ in refusal }
        try await Gateway.run(script: script) { gateway in
            let request = SampleRequest.replacing("top_k", 20, in: SampleRequest.plain())
            let answer = try await gateway.post(request)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["type"] == "invalid_request_error")
            #expect(gateway.upstream.requests.count == 2)
        }
    }
}

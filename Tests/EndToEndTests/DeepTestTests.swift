// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// `qwenproxyctl upstream test --deep`: what it finds out, keeps and uses.
@Suite struct DeepTestTests {
    /// A server that names its limit in a refusal, and that keeps prompts with marks only.
    private static let script: ScriptedUpstream.Script = { request in
        guard request.json["max_tokens"]?.integer ?? 0 < 1_000_000 else {
            return .error(400, "Range of max_tokens should be [1, 24576]", code: "invalid_parameter_error")
        }
        guard request.json["stream"]?.bool != true else { return Gateway.script(ModelTurn("OK"))(request) }
        let isMarked = request.text.contains("cache_control")
        let usage: JSONValue = [
            "prompt_tokens": 2_100, "completion_tokens": 1, "total_tokens": 2_101,
            "prompt_tokens_details": ["cached_tokens": isMarked ? 2_048 : 0],
        ]
        let message: JSONValue = ["role": "assistant", "content": "OK"]
        return .json(
            200,
            [
                "id": "c", "object": "chat.completion", "model": "fine-model",
                "choices": [["index": 0, "message": message, "finish_reason": "stop"]], "usage": usage,
            ])
    }

    private func explanation(_ daemon: DaemonProcess, _ model: String, at upstream: String) async throws
        -> [String: ModelExplanation.Field]
    {
        let outcome = try await daemon.control("models", "show", model, "--upstream", upstream, "--json")
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        let explanation = try JSONDecoder().decode(ModelExplanation.self, from: Data(outcome.output.utf8))
        return Dictionary(explanation.fields.map { ($0.name, $0) }) { first, _ in first }
    }

    @Test func `limits and cache marks are learned with date and origin, and used`() async throws {
        try await Gateway.run(environment: ["QWEN_MODEL": "fine-model"], script: Self.script) { gateway in
            let deep = try await gateway.daemon.control("upstream", "test", "--deep")
            #expect(deep.status == 0, "\(deep.output)\(deep.errorOutput)")
            #expect(deep.output.contains("✓ limits: 24576 tokens out: Range of max_tokens"), "\(deep.output)")
            #expect(deep.output.contains("✗ a long prompt without marks, once more: nothing came"), "\(deep.output)")
            #expect(deep.output.contains("output up to 24,576 (from a test"), "\(deep.output)")
            #expect(!deep.output.contains("not asked about"))
            let fields = try await self.explanation(gateway.daemon, "fine-model", at: "default")
            let output = try #require(fields["max_output_tokens"])
            #expect((output.value, output.origin, output.source) == ("24576", .learned, "a test"))
            #expect(output.date?.hasPrefix("20") == true)
            #expect(fields["cache"]?.value == "marks")
            let conversation = SampleRequest.replacing(
                "system", .string(String(repeating: "A rule of the house. ", count: 400)),
                in: SampleRequest.withTools(stream: false))
            let reply = try await gateway.post(SampleRequest.replacing("max_tokens", 32_000, in: conversation))
            #expect(reply.status == 200)
            let request = try #require(gateway.upstream.requests.entries.last)
            #expect(request.json["max_tokens"] == 24_576)
            #expect(request.text.contains(#""cache_control":{"type":"ephemeral"}"#))
        }
    }

    private static let messages: ScriptedUpstream.Script = { request in
        if request.target.hasSuffix("/count_tokens") { return .json(200, ["input_tokens": 14]) }
        guard request.json["max_tokens"]?.integer ?? 0 < 1_000_000 else {
            let message = "max_tokens: 100000000 > 48000, which is the maximum allowed number of output tokens for m"
            return .json(
                400, ["type": "error", "error": ["type": "invalid_request_error", "message": .string(message)]])
        }
        guard request.header("anthropic-version") != nil else { return .error(400, "no version") }
        let content: JSONValue =
            request.json["tools"] == nil
            ? [["type": "text", "text": "1 2 3 4 red"]]
            : [["type": "tool_use", "id": "toolu_1", "name": "get_time", "input": [:]]]
        return .json(
            200,
            [
                "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": content,
                "stop_reason": "end_turn", "usage": ["input_tokens": 9, "output_tokens": 2],
            ])
    }

    @Test func `an upstream with the Messages API is asked in its language, and what is not asked is said`()
        async throws
    {
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Self.messages)
            let home = try TemporaryDirectory("d")
            try home.configure(
                """
                [upstreams.native]
                kind = "anthropic"
                base_url = "http://127.0.0.1:\(upstream.port)"
                api_key = "\(Gateway.secret)"
                auth = "x-api-key"
                model = "m"
                """)
            let daemon = try await DaemonProcess.start(environment: ["QWEN_DISCOVER_LIMITS": "false"], home: home)
            let deep = try await daemon.control("upstream", "test", "native", "--deep")
            #expect(deep.status == 0, "\(deep.output)\(deep.errorOutput)")
            for line in [
                "✓ answers: taken", "✗ streaming: the answer came in one piece", "✓ a forced tool: called get_time",
                "✓ images: seen as", "✓ stop sequences: it stopped", "✓ counting tokens: 14 tokens",
                "✓ limits: 48000 tokens out",
                "not asked about, because requests pass through as they are: system messages",
            ] {
                #expect(deep.output.contains(line), "\(line)\n\(deep.output)")
            }
            #expect(upstream.requests.entries.allSatisfy { $0.header("x-api-key") == Gateway.secret })
            let fields = try await self.explanation(daemon, "m", at: "native")
            #expect(fields["max_output_tokens"]?.value == "48000")
            #expect(fields["images"]?.origin == .learned)
            // What has no effect there is not kept.
            #expect(fields["takes"] == nil && fields["refuses"] == nil)
            try await daemon.stop()
            await upstream.stop()
        }
    }

    @Test func `a model that answers as a stream only is tested like any other`() async throws {
        let script: ScriptedUpstream.Script = { request in
            guard request.json["stream"]?.bool == true else {
                return .error(400, "This model only support stream mode, please enable the stream parameter.")
            }
            return Gateway.script(ModelTurn("OK"))(request)
        }
        let catalogue = """
            {"format": 1, "date": "2026-11-26", "models": [{"match": ["stubborn"], "thinking": "enable_thinking", \
            "always_thinks": true, "source": "s", "date": "2026-11-26"}], "products": [{"name": "mine", "kind": \
            "modelStudio", "dialect": "dashscope", "hosts": ["127.0.0.1"], "source": "s", "date": "2026-11-26"}]}
            """
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(script)
            let home = try TemporaryDirectory("d")
            try home.configure("")
            try home.write(catalogue, to: "config/qwenproxyd/catalog.json")
            let daemon = try await DaemonProcess.start(
                upstream: upstream, environment: ["QWEN_MODEL": "stubborn"], home: home)
            let test = try await daemon.control("upstream", "test")
            #expect(test.status == 0 && test.output.contains("answered after"), "\(test.output)")
            #expect(test.output.contains("3019 tokens in") || test.output.contains("3,019 tokens in"), "\(test.output)")
            let deep = try await daemon.control("upstream", "test", "--deep")
            #expect(deep.output.contains("✓ answers: taken"), "\(deep.output)")
            try await daemon.stop()
            await upstream.stop()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What llama.cpp's own server means, where its words alone do not say it.
@Suite(.needsLlamaServer)
struct RealServerMeaningTests {
    @Test(arguments: [true, false])
    func `a proper answer with nothing in it is one`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let answer = try await gateway.ask(SampleRequest.plain("<|nothing|>", stream: stream))
            #expect(answer.problems == [])
            #expect(answer.blocks == [])
            #expect(answer.stopReason == "end_turn")
        }
    }

    @Test(arguments: [true, false])
    func `one tool is demanded, and no other is called`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let request = SampleRequest.replacing(
                "tool_choice", ["type": "tool", "name": "Read"],
                in: SampleRequest.withTools("Say hello.", stream: stream))
            let answer = try await gateway.ask(request)
            #expect(answer.problems == [])
            #expect(answer.calls.map(\.name) == ["Read"])
            #expect(answer.calls.first?.input.object != nil)
            #expect(answer.stopReason == "tool_use")
        }
    }

    @Test(arguments: [true, false])
    func `one call at most, whatever the model does`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let choice: JSONValue = ["type": "auto", "disable_parallel_tool_use": true]
            let request = SampleRequest.withTools("<|calls|>", stream: stream)
            let answer = try await gateway.ask(SampleRequest.replacing("tool_choice", choice, in: request))
            #expect(answer.problems == [])
            #expect(answer.calls == [RealServerTests.echo])
            #expect(answer.stopReason == "tool_use")
        }
    }

    @Test(arguments: [60, 75, 80, 140, 200])
    func `several calls, and one that the limit cuts is never whole`(limit: Int) async throws {
        try await RealGateway.run { gateway in
            let request = SampleRequest.replacing("max_tokens", .number(Double(limit)), in: Self.calls)
            let stream = EventStreamChecker.check(try await gateway.post(request).body)
            #expect(stream.problems == [])
            let whole = stream.toolUses.filter(\.isClosed)
            #expect(!whole.isEmpty)
            #expect(whole.allSatisfy { $0.content == #"{"command":"echo hi"}"# })
        }
    }

    private static let calls = SampleRequest.withTools("<|calls|>")

    @Test(arguments: [true, false])
    func `a schema is kept to`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let format: JSONValue = [
                "type": "json_schema",
                "schema": [
                    "type": "object", "properties": ["title": ["type": "string"], "pages": ["type": "integer"]],
                    "required": ["title", "pages"], "additionalProperties": false,
                ],
            ]
            let request = SampleRequest.plain(stream: stream)
            let answer = try await gateway.ask(
                SampleRequest.replacing("output_config", ["format": format], in: request))
            let document = try JSONValue(parsing: answer.text)
            #expect(document["title"]?.string != nil, "\(answer.text)")
            #expect(document["pages"]?.integer != nil, "\(answer.text)")
        }
    }

    @Test(arguments: [true, false])
    func `a thought that was not wanted is not thought`(stream: Bool) async throws {
        try await RealGateway.run(.xml) { gateway in
            let request = SampleRequest.plain(stream: stream)
            let answer = try await gateway.ask(SampleRequest.replacing("thinking", ["type": "disabled"], in: request))
            #expect(answer.problems == [])
            #expect(answer.blocks == ["text"])
            #expect(answer.text == RealServerTests.greeting)
        }
    }

    @Test func `a server without eyes is asked again without the image`() async throws {
        // A name that promises vision, and a server without the other half of the model.
        try await RealGateway.run(model: "qwen3-vl-8b") { gateway in
            let picture: JSONValue = [
                "type": "image",
                "source": [
                    "type": "base64", "media_type": "image/png",
                    "data": .string(Data(SampleFiles.png).base64EncodedString()),
                ],
            ]
            let message: JSONValue = ["role": "user", "content": [["type": "text", "text": "What is it?"], picture]]
            let request = SampleRequest.replacing("messages", [message], in: SampleRequest.plain())
            for _ in 1...2 {
                let answer = try await gateway.ask(request)
                #expect(answer.problems == [])
                #expect(answer.text == RealServerTests.greeting)
            }
            // The server says so for every image that it gets, and it gets one.
            let refusals = gateway.server.log.matches(of: #/image input is not supported/#)
            #expect(refusals.count <= 1, "\(gateway.server.log)")
        }
    }

    @Test(arguments: [true, false])
    func `an answer that the window cuts, not the client`(stream: Bool) async throws {
        try await RealGateway.run(context: 2_048) { gateway in
            let request = SampleRequest.plain("<|long|>", stream: stream)
            let answer = try await gateway.ask(SampleRequest.replacing("max_tokens", 32_000, in: request))
            #expect(answer.problems == [])
            #expect(answer.text.contains("long long"))
            #expect(answer.stopReason == "model_context_window_exceeded")
            // Where the client's own limit is the narrower one, it is the one that counts.
            let short = try await gateway.ask(SampleRequest.replacing("max_tokens", 1_000, in: request))
            #expect(short.stopReason == "max_tokens")
        }
    }

    @Test func `the window of a slot is learned, and is what is told`() async throws {
        try await RealGateway.run(context: 8_192, slots: 2) { gateway in
            _ = try await gateway.ask(SampleRequest.plain())
            let route = try await gateway.daemon.control("route", "claude-sonnet-5-5")
            let told = route.output.replacing(",", with: "")
            #expect(told.contains("8192"), "\(route.output)")
            #expect(!told.contains("262144"), "\(route.output)")
        }
    }

    @Test func `a deep test finds out what the server does`() async throws {
        try await RealGateway.run { gateway in
            let deep = try await gateway.daemon.control("upstream", "test", "--deep")
            #expect(deep.status == 0, "\(deep.output)\(deep.errorOutput)")
            for line in [
                "✓ answers: taken", "✓ streaming: with the usage", "✓ system messages in the middle: taken",
                "✗ images: status 500", "✓ json_schema: the answer is as it was wanted", "✓ top_k: taken",
                // It keeps the beginning of prompts by itself, and says so.
                "✓ cache marks, once more:", "✓ a long prompt without marks, once more:",
                "? limits: any max_tokens is taken", "llama.cpp: window 16,384 tokens (from /props",
            ] {
                #expect(deep.output.contains(line), "\(line)\n\(deep.output)")
            }
            let cache = try await gateway.daemon.control("models", "show", "tiny", "--upstream", "default")
            #expect(cache.output.contains("automatic") && !cache.output.contains("cache_control"), "\(cache.output)")
        }
    }

    @Test(arguments: [true, false])
    func `a stop sequence ends the answer`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let words = RealServerTests.greeting.split(separator: " ")
            let sequence = try #require(words.last.map(String.init))
            let request = SampleRequest.plain(stream: stream)
            let answer = try await gateway.ask(
                SampleRequest.replacing("stop_sequences", [.string(sequence)], in: request))
            #expect(answer.problems == [])
            #expect(!answer.text.contains(sequence) && RealServerTests.greeting.hasPrefix(answer.text))
        }
    }

    @Test(arguments: [["doctor"], ["upstream", "test"]])
    func `a window in which Claude Code cannot work is warned of`(command: [String]) async throws {
        try await RealGateway.run(context: 8_192) { gateway in
            let outcome = try await ChildProcess.run(
                BuiltProducts.control, command, environment: gateway.daemon.environment)
            let told = (outcome.output + outcome.errorOutput).replacing(",", with: "")
            #expect(told.contains("8192"), "\(told)")
        }
    }

    @Test(
        .enabled(
            if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration,
            "needs Claude Code: make test"))
    func `Claude Code recovers from an answer with nothing in it`() async throws {
        let claude = ClaudeCode(executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
        try await RealGateway.run(context: 32_768) { gateway in
            let work = try TemporaryDirectory("work")
            let outcome = try await claude.run("<|nothing|>", baseURL: gateway.daemon.baseURL, in: work)
            // It asks for an answer that can be seen, gets none, and ends. Retries would take three minutes.
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)")
        }
    }
}

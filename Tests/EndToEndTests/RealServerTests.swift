// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// llama.cpp's own server as the upstream. What its model answers is known, the way there is not ours.
@Suite(.needsLlamaServer)
struct RealServerTests {
    static let greeting = "Hello from the tiny model."
    static let echo = RealAnswer.Call(name: "Bash", input: ["command": "echo hi"])

    @Test(arguments: [true, false])
    func `a text`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let answer = try await gateway.ask(SampleRequest.plain(stream: stream))
            #expect(answer.problems == [])
            #expect(answer.blocks == ["text"])
            #expect(answer.text == Self.greeting)
            #expect(answer.stopReason == "end_turn")
            // The prompt of one question, as the server counts it, whether it has seen it before or not.
            let again = try await gateway.ask(SampleRequest.plain(stream: stream))
            #expect(again == answer)
            #expect((10...30).contains(again.promptTokens ?? 0), "\(again)")
        }
    }

    @Test(arguments: [true, false])
    func `a thought before the text`(stream: Bool) async throws {
        try await RealGateway.run(.xml) { gateway in
            let thinking: JSONValue = ["type": "enabled", "budget_tokens": 1_024]
            let request = SampleRequest.replacing("thinking", thinking, in: SampleRequest.plain(stream: stream))
            let answer = try await gateway.ask(request)
            #expect(answer.problems == [])
            #expect(answer.blocks == ["thinking", "text"])
            #expect(answer.thinking == "Hmm,")
            #expect(answer.text == Self.greeting)
        }
    }

    @Test(arguments: LlamaServer.Template.allCases, [true, false])
    func `a call, and an answer to its result`(template: LlamaServer.Template, stream: Bool) async throws {
        try await RealGateway.run(template) { gateway in
            let request = SampleRequest.withTools("<|call|>", stream: stream)
            let answer = try await gateway.ask(request)
            #expect(answer.problems == [])
            #expect(answer.calls == [Self.echo])
            #expect(answer.stopReason == "tool_use")
            let history: JSONValue = [
                ["role": "user", "content": "<|call|>"],
                [
                    "role": "assistant",
                    "content": [["type": "tool_use", "id": "toolu_1", "name": "Bash", "input": Self.echo.input]],
                ],
                ["role": "user", "content": [["type": "tool_result", "tool_use_id": "toolu_1", "content": "hi"]]],
            ]
            let last = try await gateway.ask(SampleRequest.replacing("messages", history, in: request))
            #expect(last.problems == [])
            #expect(last.text == "Done with it.")
            #expect(last.stopReason == "end_turn")
        }
    }

    @Test(arguments: LlamaServer.Template.allCases)
    func `a conversation in Claude Code's form, with system messages at any place`(
        template: LlamaServer.Template
    ) async throws {
        try await RealGateway.run(template) { gateway in
            let answer = try await gateway.ask(SampleRequest.main())
            #expect(answer.problems == [])
            #expect(answer.text == "Done with it.")
        }
    }

    @Test(arguments: [true, false])
    func `some call is demanded, and the grammar makes it a valid one`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let request = SampleRequest.replacing(
                "tool_choice", ["type": "any"], in: SampleRequest.withTools("Say hello.", stream: stream))
            let answer = try await gateway.ask(request)
            #expect(answer.problems == [])
            #expect(answer.calls == [Self.echo])
            #expect(answer.stopReason == "tool_use")
        }
    }

    @Test func `calls are forbidden`() async throws {
        try await RealGateway.run { gateway in
            let request = SampleRequest.replacing("tool_choice", ["type": "none"], in: SampleRequest.withTools("Go."))
            let answer = try await gateway.ask(request)
            #expect(answer.calls == [])
            #expect(answer.text == Self.greeting)
        }
    }

    @Test(arguments: [true, false])
    func `the output limit of the request`(stream: Bool) async throws {
        try await RealGateway.run { gateway in
            let request = SampleRequest.replacing("max_tokens", 20, in: SampleRequest.plain("<|long|>", stream: stream))
            let answer = try await gateway.ask(request)
            #expect(answer.problems == [])
            #expect(answer.text.split(separator: " ") == Array(repeating: "long", count: 20))
            #expect(answer.stopReason == "max_tokens")
        }
    }

    @Test(arguments: [true, false])
    func `a prompt that does not fit, in the words that make the client compact`(stream: Bool) async throws {
        try await RealGateway.run(context: 2_048) { gateway in
            let prompt = String(repeating: "the file ", count: 1_500)
            let reply = try await gateway.post(SampleRequest.plain(prompt, stream: stream))
            #expect(reply.status == 400)
            let message = reply.json["error"]?["message"]?.string ?? ""
            let words = try #require(
                message.wholeMatch(of: #/prompt is too long: (\d+) tokens > 2048 maximum/#), "\(message)")
            #expect((3_000...3_100).contains(Int(words.1) ?? 0))
            #expect(try await gateway.ask(SampleRequest.plain()).text == Self.greeting)
        }
    }

    @Test func `more requests than slots`() async throws {
        try await RealGateway.run(slots: 2) { gateway in
            try await withThrowingTaskGroup(of: RealAnswer.self) { group in
                for _ in 0..<8 { group.addTask { try await gateway.ask(SampleRequest.plain()) } }
                for try await answer in group { #expect(answer.text == Self.greeting) }
            }
        }
    }

    @Test func `a server that loads its model is waited for`() async throws {
        let directory = try TemporaryDirectory("fifo")
        let gate = try HeldPipe(path: directory.path("load"))
        try await RealGateway.run(heldBy: gate, configuration: "[retry]\nmax_retries = 20\n") { gateway in
            try await gate.waitForReader()
            #expect(try await gateway.server.get("/health")["error"]?["message"] == "Loading model")
            async let answer = gateway.ask(SampleRequest.plain())
            let monitor = try ChildProcess(
                BuiltProducts.control, ["monitor", "--json", "--interval", "0.1"],
                environment: gateway.daemon.environment)
            try await withDeadline(.seconds(30), waitingFor: "refusal") {
                while !monitor.output.contains("\"retrying\"") { try await Task.sleep(for: .milliseconds(20)) }
            }
            gate.release()
            #expect(try await answer.text == Self.greeting)
        }
    }

    @Test func `a server that goes on loading makes the client wait`() async throws {
        let directory = try TemporaryDirectory("fifo")
        let gate = try HeldPipe(path: directory.path("load"))
        try await RealGateway.run(heldBy: gate, configuration: "[retry]\nmax_retries = 1\n") { gateway in
            try await gate.waitForReader()
            let reply = try await gateway.post(SampleRequest.plain())
            #expect(reply.status == 529)
            #expect(reply.json["error"]?["type"] == "overloaded_error")
            #expect(reply.text.contains("Loading model"))
            gate.release()
        }
    }
}

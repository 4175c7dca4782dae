// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct MessagesTests {
    @Test func `a text comes as one block, with the usage of the upstream`() async throws {
        try await Gateway.answering(ModelTurn(Scenario.greeting)) { gateway in
            let events = try await gateway.stream(SampleRequest.plain())
            #expect(events.problems == [])
            #expect(events.blocks.map(\.type) == ["text"])
            #expect(events.text == Scenario.greeting)
            #expect(events.stopReason == "end_turn")
            #expect(events.message["model"] == "claude-sonnet-5-5")
            #expect(events.usage["input_tokens"]?.integer == 3_019 - 2_048)
            #expect(events.usage["cache_read_input_tokens"]?.integer == 2_048)
            #expect(events.usage["output_tokens"]?.integer == 104)
        }
    }

    @Test func `without streaming the same answer is one message`() async throws {
        let turn = ModelTurn(
            "Two calls.", calls: [.init("Bash", ["command": "echo \"1\""]), .init("Bash", ["command": "echo 2"])],
            reasoning: "Two are enough.")
        try await Gateway.answering(turn) { gateway in
            let reply = try await gateway.post(SampleRequest.withTools(stream: false))
            #expect(reply.status == 200)
            #expect(reply.header("content-type") == "application/json")
            let message = reply.json
            #expect(EventStreamChecker.problems(inMessage: message) == [])
            #expect(message["stop_reason"] == "tool_use")
            let content = message["content"]?.array ?? []
            #expect(content.compactMap { $0["type"]?.string } == ["thinking", "text", "tool_use", "tool_use"])
            #expect(content.last?["input"] == ["command": "echo 2"])
            #expect(Set(content.suffix(2).compactMap { $0["id"]?.string }).count == 2)
            #expect(message["usage"]?["cache_read_input_tokens"]?.integer == 2_048)
        }
    }

    @Test func `what Claude Code sends is a request that the strictest upstream takes`() async throws {
        let model = ScenarioModel()
        try await Gateway.run(script: model.reply) { gateway in
            let events = try await gateway.stream(SampleRequest.main())
            #expect(events.problems == [])
            #expect(model.problems.entries == [])
            let request = try await gateway.upstream.requests.entry(at: 0)
            let json = request.json
            #expect(request.header("authorization") == "Bearer \(Gateway.secret)")
            #expect(json["model"] == "qwen3-coder-plus")
            #expect(json["stream_options"]?["include_usage"] == true)
            #expect((json["max_tokens"]?.integer ?? 0) <= 65_536)
            let names = (json["tools"]?.array ?? []).compactMap { $0["function"]?["name"]?.string }
            #expect(names == ["Bash", "Read", "CronList"])
            let messages = json["messages"]?.array ?? []
            #expect(messages.first?["role"] == "system")
            #expect(!request.text.contains("x-anthropic-billing-header"))
            #expect(messages.compactMap { $0["tool_call_id"]?.string }.count == 2)
            // The results come back in the order of the calls.
            let calls = messages.flatMap { $0["tool_calls"]?.array ?? [] }.compactMap { $0["id"]?.string }
            #expect(messages.compactMap { $0["tool_call_id"]?.string } == calls)
        }
    }

    @Test func `the same beginning of a conversation gives the same bytes`() async throws {
        try await Gateway.run(script: Gateway.script(ModelTurn("Yes."))) { gateway in
            let first = SampleRequest.main()
            var longer = first["messages"]?.array ?? []
            longer += [
                ["role": "assistant", "content": [["type": "text", "text": "Done."]]],
                ["role": "user", "content": "And now?"],
            ]
            // The mark of the cache wanders to the end of the conversation with every turn.
            let moved = JSONValue.array(longer.map(Self.withoutCacheControl))
            _ = try await gateway.stream(first)
            _ = try await gateway.stream(SampleRequest.replacing("messages", moved, in: first))
            let sent = try await gateway.upstream.requests.wait(for: "two requests") { $0.count == 2 ? $0 : nil }
            let texts = sent.map { Self.conversation($0.text) }
            let common = zip(texts[0], texts[1]).prefix { $0 == $1 }.count
            // Only the closing bracket of the list differs.
            #expect(common >= texts[0].count - 2, "\(String(texts[0].dropFirst(max(0, common - 80)).prefix(160)))")
        }
    }

    private static func withoutCacheControl(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(Self.withoutCacheControl))
        case .object(let members):
            .object(members.filter { $0.key != "cache_control" }.mapValues(Self.withoutCacheControl))
        default: value
        }
    }

    /// From `"messages":[` to the end of that list.
    private static func conversation(_ text: String) -> Substring {
        guard let start = text.firstRange(of: "\"messages\":[") else { return "" }
        var depth = 1
        var isInString = false
        var isEscaped = false
        let list = text[start.upperBound...].prefix { character in
            switch character {
            case _ where isEscaped: isEscaped = false
            case "\\" where isInString: isEscaped = true
            case "\"": isInString.toggle()
            case "[" where !isInString: depth += 1
            case "]" where !isInString: depth -= 1
            default: break
            }
            return depth > 0
        }
        return list
    }

    @Test(arguments: StreamQuirk.allCases)
    func `a peculiar upstream makes no difference`(quirk: StreamQuirk) async throws {
        try await Self.expectTour([quirk])
    }

    @Test(arguments: StreamQuirk.combinations)
    func `all peculiarities together make no difference`(quirks: Set<StreamQuirk>) async throws {
        try await Self.expectTour(quirks)
    }

    private static func expectTour(_ quirks: Set<StreamQuirk>) async throws {
        let commands = ["echo \"é 你好\" \\ | cat", "echo {\"a\": 1}", "true"]
        var turn = ModelTurn(
            "I run three.", calls: commands.map { .init("Bash", ["command": .string($0), "timeout": 5]) },
            reasoning: "Let me think.")
        // Without a usable index nothing says which call a fragment without an id belongs to.
        turn.isInterleaved = quirks.isDisjoint(with: [.noIndex, .collidingIndex, .sameIdentifier])
        try await Gateway.answering(turn, quirks: quirks) { gateway in
            let events = try await gateway.stream(SampleRequest.withTools())
            #expect(events.problems == [])
            #expect(events.thinking == "Let me think.")
            // Whitespace between the text and the calls may stay at the end of the text.
            #expect(events.text.trimmingSuffix(while: \.isWhitespace) == "I run three.")
            #expect(events.blocks.count { $0.type == "text" } == 1)
            let inputs = events.toolUses.map { (try? JSONValue(parsing: $0.content)) ?? .null }
            #expect(inputs == commands.map { ["command": .string($0), "timeout": 5] })
            #expect(events.stopReason == "tool_use")
        }
    }

    @Test func `a leaked call in the model's own form becomes a call`() async throws {
        let text =
            "<tool_call>\n<function=Bash>\n<parameter=command>\necho \"a < b\"\n</parameter>\n</function>\n</tool_call>"
        try await Gateway.answering(ModelTurn("First this. " + text)) { gateway in
            let events = try await gateway.stream(SampleRequest.withTools())
            #expect(events.problems == [])
            #expect(!events.text.contains("<tool_call>"))
            #expect(
                events.toolUses.map(\.content).map { (try? JSONValue(parsing: $0)) } == [["command": "echo \"a < b\""]])
            // Without the tool it is just text.
            let plain = try await gateway.stream(SampleRequest.plain())
            #expect(plain.text.contains("<function=Bash>"))
            #expect(plain.toolUses.isEmpty)
        }
    }

    @Test func `the ids of the calls are unique for the whole conversation`() async throws {
        let turn = ModelTurn(calls: [.init("Bash", ["command": "true"])])
        try await Gateway.answering(turn, quirks: [.sameIdentifier]) { gateway in
            var ids: Set<String> = []
            for _ in 1...5 {
                let events = try await gateway.stream(SampleRequest.withTools())
                ids.formUnion(events.toolUses.compactMap(\.id))
            }
            #expect(ids.count == 5)
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}

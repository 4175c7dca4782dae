// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// An upstream that speaks the Messages API itself.
@Suite struct RelayTests {
    private static func events(_ text: String) -> String {
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_up","type":"message","role":"assistant","model":"qwen3.7-plus","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\(text)"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":25,"output_tokens":15}}

        event: message_stop
        data: {"type":"message_stop"}


        """
    }

    private static func script(_ text: String) -> ScriptedUpstream.Script {
        { request in
            guard request.json["stream"]?.bool == true else {
                return .json(
                    200,
                    [
                        "id": "msg_up", "type": "message", "role": "assistant", "model": "qwen3.7-plus",
                        "content": [["type": "text", "text": .string(text)]], "stop_reason": "end_turn",
                        "usage": ["input_tokens": 25, "output_tokens": 15],
                    ])
            }
            return .eventStream(Self.events(text))
        }
    }

    private func run(
        _ script: @escaping ScriptedUpstream.Script, extra: String = "", head: String = "",
        test: (DaemonProcess, ScriptedUpstream) async throws -> Void,
    ) async throws {
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(script)
            let home = try TemporaryDirectory("d")
            try home.configure(
                """
                \(head)
                [upstreams.native]
                kind = "anthropic"
                base_url = "http://127.0.0.1:\(upstream.port)/apps/anthropic"
                api_key = "\(Gateway.secret)"
                auth = "x-api-key"
                model = "qwen3.7-plus"
                \(extra)
                """)
            let daemon = try await DaemonProcess.start(environment: ["QWEN_RETRY_DELAY": "5ms"], home: home)
            try await test(daemon, upstream)
            let outcome = try await daemon.stop()
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(!outcome.errorOutput.contains(Gateway.secret))
            await upstream.stop()
        }
    }

    @Test func `a stream passes through, under the name that the client asked for`() async throws {
        try await self.run(Self.script("Hello")) { daemon, upstream in
            let body = SampleRequest.replacing("some_beta_field", ["x": 1], in: SampleRequest.plain())
            let reply = try await daemon.connect().post(
                "/v1/messages?beta=true", body,
                headers: [
                    "anthropic-version": "2023-06-01", "anthropic-beta": "one,two", "x-api-key": "sk-local",
                    "X-Claude-1p-Request-Class": "main", "x-claude-code-prompt-id": "p",
                ])
            #expect(reply.status == 200)
            #expect(reply.text == Self.events("Hello").replacing("qwen3.7-plus", with: "claude-sonnet-5-5"))
            #expect(EventStreamChecker.check(reply.body).problems == [])
            let request = try #require(upstream.requests.entries.first)
            #expect(request.target == "/apps/anthropic/v1/messages")
            #expect(request.header("x-api-key") == Gateway.secret)
            #expect(request.header("authorization") == nil)
            #expect(request.header("anthropic-beta") == "one,two")
            #expect(request.header("x-claude-1p-request-class") == "main")
            #expect(request.header("x-claude-code-prompt-id") == "p")
            #expect(request.header("user-agent")?.hasPrefix("qwenproxyd/") == true)
            #expect(request.text == body.text.replacing("claude-sonnet-5-5", with: "qwen3.7-plus"))
        }
    }

    @Test func `what a route says about parameters goes before the client's word`() async throws {
        let route = """
            [[routes]]
            model = "claude-*"
            upstream = "native"
            parameters = { thinking = false, temperature = 0.25, top_k = 7, max_tokens = 100 }
            """
        try await self.run(Self.script("Hello"), extra: route) { daemon, upstream in
            let body = SampleRequest.replacing(
                "thinking", ["type": "enabled", "budget_tokens": 2048], in: SampleRequest.plain())
            let reply = try await daemon.connect().post("/v1/messages", body)
            #expect(EventStreamChecker.check(reply.body).text == "Hello")
            let request = try #require(upstream.requests.entries.first?.json)
            #expect(request["model"] == "qwen3.7-plus")
            #expect(request["thinking"] == ["type": "disabled"])
            #expect(request["temperature"] == 0.25)
            #expect(request["top_k"] == 7)
            #expect(request["max_tokens"] == 100)
            #expect(request["messages"] == body["messages"])
        }
    }

    @Test func `a whole message passes through, and is counted`() async throws {
        try await self.run(Self.script("Hello")) { daemon, _ in
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false))
            #expect(reply.json["model"] == "claude-sonnet-5-5")
            #expect(reply.json["content"]?[0]?["text"] == "Hello")
            let outcome = try await daemon.control("status", "--json")
            let status = try JSONValue(parsing: outcome.output)
            #expect(status["tokens"]?["input"]?.integer == 25)
            #expect(status["tokens"]?["output"]?.integer == 15)
            #expect(status["upstreams"]?[0]?["api"] == "anthropic")
        }
    }

    @Test func `trouble at the beginning is tried again, and the rest is an error event`() async throws {
        let script: ScriptedUpstream.Script = { request in
            switch request.number {
            case 1: .error(529, "Overloaded", type: "overloaded_error")
            case 2:
                .eventStream(
                    Self.events("x").components(before: "event: content_block_start")
                        + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}\n\n"
                )
            default: .eventStream(Self.events("cut").components(before: "event: message_delta"))
            }
        }
        try await self.run(script) { daemon, upstream in
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            let events = EventStreamChecker.check(reply.body)
            #expect(upstream.requests.count == 3)
            #expect(events.text == "cut")
            #expect(events.error != nil)
            #expect(events.stopReason == nil)
        }
    }

    @Test func `a refusal is explained`() async throws {
        let refusal: ScriptedUpstream.Script = { _ in
            .json(401, ["type": "error", "error": ["type": "authentication_error", "message": "invalid x-api-key"]])
        }
        try await self.run(refusal) { daemon, _ in
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(reply.status == 401)
            #expect(reply.header("x-should-retry") == "false")
            let message = reply.json["error"]?["message"]?.string ?? ""
            #expect(message.contains("upstream \"native\"") && message.contains("qwenproxyctl upstream"), "\(message)")
        }
    }

    @Test func `upstreams of both kinds stand in for each other`() async throws {
        let translated = try await ScriptedUpstream.start(Gateway.script(ModelTurn("translated")))
        let other = "[upstreams.other]\nbase_url = \"\(translated.baseURL)\"\n"
        let broken: ScriptedUpstream.Script = { _ in .error(500, "An internal error has occured") }
        try await self.run(
            broken, extra: other,
            head: "[upstream]\nuse = \"native\"\nfallbacks = [\"other\"]\n[retry]\nmax_retries = 0\n"
        ) { daemon, _ in
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            let events = EventStreamChecker.check(reply.body)
            #expect(events.problems == [])
            #expect(events.text == "translated")
        }
        try await self.run(
            Self.script("native"),
            extra: "[upstreams.other]\nbase_url = \"http://127.0.0.1:1/v1\"\n",
            head: "[upstream]\nuse = \"other\"\nfallbacks = [\"native\"]\n[retry]\nmax_retries = 0\n"
        ) { daemon, _ in
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            let events = EventStreamChecker.check(reply.body)
            #expect(events.problems == [])
            #expect(events.text == "native")
        }
        await translated.stop()
    }

    @Test(
        .enabled(
            if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration,
            "needs Claude Code: make test"))
    func `the real client works through it, also behind an upstream that is down`() async throws {
        let claude = ClaudeCode(executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
        for head in [
            "", "[upstream]\nbase_url = \"http://127.0.0.1:1/v1\"\nauth = \"none\"\nfallbacks = [\"native\"]\n",
        ] {
            try await self.run(Self.script(Scenario.greeting), head: head) { daemon, upstream in
                let work = try TemporaryDirectory("work")
                let outcome = try await claude.play(.text, through: daemon, in: work)
                #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errorOutput)\n\(daemon.log)")
                #expect(outcome.output == Scenario.greeting + "\n")
                #expect(upstream.requests.entries.allSatisfy { $0.json["model"] == "qwen3.7-plus" })
            }
        }
    }
}

extension String {
    fileprivate func components(before mark: String) -> String {
        self.firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    }
}

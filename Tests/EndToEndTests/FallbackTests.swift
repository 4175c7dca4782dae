// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

/// Several upstreams: which is asked, and which instead.
@Suite struct FallbackTests {
    /// A daemon whose configuration is made from the upstreams' addresses.
    private func run(
        _ scripts: [String: ScriptedUpstream.Script], configuration: String, environment: [String: String] = [:],
        test: (DaemonProcess, [String: ScriptedUpstream]) async throws -> Void,
    ) async throws {
        try await Gateway.alone {
            var upstreams: [String: ScriptedUpstream] = [:]
            var text = configuration + "\n"
            for (name, script) in scripts.sorted(by: { $0.key < $1.key }) {
                let upstream = try await ScriptedUpstream.start(script)
                upstreams[name] = upstream
                text += "[upstreams.\(name)]\nbase_url = \"\(upstream.baseURL)\"\nmodel = \"model-of-\(name)\"\n"
                text += "api_key = \"\(Gateway.secret)-\(name)\"\n"
            }
            let home = try TemporaryDirectory("d")
            try home.configure(text)
            let daemon = try await DaemonProcess.start(
                environment: ["QWEN_RETRY_DELAY": "5ms"].merging(environment) { $1 }, home: home)
            try await test(daemon, upstreams)
            let outcome = try await daemon.stop()
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(!outcome.errorOutput.contains(Gateway.secret))
            for upstream in upstreams.values { await upstream.stop() }
        }
    }

    private static let chain = "[upstream]\nuse = \"first\"\nfallbacks = [\"second\"]"

    private static func always(_ reply: ScriptedReply) -> ScriptedUpstream.Script { { _ in reply } }

    @Test(
        arguments: [
            ("down", ScriptedReply.reset),
            ("out of quota", .error(429, "week allocated quota exceeded")),
            (
                "unpaid",
                .error(400, "Access denied, please make sure your account is in good standing.", code: "Arrearage")
            ),
            ("without the model", .error(404, "The model 'x' does not exist.", code: "model_not_found")),
            ("not for this key", .error(401, "invalid access token or token expired", code: "invalid_api_key")),
            ("overloaded", .error(503, "Too many requests", code: "ServiceUnavailable")),
            ("empty", .eventStream("data: [DONE]\n\n")),
            ("broken", .eventStream("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":null}]}\n\n")),
        ] as [(String, ScriptedReply)])
    func `the next upstream answers when the first is`(trouble: String, reply: ScriptedReply) async throws {
        let scripts: [String: ScriptedUpstream.Script] = [
            "first": Self.always(reply), "second": Gateway.script(ModelTurn("from the second")),
        ]
        try await self.run(scripts, configuration: Self.chain, environment: ["QWEN_MAX_RETRIES": "1"]) {
            daemon, upstreams in
            for isStreaming in [true, false] {
                let answer = try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: isStreaming))
                #expect(answer.status == 200, "\(trouble): \(answer.text)")
                let text =
                    isStreaming
                    ? EventStreamChecker.check(answer.body).text : answer.json["content"]?[0]?["text"]?.string
                #expect(text == "from the second", "\(trouble): \(answer.text)")
            }
            let second = upstreams["second"]?.requests.entries.last
            #expect(second?.json["model"] == "model-of-second")
            #expect(second?.header("authorization") == "Bearer \(Gateway.secret)-second")
        }
    }

    @Test func `what is wrong with the request is not asked elsewhere`() async throws {
        let tooLong = ScriptedReply.error(
            400, "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 983616]",
            code: "invalid_parameter_error")
        let scripts: [String: ScriptedUpstream.Script] = [
            "first": Self.always(tooLong), "second": Gateway.script(ModelTurn("never")),
        ]
        try await self.run(scripts, configuration: Self.chain) { daemon, upstreams in
            let answer = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["message"]?.string?.hasPrefix("prompt is too long: ") == true)
            #expect(upstreams["second"]?.requests.count == 0)
        }
    }

    @Test func `when no upstream can answer, the words of each are told`() async throws {
        let scripts: [String: ScriptedUpstream.Script] = [
            "first": Self.always(.error(429, "week allocated quota exceeded")),
            "second": Self.always(.error(401, "Incorrect API key provided.", code: "invalid_api_key")),
        ]
        try await self.run(scripts, configuration: Self.chain) { daemon, _ in
            let answer = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(answer.status == 429)
            #expect(answer.header("x-should-retry") == "false")
            let message = answer.json["error"]?["message"]?.string ?? ""
            #expect(message.contains("week allocated quota"), "\(message)")
            #expect(message.contains("The fallback \"second\""), "\(message)")
            #expect(message.contains("Incorrect API key"), "\(message)")
        }
    }

    @Test func `under a failing first upstream no request is lost that had not begun to stream`() async throws {
        let requests = 60
        let begun = Mutex(0)
        let first: ScriptedUpstream.Script = { _ in
            let number = begun.withLock { count in
                count += 1
                return count
            }
            // It dies in three ways, once in a while still answering.
            return switch number % 4 {
            case 0: CompletionEncoder().reply(ModelTurn("answered"))
            case 1: .reset
            case 2: .error(500, "An internal error has occured", code: "internal_error")
            default: .eventStream("data: [DONE]\n\n")
            }
        }
        let scripts = ["first": first, "second": Gateway.script(ModelTurn("answered"))]
        try await self.run(scripts, configuration: Self.chain, environment: ["QWEN_MAX_RETRIES": "1"]) {
            daemon, upstreams in
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<requests {
                    group.addTask {
                        let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
                        guard reply.status == 200 else { return "\(reply.status) \(reply.text)" }
                        let events = EventStreamChecker.check(reply.body)
                        return events.problems.isEmpty ? events.text : "\(events.problems)"
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(texts == Array(repeating: "answered", count: requests))
            #expect((upstreams["second"]?.requests.count ?? 0) > 0)
        }
    }

    @Test func `an upstream that is out of quota is left alone, and its health is to be seen`() async throws {
        let scripts: [String: ScriptedUpstream.Script] = [
            "first": Self.always(.error(429, "month allocated quota exceeded")),
            "second": Gateway.script(ModelTurn("from the second")),
        ]
        try await self.run(scripts, configuration: Self.chain) { daemon, upstreams in
            for _ in 0..<3 { _ = try await daemon.connect().post("/v1/messages", SampleRequest.plain()) }
            #expect(upstreams["first"]?.requests.count == 1)
            #expect(upstreams["second"]?.requests.count == 3)
            let outcome = try await daemon.control("status", "--json")
            let status = try JSONValue(parsing: outcome.output)
            #expect(status["upstreams"]?[0]?["name"] == "first")
            #expect(status["upstreams"]?[0]?["state"] == "refusing")
            #expect((status["upstreams"]?[0]?["restsFor"]?.integer ?? 0) > 200)
            #expect(status["upstreams"]?[0]?["lastError"]?.string?.contains("quota used up (429)") == true)
            #expect(status["upstreams"]?[1]?["name"] == "second")
            #expect(status["upstreams"]?[1]?["attempts"]?.integer == 3)
        }
    }

    @Test func `an only upstream is asked again and again`() async throws {
        let scripts: [String: ScriptedUpstream.Script] = [
            "first": Self.always(.error(429, "hour allocated quota exceeded"))
        ]
        try await self.run(scripts, configuration: "") { daemon, upstreams in
            for _ in 0..<3 {
                let answer = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
                #expect(answer.status == 429)
            }
            #expect(upstreams["first"]?.requests.count == 3)
        }
    }

    @Test func `rules send requests by what is in them, with parameters of their own`() async throws {
        let scripts: [String: ScriptedUpstream.Script] = [
            "first": Gateway.script(ModelTurn("main")), "second": Gateway.script(ModelTurn("side")),
        ]
        let rules = """
            [upstream]
            use = "first"
            [[routes]]
            features = ["background"]
            upstream = "second"
            to = "small"
            parameters = { temperature = 0.25, max_tokens = 50 }
            """
        try await self.run(scripts, configuration: rules) { daemon, upstreams in
            let client = try await daemon.connect()
            let haiku = SampleRequest.replacing("model", "claude-haiku-5-5", in: SampleRequest.plain())
            #expect(EventStreamChecker.check(try await client.post("/v1/messages", haiku).body).text == "side")
            let plain = try await client.post("/v1/messages", SampleRequest.plain())
            #expect(EventStreamChecker.check(plain.body).text == "main")
            let asked = upstreams["second"]?.requests.entries.last?.json
            #expect(asked?["model"] == "small")
            #expect(asked?["temperature"]?.number == 0.25)
            #expect(asked?["max_tokens"]?.integer == 50)
        }
    }

    @Test func `requests to an upstream with a known rate wait for their turn`() async throws {
        let scripts = ["first": Gateway.script(ModelTurn("Hi"))]
        try await self.run(scripts, configuration: "", environment: [:]) { daemon, upstreams in
            // A burst of one: the second request waits four seconds.
            try daemon.home.configure(
                "[upstreams.first]\nbase_url = \"\(upstreams["first"]?.baseURL ?? "")\"\nrequests_per_minute = 15\n")
            let reload = try await daemon.control("reload")
            #expect(reload.status == 0, "\(reload.errorOutput)")
            let client = try await daemon.connect()
            let start = ContinuousClock.now
            for _ in 0..<2 { #expect(try await client.post("/v1/messages", SampleRequest.plain()).status == 200) }
            #expect(ContinuousClock.now - start >= .seconds(4))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// One answer of the upstream and what the client has to see.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    var name: String
    var reply: ScriptedReply
    var status: Int
    var kind: String
    var shouldRetry: String?
    var message: String?

    var testDescription: String { self.name }

    init(
        _ name: String, _ reply: ScriptedReply, _ status: Int, _ kind: String, shouldRetry: String? = nil,
        message: String? = nil
    ) {
        self.name = name
        self.reply = reply
        self.status = status
        self.kind = kind
        self.shouldRetry = shouldRetry
        self.message = message
    }

    static let all = [
        Self(
            "wrong key", .error(401, "Incorrect API key provided.", code: "invalid_api_key"), 401,
            "authentication_error",
            shouldRetry: "false"),
        Self(
            "no right to the model", .error(403, "Model access denied.", code: "Model.AccessDenied"), 403,
            "permission_error"),
        Self(
            "no such model",
            .error(404, "The model 'x' does not exist or you do not have access to it.", code: "model_not_found"),
            404, "not_found_error"),
        Self(
            "unpaid",
            .error(400, "Access denied, please make sure your account is in good standing.", code: "Arrearage"), 402,
            "billing_error", shouldRetry: "false"),
        Self(
            "moderation",
            .error(400, "Input or output data may contain inappropriate content.", code: "data_inspection_failed"),
            400, "invalid_request_error"),
        Self(
            "context of DashScope",
            .error(
                400, "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 983616]",
                code: "invalid_parameter_error"),
            400, "invalid_request_error", message: "prompt is too long: "),
        Self(
            "context of OpenAI",
            .error(
                400, "This model's maximum context length is 32768 tokens. However, you requested 40000 tokens.",
                code: "context_length_exceeded"),
            // A total says how much was asked for, not how long the prompt is.
            400, "invalid_request_error", message: "prompt is too long: 32769 tokens > 32768 maximum"),
        Self(
            "the day's quota", .error(429, "Free allocated quota exceeded.", code: "insufficient_quota"), 429,
            "rate_limit_error",
            shouldRetry: "false"),
        Self(
            "requests per minute", .error(429, "Requests rate limit exceeded.", code: "limit_requests"), 429,
            "rate_limit_error"),
        Self("an accident", .error(500, "An internal error has occured.", code: "internal_error"), 500, "api_error"),
        Self(
            "a status in the message",
            .error(
                500,
                "<503> InternalError.Algo: An error occurred in model serving, error message is: [Too many requests.]",
                code: "ModelServingError"),
            529, "overloaded_error"),
        Self(
            "a page of HTML", .body(502, "text/html", Array("<html><h1>502 Bad Gateway</h1></html>".utf8)), 502,
            "api_error"),
        Self(
            "a page of HTML with status 200", .body(200, "text/html", Array("<html>captcha</html>".utf8)), 502,
            "api_error"),
        Self(
            "a JSON error with status 200",
            .json(
                200, ["code": "Throttling.RateQuota", "message": "Requests rate limit exceeded.", "request_id": "x"]),
            429,
            "rate_limit_error"),
        Self(
            "an error as the first event",
            .eventStream(
                "id:1\nevent:error\n:HTTP_STATUS/429\ndata:{\"request_id\":\"x\",\"code\":\"Throttling\",\"message\":\"Requests throttling triggered.\"}\n\n"
            ),
            429, "rate_limit_error"),
        Self("no stream at all, twice", .eventStream("data: [DONE]\n\n"), 502, "api_error"),
        Self("a broken connection", .reset, 502, "api_error"),
        Self("a body that is too large", .error(413, "Request body too large"), 413, "request_too_large"),
    ]
}

@Suite struct ErrorTests {
    private static func always(_ reply: ScriptedReply) -> ScriptedUpstream.Script {
        { _ in reply }
    }

    @Test(arguments: RefusalCase.all, [true, false])
    func `a refusal of the upstream is a proper error of the Messages API`(refusal: RefusalCase, isStreaming: Bool)
        async throws
    {
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: Self.always(refusal.reply)) { gateway in
            let reply = try await gateway.post(SampleRequest.plain(stream: isStreaming))
            #expect(reply.status == refusal.status, "\(reply.text)")
            #expect(reply.header("content-type") == "application/json")
            #expect(reply.header("x-should-retry") == refusal.shouldRetry)
            #expect(reply.json["type"] == "error")
            #expect(reply.json["error"]?["type"]?.string == refusal.kind)
            #expect(reply.json["request_id"]?.string == reply.header("request-id"))
            let message = reply.json["error"]?["message"]?.string ?? ""
            #expect(!message.isEmpty)
            if let expected = refusal.message { #expect(message.hasPrefix(expected), "\(message)") }
        }
    }

    @Test func `the wait that the upstream asks for is passed on`() async throws {
        let reply = ScriptedReply.error(
            429, "Requests rate limit exceeded.", code: "limit_requests", headers: ["retry-after": "17"])
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: Self.always(reply)) { gateway in
            let answer = try await gateway.post(SampleRequest.plain())
            #expect(answer.status == 429)
            #expect(answer.header("retry-after") == "17")
        }
    }

    @Test(arguments: [Scenario.failingOnce, .emptyOnce, .errorFirstOnce])
    func `what heals by itself is tried again before a byte was sent`(scenario: Scenario) async throws {
        let model = ScenarioModel()
        try await Gateway.run(script: model.reply) { gateway in
            let events = try await gateway.stream(SampleRequest.plain("[[play \(scenario.rawValue) in /nowhere]]"))
            #expect(events.problems == [])
            #expect(events.text == "RECOVERED")
            #expect(gateway.upstream.requests.count == 2)
        }
    }

    @Test func `what cannot heal is not tried again`() async throws {
        try await Gateway.run(script: Self.always(.error(401, "Incorrect API key provided.", code: "invalid_api_key")))
        {
            gateway in
            let reply = try await gateway.post(SampleRequest.plain())
            #expect(reply.status == 401)
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test func `an error in the middle of a stream is an error event, and nothing is made up after it`() async throws {
        let failure: JSONValue = ["error": ["message": "Too many requests", "code": "Throttling.AllocationQuota"]]
        let turn = ModelTurn("Some words before.", ending: .error(failure, afterChunks: 4))
        try await Gateway.answering(turn) { gateway in
            let events = try await gateway.stream(SampleRequest.plain())
            #expect(events.problems == [])
            #expect(events.error?["type"] == "rate_limit_error")
            #expect(events.stopReason == nil)
            #expect("Some words before.".hasPrefix(events.text) && !events.text.isEmpty)
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test(arguments: 1..<11)
    func `a call that is cut before the answer is finished is never closed`(chunks: Int) async throws {
        let turn = ModelTurn(
            "Careful.", calls: [.init("Bash", ["command": "rm -r build", "timeout": 10])],
            ending: .cut(afterChunks: chunks))
        try await Gateway.answering(turn, environment: ["QWEN_MAX_RETRIES": "0"]) { gateway in
            let reply = try await gateway.post(SampleRequest.withTools())
            guard reply.status == 200 else {
                // Nothing had been said: an honest status.
                #expect(reply.status == 502)
                return
            }
            let events = EventStreamChecker.check(reply.body)
            #expect(events.error != nil)
            #expect(events.stopReason == nil)
            #expect(events.problems == [])
            for call in events.toolUses where call.isClosed {
                #expect((try? JSONValue(parsing: call.content))?.object != nil)
            }
        }
    }

    @Test func `a call that the output limit cuts off is not run`() async throws {
        let request: ScriptedUpstream.Script = { _ in
            let call =
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"Bash","arguments":"{\"command\": \"rm"}}]},"finish_reason":null}]}"#
            let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#
            return .eventStream("data: \(call)\n\ndata: \(finish)\n\ndata: [DONE]\n\n")
        }
        try await Gateway.run(script: request) { gateway in
            let events = try await gateway.stream(SampleRequest.withTools())
            #expect(events.problems == [])
            #expect(events.stopReason == "max_tokens")
            #expect(!events.toolUses.contains { $0.isClosed })
        }
    }

    @Test func `a mistake in the request names its place`() async throws {
        try await Gateway.answering(ModelTurn("Never said.")) { gateway in
            var reply = try await gateway.post(
                SampleRequest.replacing("messages", [["role": "user", "content": 7]], in: SampleRequest.plain()))
            #expect(reply.status == 400)
            #expect(reply.json["error"]?["type"] == "invalid_request_error")
            #expect(reply.json["error"]?["message"]?.string?.contains("messages.0") == true, "\(reply.text)")
            reply = try await gateway.daemon.connect().exchange("POST", "/v1/messages", body: Array("{\"model\":".utf8))
            #expect(reply.status == 400)
            #expect(gateway.upstream.requests.count == 0)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// One error as an upstream sends it.
struct FailureSample: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var category: UpstreamFailure.Category
    /// The effective status where it is not the one above.
    var effectiveStatus: Int?
    var contentType: String?

    var testDescription: String { "\(self.status) \(self.body.prefix(80))" }

    init(
        _ status: Int, _ body: String, _ category: UpstreamFailure.Category, effective: Int? = nil,
        contentType: String? = "application/json",
    ) {
        self.status = status
        self.body = body
        self.category = category
        self.effectiveStatus = effective
        self.contentType = contentType
    }

    static func openAI(_ code: String, _ message: String, type: String = "x") -> String {
        #"{"error":{"code":"\#(code)","message":"\#(message)","param":null,"type":"\#(type)"},"request_id":"r"}"#
    }

    static let all: [FailureSample] = [
        .init(401, openAI("invalid_api_key", "invalid access token or token expired"), .invalidCredentials),
        .init(401, #"{"code":"InvalidApiKey","message":"Incorrect API key provided."}"#, .invalidCredentials),
        .init(403, openAI("x", "invalid api-key"), .invalidCredentials),
        .init(403, openAI("access_denied", "Access denied."), .permissionDenied),
        .init(
            403, #"{"code":"AllocationQuota.FreeTierOnly","message":"The free tier of the model has been exhausted."}"#,
            .hardQuota),
        .init(403, openAI("insufficient_quota", "daily"), .hardQuota),
        .init(
            404, openAI("model_not_found", "The model 'x' does not exist or you do not have access to it."),
            .modelNotFound),
        .init(400, openAI("invalid_parameter_error", "model 'xxx' is not supported"), .modelNotFound),
        .init(
            404, #"{"error":{"message":"model \"q\" not found, try pulling it first","type":"not_found_error"}}"#,
            .modelNotFound),
        .init(404, "", .modelNotFound),
        .init(
            400,
            openAI(
                "model_decommissioned", "The model `qwen-2.5-32b` has been decommissioned and is no longer supported."),
            .modelNotFound),
        .init(
            404, openAI("x", "The model `qwen-turbo` has been deprecated, use qwen-flash instead."), .modelNotFound),
        .init(
            410, openAI("gone", "Model qwen3-max was retired on 2026-10-10. Successor: qwen3.7-plus"), .modelNotFound),
        .init(403, openAI("x", "The model qwen-vl-max is no longer available."), .modelNotFound),
        .init(400, openAI("InvalidParameter", "Model not exist."), .modelNotFound),
        .init(404, openAI("404", "No endpoints found for qwen/qwen3-coder:free."), .modelNotFound),
        .init(400, openAI("1211", "模型 qwen-turbo 已于 10 月 10 日下线，请使用 qwen-flash"), .modelNotFound),
        .init(400, openAI("x", "`functions` is deprecated in this API version"), .invalidRequest),
        .init(400, openAI("Arrearage", "Access denied, please make sure your account is in good standing."), .billing),
        .init(429, openAI("PostpaidBillOverdue", "The bill is overdue."), .billing),
        .init(402, #"{"error":{"message":"Insufficient credits","code":402}}"#, .billing),
        .init(
            400, openAI("data_inspection_failed", "Output data may contain inappropriate content."), .contentRejected),
        .init(
            400,
            openAI(
                "invalid_parameter_error",
                "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 983616]"),
            .contextTooLong(tokens: nil, maximum: 983_616)),
        .init(
            400,
            openAI(
                "context_length_exceeded",
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."),
            .contextTooLong(tokens: 9001, maximum: 8192)),
        .init(
            400,
            #"{"object":"error","message":"This model's maximum context length is 4,096 tokens. However, you requested 5000 tokens (4000 in the messages)","type":"BadRequestError","code":400}"#,
            .outputDoesNotFit(promptTokens: 4000, window: 4096)),
        .init(
            400,
            #"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":5010,"n_ctx":4096}}"#,
            .contextTooLong(tokens: 5010, maximum: 4096)),
        .init(
            400, openAI("x", "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 65536]"),
            .outputLimitTooHigh(maximum: 65_536)),
        .init(
            400, openAI("x", "max_tokens is too large: 90000. This model supports at most 16384 completion tokens"),
            .outputLimitTooHigh(maximum: 16_384)),
        .init(
            400,
            openAI(
                "x",
                "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 40960 tokens and your request has 20000 input tokens"
            ),
            .outputDoesNotFit(promptTokens: 20_000, window: 40_960)),
        .init(413, "<html>413</html>", .requestTooLarge, contentType: "text/html"),
        .init(429, openAI("limit_requests", "You exceeded your current requests list."), .rateLimited),
        .init(
            429,
            #"{"code":"Throttling.AllocationQuota","message":"Allocated quota exceeded, please increase your quota limit."}"#,
            .rateLimited),
        .init(
            429, openAI("insufficient_quota", "You exceeded your current quota, see https://x/error-code#token-limit"),
            .rateLimited),
        .init(
            429,
            openAI(
                "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."),
            .hardQuota),
        .init(429, openAI("x", "Free allocated quota exceeded."), .hardQuota),
        .init(429, openAI("x", "week allocated quota exceeded"), .hardQuota),
        .init(429, openAI("x", "concurrency allocated quota exceeded"), .rateLimited),
        .init(429, openAI("x", "Your token-plan 1-week quota has been exhausted. It will reset at 07-27."), .hardQuota),
        .init(429, "", .rateLimited),
        .init(500, openAI("internal_error", "An internal error has occured, please try again later"), .internalError),
        .init(500, openAI("RequestTimeOut", "Request timed out, please try again later."), .timedOut),
        .init(
            500,
            openAI(
                "ModelServingError",
                "<503> InternalError.Algo: An error occurred in model serving, error message is: [Too many requests. Your requests are being throttled due to system capacity limits.]"
            ),
            .overloaded, effective: 503),
        .init(500, openAI("InternalError.Algo", "Expecting ',' delimiter: line 1 column 9"), .invalidOutput),
        .init(504, "stream timeout", .timedOut, contentType: "text/plain"),
        .init(502, "<html><body>Bad Gateway</body></html>", .internalError, contentType: "text/html"),
        .init(405, #"{"error":"Coding Plan is currently only available for Coding Agents"}"#, .agentsOnly),
        .init(422, #"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, .invalidRequest),
        .init(400, #"{"detail":"nope"}"#, .invalidRequest),
        .init(
            429,
            #"{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"{\"error\":{\"message\":\"slow down\"}}","provider_name":"p"}}}"#,
            .rateLimited),
        .init(200, #"{"error":{"message":"busy","code":503}}"#, .overloaded, effective: 503),
        .init(200, "<html>", .unreadable, contentType: nil),
        .init(200, "{}", .unreadable),
        .init(418, #"{"error":null}"#, .invalidRequest),
    ]
}

@Suite struct UpstreamFailureTests {
    @Test(arguments: FailureSample.all)
    func `an upstream's error is understood`(_ sample: FailureSample) {
        let failure = UpstreamFailure(
            status: sample.status, contentType: sample.contentType, body: Array(sample.body.utf8))
        #expect(failure.category == sample.category)
        if sample.status >= 400 { #expect(failure.status == sample.effectiveStatus ?? sample.status) }
        if sample.status == 200 { #expect(failure.status == sample.effectiveStatus || sample.category == .unreadable) }
        #expect(!failure.message.isEmpty)
    }

    @Test func `only what heals by itself is retried`() {
        func isRetryable(_ category: UpstreamFailure.Category) -> Bool {
            UpstreamFailure(category: category, message: "").isRetryable
        }
        #expect(
            [.rateLimited, .overloaded, .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted]
                .allSatisfy(isRetryable))
        #expect(
            ![
                .invalidCredentials, .hardQuota, .billing, .contextTooLong(tokens: 1, maximum: 1), .agentsOnly,
                .outputDoesNotFit(promptTokens: 1, window: 2), .outputLimitTooHigh(maximum: 1), .imagesRefused,
                .parameterRefused(.topK),
            ].contains(where: isRetryable))
    }

    @Test func `a message is one line without keys, without the prefix, and not too long`() {
        func message(_ text: String) -> String { UpstreamFailure(status: 400, code: nil, message: text).message }
        #expect(message("Incorrect key: sk-abcdefghijkl \n\t given.\u{1B}[0m") == "Incorrect key: [key] given. [0m")
        #expect(message("<400> InternalError.Algo.InvalidParameter: no user") == "no user")
        #expect(message(String(repeating: "word ", count: 1000)).count <= 600)
        #expect(message(String(repeating: "x", count: 10_000)).count <= 600)
        #expect(message("") == "The upstream answered 400 and said nothing more.")
    }

    @Test func `the provider's own words are shown, not the gateway's`() {
        let body =
            #"{"error":{"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"slow down\"}}"}}}"#
        let failure = UpstreamFailure(status: 429, contentType: nil, body: Array(body.utf8))
        #expect(failure.message == "slow down")
    }

    @Test func `a hostile body is no trouble`() {
        let deep = Array(String(repeating: "[", count: 100_000).utf8)
        #expect(UpstreamFailure(status: 500, contentType: nil, body: deep).category == .internalError)
        let nested = String(repeating: #"{"error":"#, count: 30) + "1" + String(repeating: "}", count: 30)
        #expect(UpstreamFailure(status: 500, contentType: nil, body: Array(nested.utf8)).category == .internalError)
    }
}

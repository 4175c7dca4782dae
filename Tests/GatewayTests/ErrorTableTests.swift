// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Configuration
@testable import Credentials
@testable import Gateway

/// One error as an upstream of Alibaba's words it, and what becomes of it.
struct ErrorRow: Sendable, CustomTestStringConvertible {
    /// Whether trying again can help: by ourselves before anything was sent, and by the client.
    enum Retry: Sendable {
        case helps
        /// The client is told that it is pointless.
        case isPointless
        /// The client's own rules for the status are right.
        case isUnsaid
    }

    var status: Int
    /// Every spelling that is seen of its code; none: it comes without one.
    var codes: [String]
    var message: String
    var kind: MessagesAPIError.Kind
    var retry: Retry
    /// How the message to the client begins, or a part of the advice in it.
    var words: String?

    var testDescription: String { "\(self.status) \(self.codes) \(self.message.prefix(40))" }

    init(
        _ status: Int, _ codes: [String], _ message: String, _ kind: MessagesAPIError.Kind, _ retry: Retry,
        words: String? = nil,
    ) {
        self.status = status
        self.codes = codes
        self.message = message
        self.kind = kind
        self.retry = retry
        self.words = words
    }

    /// Model Studio, "Error messages" (help page of 2025-12-26), in both spellings of the codes: the OpenAI-compatible one
    /// and the native one.
    static let modelStudio = [
        Self(
            401, ["invalid_api_key", "InvalidApiKey"], "Incorrect API key provided. ", .authentication, .isPointless,
            words: "key"),
        Self(
            401, ["NOT AUTHORIZED"],
            "Access denied: Either you are not authorized to access this workspace, or the workspace does not exist.",
            .authentication, .isPointless, words: "workspace"),
        Self(403, ["access_denied", "AccessDenied.Unpurchased"], "Access denied.", .permission, .isUnsaid),
        Self(403, ["Model.AccessDenied"], "Model access denied.", .permission, .isUnsaid),
        Self(
            403, ["AllocationQuota.FreeTierOnly"], "The free tier of the model has been exhausted.", .rateLimit,
            .isPointless),
        Self(
            404, ["model_not_found"], "The model 'x' does not exist or you do not have access to it.", .notFound,
            .isUnsaid, words: "qwen3-coder-plus"),
        Self(404, ["ModelNotFound"], "Model can not be found.", .notFound, .isUnsaid),
        Self(404, ["model_not_supported"], "Unsupported model 'x'.", .notFound, .isUnsaid),
        Self(
            400, ["Arrearage"], "Access denied, please make sure your account is in good standing.", .billing,
            .isPointless),
        Self(
            400, ["data_inspection_failed", "DataInspectionFailed"],
            "Input or output data may contain inappropriate content.", .invalidRequest, .isUnsaid),
        Self(
            400, ["invalid_parameter_error"],
            "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 983616]", .invalidRequest,
            .isUnsaid, words: "prompt is too long: 983617 tokens > 983616 maximum"),
        Self(
            400, ["invalid_parameter_error"], "Range of max_tokens should be [1, 65536]", .invalidRequest, .isUnsaid,
            words: "max_tokens: 65537 > 65536"),
        Self(413, [], "Request entity too large", .requestTooLarge, .isUnsaid),
        Self(429, ["limit_requests"], "You exceeded your current requests list.", .rateLimit, .helps),
        Self(429, ["LimitRequests"], "You have exceeded your request limit.", .rateLimit, .helps),
        Self(
            429, ["Throttling.RateQuota"], "Requests rate limit exceeded, please try again later.", .rateLimit, .helps),
        Self(
            429, ["limit_burst_rate", "Throttling.BurstRate"], "Request rate increased too quickly.", .rateLimit,
            .helps),
        Self(
            429, ["insufficient_quota", "Throttling.AllocationQuota"],
            "Allocated quota exceeded, please increase your quota limit.", .rateLimit, .helps),
        // The sample of the same page: tokens per minute, which pass, by way of the link in the text.
        Self(
            429, ["insufficient_quota"],
            "You exceeded your current quota, please check your plan and billing details. For details, see: "
                + "https://help.aliyun.com/zh/model-studio/error-code#token-limit", .rateLimit, .helps),
        Self(429, ["Throttling"], "Requests throttling triggered.", .rateLimit, .helps),
        Self(429, ["Throttling"], "Too many requests in route. Please try again later.", .rateLimit, .helps),
        Self(429, ["CommodityNotPurchased"], "Commodity has not purchased yet.", .billing, .isPointless),
        Self(429, ["PrepaidBillOverdue"], "The prepaid bill is overdue.", .billing, .isPointless),
        Self(429, ["PostpaidBillOverdue"], "The postpaid bill is overdue.", .billing, .isPointless),
        Self(
            500, ["internal_error", "InternalError", "InternalError.Algo"],
            "An internal error has occured, please try again later.", .api, .helps),
        Self(500, ["RequestTimeOut"], "Request timed out, please try again later.", .timeout, .helps),
        Self(503, ["ModelServingError"], "Too many requests. Your requests are being throttled.", .overloaded, .helps),
        Self(503, ["ServiceUnavailable"], "The service is not available.", .overloaded, .helps),
        Self(503, ["ModelUnavailable"], "Model is unavailable, please try again later.", .overloaded, .helps),
        // The status in front of the message is the real one.
        Self(
            500, ["InternalError.Algo"],
            "<503> InternalError.Algo: An error occurred in model serving, error message is: [Too many requests. Your "
                + "requests are being throttled due to system capacity limits. Please try again later.]", .overloaded,
            .helps),
        // docs.qwencloud.com, "Error messages" (2026): the model wrote a call that is no JSON.
        Self(500, ["InternalError.Algo"], "Expecting ',' delimiter: line 1 column 88 (char 87)", .api, .helps),
        Self(504, [], "stream timeout", .timeout, .helps),
    ]

    /// The portal of the Qwen login, as qwen-code's quota detection and its issues 3343 and 3435 quote it.
    static let portal = [
        Self(
            401, ["invalid_api_key"], "invalid access token or token expired", .authentication, .isPointless,
            words: "qwenproxyctl"),
        Self(403, ["insufficient_quota"], "quota", .rateLimit, .isPointless),
        Self(429, [], "Free allocated quota exceeded.", .rateLimit, .isPointless),
    ]

    /// The plans' own documentation, and what users of other clients quote (goose issue 8005).
    static let plans = [
        Self(401, [], "invalid access token or token expired", .authentication, .isPointless, words: "sk-sp-"),
        Self(403, [], "invalid api-key", .authentication, .isPointless),
        Self(400, [], "model 'xxx' is not supported", .notFound, .isUnsaid, words: "list of models"),
        Self(429, [], "hour allocated quota exceeded", .rateLimit, .isPointless, words: "upstream.fallbacks"),
        Self(429, [], "week allocated quota exceeded", .rateLimit, .isPointless),
        Self(429, [], "month allocated quota exceeded", .rateLimit, .isPointless),
        Self(429, [], "concurrency allocated quota exceeded", .rateLimit, .helps),
        Self(
            429, [],
            "Your token-plan 1-week quota has been exhausted. The quota will reset at 07-27 09:25:00 UTC.", .rateLimit,
            .isPointless),
        Self(
            405, [], "Coding Plan is currently only available for Coding Agents", .permission, .isPointless,
            words: "User-Agent"),
    ]
}

extension ErrorRow {
    /// What does not fit, and what is not taken, as servers of one's own and gateways word it.
    static let refusals = [
        Self(
            400, [],
            "This model's maximum context length is 32768 tokens. However, you requested 44768 tokens (12000 in the "
                + "messages, 32768 in the completion). Please reduce the length of the messages or completion.",
            .invalidRequest, .isUnsaid,
            words: "max_tokens: 32000 > 20768, which is the maximum allowed number of output tokens for this model"),
        Self(
            400, [],
            "This model's maximum context length is 32768 tokens. However, you requested 50000 tokens (40000 in "
                + "the messages, 10000 in the completion).", .invalidRequest, .isUnsaid,
            words: "prompt is too long: 40000 tokens > 32768 maximum"),
        // The size of the prompt is not told: our estimate counts.
        Self(
            400, [], "max_tokens=32000 cannot be greater than max_model_len=max_total_tokens=8192.", .invalidRequest,
            .isUnsaid, words: "max_tokens: 32000 > 7"),
        Self(
            400, [], "`max_tokens` must be less than or equal to `16384`", .invalidRequest, .isUnsaid,
            words: "max_tokens: 32000 > 16384, which is the maximum"),
        Self(
            400, [],
            "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 33000>= "
                + "n_ctx: 32768). Try to load the model with a larger context length, or provide a shorter input.",
            .invalidRequest, .isUnsaid, words: "prompt is too long: 33000 tokens > 32768 maximum"),
        Self(
            400, ["20015"], "length of prompt_tokens (131073) must be less than max_seq_len (131072).", .invalidRequest,
            .isUnsaid, words: "prompt is too long: 131073 tokens > 131072 maximum"),
        Self(
            400, [], "litellm.ContextWindowExceededError: it was too much", .invalidRequest, .isUnsaid,
            words: "tokens > 262144 maximum"),
        Self(
            500, ["server_error"],
            "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
            .invalidRequest, .isUnsaid, words: #"models."qwen3-coder-plus".vision = false"#),
        Self(
            400, [], "Unexpected fields in the request: {'top_k'}", .invalidRequest, .isUnsaid,
            words: "It refuses top_k"),
        Self(
            400, [], "parameter.enable_thinking must be set to false for non-streaming calls", .invalidRequest,
            .isUnsaid, words: "It refuses enable_thinking without streaming"),
        Self(
            400, [], "/chat/completions: Invalid model name passed in model=nope. Call `/v1/models` to view", .notFound,
            .isUnsaid, words: "QWEN_MODEL"),
    ]
}

@Suite struct ErrorTableTests {
    /// What a client asked: a short question, and a long answer.
    private static let request = #"{"model":"m","max_tokens":32000,"messages":[{"role":"user","content":"Hi"}]}"#

    @Test(arguments: ErrorRow.refusals)
    func `a refusal of what was asked`(row: ErrorRow) throws {
        let upstream = UpstreamIdentity(
            name: "default", product: .local, kind: .open, host: "127.0.0.1:8080", model: "qwen3-coder-plus")
        let message = try MessagesRequest(parsing: Array(Self.request.utf8)).facts
        let profile = ModelProfile(name: "qwen3-coder-plus")
        for body in Self.bodies(of: row) {
            let failure = UpstreamFailure(status: row.status, contentType: "application/json", body: body)
            let error = MessagesAPIError(
                failure.completed(for: message, profile), retryAfter: nil, from: upstream, asked: message.maximumTokens)
            #expect((error.kind, error.status) == (row.kind, row.kind == .notFound ? 404 : 400), "\(error)")
            #expect(!failure.isRetryable)
            #expect(error.message.contains(row.words ?? ""), "\(error)")
        }
    }

    private func expect(_ row: ErrorRow, product: UpstreamProduct, kind: UpstreamAuthorization.Kind) {
        let upstream = UpstreamIdentity(
            name: "work", product: product, kind: kind, host: "api.example", model: "qwen3-coder-plus")
        for body in Self.bodies(of: row) {
            let failure = UpstreamFailure(status: row.status, contentType: "application/json", body: body)
            let error = MessagesAPIError(failure, retryAfter: nil, from: upstream)
            let context = "\(row.testDescription): \(error)"
            #expect(error.kind == row.kind, "\(context)")
            #expect(failure.isRetryable == (row.retry == .helps), "\(context)")
            #expect((error.retry == .pointless) == (row.retry == .isPointless), "\(context)")
            if let words = row.words { #expect(error.message.contains(words), "\(context)") }
            // Which upstream it was is always said, except in the two sentences that the client takes apart.
            let isFixed = error.message.hasPrefix("prompt is too long") || error.message.hasPrefix("max_tokens")
            #expect(isFixed || error.message.contains("\"work\" (api.example)"), "\(context)")
            #expect(isFixed || error.outline.contains("\"work\" (api.example) failed: "), "\(context)")
            #expect(row.message.count < 12 || !error.outline.contains(row.message), "\(context)")
        }
    }

    /// The OpenAI-compatible form and the native one, with each of the codes.
    private static func bodies(of row: ErrorRow) -> [[UInt8]] {
        row.codes.isEmpty
            ? Self.bodies(row.message, code: nil) : row.codes.flatMap { Self.bodies(row.message, code: $0) }
    }

    private static func bodies(_ message: String, code: String?) -> [[UInt8]] {
        var inner = JSONWriter()
        inner.raw(#"{"message":"#)
        inner.string(message)
        if let code {
            inner.raw(#","code":"#)
            inner.string(code)
        }
        inner.raw(#","request_id":"r"}"#)
        let native = inner.take()
        return [native, Array(#"{"error":"#.utf8) + native + Array("}".utf8)]
    }

    @Test(arguments: ErrorRow.modelStudio)
    func `an error of Model Studio`(row: ErrorRow) {
        self.expect(row, product: .modelStudio, kind: .apiKey)
    }

    @Test(arguments: ErrorRow.portal)
    func `an error of the portal`(row: ErrorRow) {
        self.expect(row, product: .portal, kind: .oauth)
    }

    @Test(arguments: ErrorRow.plans)
    func `an error of a plan`(row: ErrorRow) {
        self.expect(row, product: .codingPlan, kind: .apiKey)
    }

    @Test func `the same words mean something else at each product`() {
        let words = "invalid access token or token expired"
        func message(_ product: UpstreamProduct, _ kind: UpstreamAuthorization.Kind) -> String {
            MessagesAPIError(
                UpstreamFailure(category: .invalidCredentials, message: words), retryAfter: nil,
                from: UpstreamIdentity(name: "u", product: product, kind: kind, host: "h", model: "m")
            ).message
        }
        #expect(message(.portal, .oauth).contains("qwenproxyctl login"))
        #expect(message(.codingPlan, .apiKey).contains("the Coding Plan"))
        #expect(message(.tokenPlan, .apiKey).contains("the Token Plan"))
        #expect(message(.local, .open).contains("without a key"))
        #expect(message(.openRouter, .apiKey).contains("openrouter.ai/keys"))
    }
}

// SPDX-License-Identifier: Apache-2.0

// What has nothing to do with the size or the form of a request: money, quotas, load, keys, models, moderation.

extension FailureRule {
    private static func row(
        _ category: UpstreamFailure.Category, at statuses: [Int] = [], names: [String] = [],
        _ words: MessagePattern..., source: StaticString,
    ) -> Self {
        Self(
            meaning: .category(category), statuses: statuses.isEmpty ? .any : .oneOf(statuses), names: names,
            words: words, source: source)
    }

    static let others =
        Self.moneyRows + Self.loadRows + Self.accessRows + [
            row(
                .contentRejected,
                names: [
                    "data_inspection_failed", "datainspectionfailed", "content_filter", "content_policy_violation",
                ], source: "Model Studio, error codes; OpenAI"),
            row(.contentRejected, "inappropriate content", source: "Model Studio, error codes"),
            row(.requestTooLarge, "request entity too large", source: "nginx and others"),
        ]

    /// With which a server says that it does not have a model any more.
    private static let retired = [400, 403, 404, 410]

    private static let moneyRows = [
        row(.agentsOnly, at: [405], "coding agents", source: "Coding Plan (goose #8005)"),
        row(.billing, names: ["arrearage"], source: "Model Studio, error codes"),
        row(.billing, "overdue", source: "Model Studio, error codes"),
        row(
            .billing, names: ["commoditynotpurchased", "billing_error", "billing_not_active"],
            source: "Model Studio, error codes; Anthropic; OpenAI"),
        row(.billing, "account is in good standing", source: "Model Studio, error codes"),
        row(.billing, "credit balance", source: "Anthropic"),
        row(.billing, "insufficient credits", source: "OpenRouter"),
        row(.billing, "insufficient balance", source: "DeepSeek; Moonshot"),
        // "Allocated quota exceeded" alone is DashScope's limit on tokens per minute.
        row(.hardQuota, "freetieronly", source: "Model Studio, error codes"),
        row(.hardQuota, "free allocated quota", source: "the Qwen portal (qwen-code)"),
        row(.hardQuota, "free tier * exhausted", source: "Model Studio, error codes"),
        row(.hardQuota, "hour allocated quota", source: "Coding Plan, documentation"),
        row(.hardQuota, "week allocated quota", source: "Coding Plan, documentation"),
        row(.hardQuota, "month allocated quota", source: "Coding Plan, documentation"),
        row(.hardQuota, "quota has been exhausted", source: "Token Plan, documentation"),
        row(.rateLimited, names: ["insufficient_quota"], "token-limit", source: "Model Studio, error codes"),
        row(
            .rateLimited, names: ["insufficient_quota"], "allocated quota exceeded",
            source: "Model Studio, error codes"),
        row(.hardQuota, names: ["insufficient_quota"], source: "OpenAI; the Qwen portal"),
        row(.hardQuota, "current quota * billing", source: "OpenAI"),
    ]

    private static let loadRows = [
        // The model's own mistakes, reported as the server's.
        row(.invalidOutput, at: [500], "delimiter: line", source: "Model Studio (docs.qwencloud.com)"),
        row(.invalidOutput, at: [500], "expecting property name", source: "Python's json"),
        row(.invalidOutput, at: [500], "expecting value: line", source: "Python's json"),
        row(.invalidOutput, at: [500], "unterminated string starting", source: "Python's json"),
        // A 5xx that speaks of too many requests is the server's trouble, not our rate.
        row(.overloaded, at: [500, 502, 503, 529], "capacity", source: "Model Studio, error codes"),
        row(.overloaded, at: [500, 502, 503, 529], "too many requests", source: "Model Studio, error codes"),
        row(
            .overloaded,
            names: [
                "modelservingerror", "serviceunavailable", "service_unavailable", "modelunavailable",
                "overloaded_error",
            ], source: "Model Studio, error codes; Anthropic"),
        row(.overloaded, "overloaded", source: "several"),
        row(
            .rateLimited,
            names: [
                "limit_requests", "limitrequests", "limit_burst_rate", "throttling", "throttling.ratequota",
                "throttling.burstrate", "throttling.allocationquota", "throttling.user", "rate_limit_exceeded",
                "rate_limit_error", "1302", "1305",
            ], source: "Model Studio, error codes; Anthropic; OpenAI; Z.ai"),
        row(.rateLimited, "concurrency allocated quota", source: "Coding Plan, documentation"),
        row(.rateLimited, "rate limit", source: "several"),
        row(.rateLimited, "throttl", source: "several"),
        row(.rateLimited, "too many requests", source: "several"),
        row(.rateLimited, "exceeded your request limit", source: "Model Studio, error codes"),
        row(
            .timedOut, names: ["requesttimeout", "request_timeout", "timeout", "timeout_error"],
            source: "Model Studio, error codes; Anthropic"),
        row(.timedOut, "stream timeout", source: "gateways in front of Model Studio"),
        row(.timedOut, "request timed out", source: "Model Studio, error codes"),
    ]

    private static let accessRows = [
        row(
            .invalidCredentials, names: ["invalid_api_key", "invalidapikey", "authentication_error"],
            source: "Model Studio, error codes; OpenAI; Anthropic"),
        row(.invalidCredentials, at: [401, 403], "api-key", source: "Coding Plan, documentation"),
        row(.invalidCredentials, at: [401, 403], "api key", source: "several"),
        row(.invalidCredentials, "invalid access token", source: "the Qwen portal (qwen-code)"),
        row(
            .permissionDenied, names: ["access_denied", "accessdenied.unpurchased", "model.accessdenied"],
            source: "Model Studio, error codes"),
        row(
            .modelNotFound, names: ["model_not_found", "modelnotfound", "model_not_supported"],
            source: "Model Studio, error codes; OpenAI"),
        row(.modelNotFound, at: [400, 404], "invalid model name", source: "LiteLLM, measured: status 400"),
        row(.modelNotFound, at: [400, 404], "model * does not exist", source: "OpenAI; Model Studio; vLLM"),
        row(.modelNotFound, at: [400, 404], "model * not found", source: "Ollama; llama.cpp's router"),
        row(.modelNotFound, at: [400, 404], "model ' * is not supported", source: "Coding Plan (goose #8005)"),
        row(.modelNotFound, at: [400, 404], "is not a valid model", source: "OpenRouter"),
        row(.modelNotFound, at: [400, 404], "model not exist", source: "Model Studio"),
        row(.modelNotFound, at: [400, 404], "no endpoints found for", source: "OpenRouter"),
        row(.modelNotFound, names: ["model_decommissioned", "model_deprecated"], source: "Groq, error codes; several"),
        row(.modelNotFound, at: Self.retired, "model * decommissioned", source: "Groq"),
        row(.modelNotFound, at: Self.retired, "model * has been deprecated", source: "OpenAI"),
        row(.modelNotFound, at: Self.retired, "model * is deprecated", source: "several"),
        row(.modelNotFound, at: Self.retired, "model * retired", source: "Azure; Vertex AI"),
        row(.modelNotFound, at: Self.retired, "model * discontinued", source: "several"),
        row(.modelNotFound, at: Self.retired, "model * no longer available", source: "Anthropic; OpenRouter"),
        row(.modelNotFound, at: Self.retired, "模型 * 下线", source: "providers in China"),
    ]
}

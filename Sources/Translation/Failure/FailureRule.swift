// SPDX-License-Identifier: Apache-2.0

/// One row of the table that tells failures apart: by the upstream's codes first, by loose words where codes are
/// missing or mean several things. Wordings change between editions and hosts, so no row asks for a whole sentence.
struct FailureRule {
    let category: UpstreamFailure.Category
    /// One of these statuses; empty is any.
    var statuses: [Int] = []
    /// One of these is a code or type of the error, in lower case; empty is any.
    var names: [String] = []
    /// All of these stand somewhere in the error, in lower case.
    var words: [String] = []

    func matches(_ report: ErrorReport) -> Bool {
        if !self.statuses.isEmpty {
            guard let status = report.status, self.statuses.contains(status) else { return false }
        }
        if !self.names.isEmpty, !self.names.contains(where: { report.names.contains($0) }) { return false }
        return self.words.allSatisfy { report.says($0) }
    }

    static func category(of report: ErrorReport) -> UpstreamFailure.Category {
        if let limit = TokenLimitMessage(report) { return limit.category }
        if let rule = Self.table.first(where: { $0.matches(report) }) { return rule.category }
        // A status says more than the vague types that servers put into any error.
        let isVague = Self.vagueNames.contains { report.names.contains($0) }
        if report.status == nil, isVague { return .invalidRequest }
        return Self.category(ofStatus: report.status)
    }

    /// What the status says when nothing else does.
    static func category(ofStatus status: Int?) -> UpstreamFailure.Category {
        switch status {
        case 401: .invalidCredentials
        case 402: .billing
        case 403: .permissionDenied
        case 404: .modelNotFound
        case 408, 504, 524: .timedOut
        case 413: .requestTooLarge
        case 429: .rateLimited
        case 503, 529: .overloaded
        case .some(400..<500): .invalidRequest
        default: .internalError
        }
    }

    /// The first row that matches counts.
    static let table: [Self] = [
        Self(category: .agentsOnly, statuses: [405], words: ["coding agents"]),
        // Money.
        Self(category: .billing, names: ["arrearage"]),
        Self(category: .billing, words: ["overdue"]),
        Self(category: .billing, names: ["commoditynotpurchased", "billing_error", "billing_not_active"]),
        Self(category: .billing, words: ["account is in good standing"]),
        Self(category: .billing, words: ["credit balance"]),
        Self(category: .billing, words: ["insufficient credits"]),
        Self(category: .billing, words: ["insufficient balance"]),
        // Quotas: "allocated quota exceeded" alone is DashScope's limit on tokens per minute.
        Self(category: .hardQuota, words: ["freetieronly"]),
        Self(category: .hardQuota, words: ["free allocated quota"]),
        Self(category: .hardQuota, words: ["free tier", "exhausted"]),
        Self(category: .hardQuota, words: ["hour allocated quota"]),
        Self(category: .hardQuota, words: ["week allocated quota"]),
        Self(category: .hardQuota, words: ["month allocated quota"]),
        Self(category: .hardQuota, words: ["quota has been exhausted"]),
        Self(category: .rateLimited, names: ["insufficient_quota"], words: ["token-limit"]),
        Self(category: .rateLimited, names: ["insufficient_quota"], words: ["allocated quota exceeded"]),
        Self(category: .hardQuota, names: ["insufficient_quota"]),
        Self(category: .hardQuota, words: ["current quota", "billing"]),
        // The model's own mistakes, reported as the server's.
        Self(category: .invalidOutput, statuses: [500], words: ["delimiter: line"]),
        Self(category: .invalidOutput, statuses: [500], words: ["expecting property name"]),
        Self(category: .invalidOutput, statuses: [500], words: ["expecting value: line"]),
        Self(category: .invalidOutput, statuses: [500], words: ["unterminated string starting"]),
        // Load. A 5xx that speaks of too many requests is the server's trouble, not our rate.
        Self(category: .overloaded, statuses: [500, 502, 503, 529], words: ["capacity"]),
        Self(category: .overloaded, statuses: [500, 502, 503, 529], words: ["too many requests"]),
        Self(
            category: .overloaded,
            names: [
                "modelservingerror", "serviceunavailable", "service_unavailable", "modelunavailable",
                "overloaded_error",
            ]),
        Self(category: .overloaded, words: ["overloaded"]),
        Self(
            category: .rateLimited,
            names: [
                "limit_requests", "limitrequests", "limit_burst_rate", "throttling", "throttling.ratequota",
                "throttling.burstrate", "throttling.allocationquota", "throttling.user", "rate_limit_exceeded",
                "rate_limit_error", "1302", "1305",
            ]),
        Self(category: .rateLimited, words: ["concurrency allocated quota"]),
        Self(category: .rateLimited, words: ["rate limit"]),
        Self(category: .rateLimited, words: ["throttl"]),
        Self(category: .rateLimited, words: ["too many requests"]),
        Self(category: .rateLimited, words: ["exceeded your request limit"]),
        Self(category: .timedOut, names: ["requesttimeout", "request_timeout", "timeout", "timeout_error"]),
        Self(category: .timedOut, words: ["stream timeout"]),
        Self(category: .timedOut, words: ["request timed out"]),
        // Keys and rights.
        Self(category: .invalidCredentials, names: ["invalid_api_key", "invalidapikey", "authentication_error"]),
        Self(category: .invalidCredentials, statuses: [401, 403], words: ["api-key"]),
        Self(category: .invalidCredentials, statuses: [401, 403], words: ["api key"]),
        Self(category: .invalidCredentials, words: ["invalid access token"]),
        Self(category: .permissionDenied, names: ["access_denied", "accessdenied.unpurchased", "model.accessdenied"]),
        // Models.
        Self(category: .modelNotFound, names: ["model_not_found", "modelnotfound", "model_not_supported"]),
        Self(category: .modelNotFound, statuses: [400, 404], words: ["model", "does not exist"]),
        Self(category: .modelNotFound, statuses: [400, 404], words: ["model", "not found"]),
        Self(category: .modelNotFound, statuses: [400, 404], words: ["model '", "is not supported"]),
        Self(category: .modelNotFound, statuses: [400, 404], words: ["is not a valid model"]),
        // Content.
        Self(
            category: .contentRejected,
            names: ["data_inspection_failed", "datainspectionfailed", "content_filter", "content_policy_violation"]),
        Self(category: .contentRejected, words: ["inappropriate content"]),
        Self(category: .requestTooLarge, words: ["request entity too large"]),
    ]

    /// In-stream errors have a name and no status.
    private static let vagueNames = ["invalid_parameter_error", "invalidparameter", "invalid_request_error"]
}

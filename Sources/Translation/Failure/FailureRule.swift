// SPDX-License-Identifier: Apache-2.0

/// One row of the table that tells failures apart: by the upstream's codes first, by loose words where codes are
/// missing or mean several things. Wordings change between editions and hosts, so no row asks for a whole sentence.
struct FailureRule: Sendable {
    /// What an error that matches is, before the numbers in it are looked at.
    enum Meaning: Sendable {
        case category(UpstreamFailure.Category)
        /// The prompt alone is too long.
        case promptTooLong
        /// Prompt and answer together are. Where the prompt's size is told, it may turn out too long by itself.
        case answerDoesNotFit
        case outputLimit
        /// The error refuses a parameter, named by the wording, by `param` or `loc`, or somewhere in the message.
        case parameter
    }

    enum Statuses: Sendable {
        case any
        case oneOf([Int])
        /// The upstream may blame the request: also with a 500, and an error inside a stream has no status.
        case request
    }

    let meaning: Meaning
    var statuses = Statuses.any
    /// One of these is a code or type of the error, in lower case; empty is any.
    var names: [String] = []
    /// All of these stand somewhere in the error.
    var words: [MessagePattern] = []
    /// Where the wording comes from: a documentation, a public project, or seen by ourselves.
    let source: StaticString

    /// Nil when the rule says nothing about the error.
    func category(of report: ErrorReport) -> UpstreamFailure.Category? {
        guard self.statuses.contain(report.status) else { return nil }
        if !self.names.isEmpty, !self.names.contains(where: { report.names.contains($0) }) { return nil }
        var findings: [MessagePattern.Findings] = []
        for pattern in self.words {
            guard let found = pattern.find(in: report.searchable) else { return nil }
            findings.append(found)
        }
        func number(_ slot: MessagePattern.Slot) -> Int? { findings.lazy.compactMap { $0[slot] }.first }
        switch self.meaning {
        case .category(let category):
            return category
        case .promptTooLong:
            return .contextTooLong(tokens: number(.prompt), maximum: number(.window))
        case .answerDoesNotFit:
            return Self.room(
                prompt: number(.prompt) ?? Self.difference(number(.total), number(.output)),
                atLeast: number(.promptAtLeast), window: number(.window))
        case .outputLimit:
            return .outputLimitTooHigh(maximum: number(.limit) ?? number(.limitExclusive).map { max($0 - 1, 0) })
        case .parameter:
            let parameter =
                findings.lazy.compactMap(\.parameter).first
                ?? report.parameter.flatMap { ParameterName.firstParameter(in: Array($0.utf8)) }
                ?? ParameterName.firstParameter(in: report.searchable)
            return parameter.map { .parameterRefused($0) }
        }
    }

    private static func room(prompt: Int?, atLeast: Int?, window: Int?) -> UpstreamFailure.Category {
        if let window, let tokens = prompt ?? atLeast, tokens >= window {
            return .contextTooLong(tokens: tokens, maximum: window)
        }
        // A lower bound is what vLLM counted before it stopped counting: it says how much was asked for, not how much
        // there is.
        return .outputDoesNotFit(promptTokens: prompt, window: window)
    }

    private static func difference(_ whole: Int?, _ part: Int?) -> Int? {
        guard let whole, let part, part <= whole else { return nil }
        return whole - part
    }
}

extension FailureRule.Statuses {
    fileprivate func contain(_ status: Int?) -> Bool {
        switch self {
        case .any: return true
        case .oneOf(let statuses): return status.map { statuses.contains($0) } ?? false
        case .request:
            guard let status else { return true }
            return [400, 413, 422].contains(status) || (500...599).contains(status)
        }
    }
}

extension FailureRule {
    /// The rows in their order: the first that matches counts. What does not fit is told by figures and comes first.
    static let table = Self.limits + Self.refusals + Self.others

    static func category(of report: ErrorReport) -> UpstreamFailure.Category {
        if let category = Self.known(report) { return category }
        // A status says more than the vague types that servers put into any error.
        let isVague = Self.vagueNames.contains { report.names.contains($0) }
        if report.status == nil, isVague { return .invalidRequest }
        return Self.category(ofStatus: report.status)
    }

    /// What the table says; nil when no row matches.
    static func known(_ report: ErrorReport) -> UpstreamFailure.Category? {
        for rule in Self.table {
            if let category = rule.category(of: report) { return category }
        }
        return nil
    }

    /// What the status says when nothing else does.
    static func category(ofStatus status: Int?) -> UpstreamFailure.Category {
        switch status {
        case 401: .invalidCredentials
        case 402: .billing
        case 403: .permissionDenied
        case 404: .modelNotFound
        // 524 is Cloudflare's word, and 529 is Anthropic's.
        case 408, 504, 524: .timedOut
        case 413: .requestTooLarge
        case 429: .rateLimited
        case 503, 529: .overloaded
        case .some(400..<500): .invalidRequest
        default: .internalError
        }
    }

    /// In-stream errors have a name and no status.
    private static let vagueNames = ["invalid_parameter_error", "invalidparameter", "invalid_request_error"]
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// One upstream for people.
enum UpstreamLine {
    /// The upstream, the limits of its model, and what was wrong with it last if anything was.
    static func lines(_ upstream: UpstreamStatus) -> [String] {
        let kind =
            switch upstream.kind {
            case .oauth: "OAuth"
            case .apiKey: "API key"
            case .open: "without credentials"
            case .demo: "built-in demo"
            }
        let api = upstream.api == .anthropic ? "Messages API" : nil
        let rest = upstream.restsFor.map { "others first for \($0) s" }
        let notes = [kind, api, upstream.state.rawValue, rest].compactMap(\.self).joined(separator: ", ")
        let line = [upstream.name, upstream.baseURL, "(\(notes))", "model \(upstream.model)"].compactMap(\.self)
        let error = (upstream.lastError ?? "").split(separator: "\n").map { "    \($0)" }
        return [line.joined(separator: " ")] + Self.limits(WindowAdvice(upstream)) + error
    }

    /// Indented below their upstream.
    private static func limits(_ advice: WindowAdvice?) -> [String] {
        guard let advice else { return [] }
        let warning = advice.warning.map { ["    ! \($0)", "      \(advice.remedy)"] } ?? []
        return ["    \(advice.line(now: .now()))"] + warning
    }

    /// What a test brought.
    static func text(_ report: UpstreamTestReport) -> String {
        let duration = report.duration.map { " after \($0) ms" } ?? ""
        guard report.succeeded else {
            return "\(report.upstream) did not answer\(duration) (model \(report.model)).\n\(report.problem ?? "")"
        }
        let limits = report.limits.map { WindowAdvice(upstream: report.upstream, model: report.model, limits: $0) }
        let model = report.answeredBy ?? report.model
        let tokens = [report.inputTokens.map { "\($0) tokens in" }, report.outputTokens.map { "\($0) out" }]
            .compactMap(\.self).joined(separator: ", ")
        let answer = "\(report.upstream) answered\(duration): \(model)" + (tokens.isEmpty ? "" : ", \(tokens)") + "."
        return ([answer] + Self.limits(limits)).joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// One upstream for people.
enum UpstreamLine {
    /// The upstream, how it is, the limits of its model, and what was wrong with it last if anything was.
    /// - Parameter answers: it is the one of several that answers when no route says otherwise.
    static func lines(_ upstream: UpstreamStatus, answers: Bool = false) -> [String] {
        let role = answers ? "answers when no route says otherwise" : nil
        let notes = [Self.state(upstream), Self.rest(upstream), role].compactMap(\.self)
        let error = (upstream.lastError ?? "").split(separator: "\n").map { "    \($0)" }
        let model = upstream.kind == .demo ? "a script" : upstream.model
        return ["\(model) at \(Self.place(upstream))", "    \(notes.joined(separator: ", "))"]
            + Self.limits(WindowAdvice(upstream)) + error
    }

    /// "plan (https://example.com/v1, API key)"
    static func place(_ upstream: UpstreamStatus) -> String {
        let api = upstream.api == .anthropic ? "Messages API" : nil
        let notes = [upstream.baseURL, Self.kind(upstream.kind), api].compactMap(\.self)
        return "\(upstream.name) (\(notes.joined(separator: ", ")))"
    }

    /// Indented below their upstream.
    private static func limits(_ advice: WindowAdvice?) -> [String] {
        guard let advice else { return [] }
        let warning = advice.warning.map { ["    ! \($0)", "      \(advice.remedy)"] } ?? []
        return ["    \(advice.line(now: .now()))"] + warning
    }

    private static func kind(_ kind: UpstreamStatus.Kind) -> String {
        switch kind {
        case .oauth: "OAuth"
        case .apiKey: "API key"
        case .open: "no key"
        case .demo: "built-in demo"
        }
    }

    private static func state(_ upstream: UpstreamStatus) -> String {
        switch upstream.state {
        case .untried: "untried"
        case .reachable: "reachable"
        case .unreachable: "unreachable"
        case .failing: "failing"
        case .refusing: "refuses us"
        }
    }

    private static func rest(_ upstream: UpstreamStatus) -> String? {
        upstream.restsFor.map { "others are asked first for \($0) s" }
    }

    /// All of them, the one that answers when no route says otherwise marked and first. Where the table is too wide, the
    /// addresses stand below it: what is cut off of them, such as a port, tells them apart.
    /// - Parameter width: of the terminal; nil when there is none.
    static func table(_ upstreams: [UpstreamStatus], width: Int?) -> [StyledText] {
        var table = TextTable([
            .init(title: " "), .init(title: "NAME"), .init(title: "MODEL", minimum: 10, keepsEnd: true),
            .init(title: "STATE", minimum: 9),
            .init(title: "ACCESS"), .init(title: "ADDRESS", isOptional: true),
        ])
        table.rows = upstreams.enumerated().map { index, upstream in
            let api = upstream.api == .anthropic ? ", Messages API" : ""
            return [
                StyledText(index == 0 ? "→" : " ", .green), StyledText(upstream.name, index == 0 ? .bold : nil),
                StyledText(upstream.kind == .demo ? "-" : upstream.model),
                StyledText(Self.state(upstream), Self.look(upstream.state)),
                StyledText(Self.kind(upstream.kind) + api),
                StyledText(upstream.baseURL ?? "-"),
            ]
        }
        let errors = upstreams.flatMap { upstream in
            (upstream.lastError ?? "").split(separator: "\n").enumerated().map { index, line in
                StyledText(index == 0 ? "\(upstream.name): \(line)" : "  \(line)").hanging(by: 2)
            }
        }
        let showsAddresses = width.map { table.fits($0) } ?? true
        let limits = upstreams.flatMap { upstream in
            let address = showsAddresses ? [] : [upstream.baseURL].compactMap(\.self)
            return (address + Self.limits(WindowAdvice(upstream))).map {
                StyledText("\(upstream.name): \($0.drop { $0 == " " })").hanging(by: 2)
            }
        }
        let rests = upstreams.compactMap { upstream in
            Self.rest(upstream).map { StyledText("\(upstream.name): \($0)").hanging(by: 2) }
        }
        let notes = limits + rests + errors
        return table.lines(width: width) + (notes.isEmpty ? [] : [StyledText("")]) + notes
    }

    private static func look(_ state: UpstreamStatus.State) -> StyledText.Look? {
        switch state {
        case .untried: nil
        case .reachable: .green
        case .unreachable: .red
        case .failing: .yellow
        case .refusing: .red
        }
    }

    private static func text(_ findings: [UpstreamTestReport.Observation], of report: UpstreamTestReport) -> String {
        var lines = ["\(report.model) at \(report.upstream), \(Quantity.count(findings.count, "request")):"]
        lines += findings.map { finding in
            let mark =
                switch finding.outcome {
                case .yes: "✓"
                case .no: "✗"
                case .unclear: "?"
                }
            return "  \(mark) \(finding.name): \(finding.detail)"
        }
        if let untested = report.untested {
            lines += [
                "  - not asked about, because requests pass through as they are: \(untested.joined(separator: ", "))"
            ]
        }
        lines.append("What was found out is kept, and used from now on.")
        return (lines + Self.limits(of: report)).joined(separator: "\n")
    }

    /// What a test brought.
    static func text(_ report: UpstreamTestReport) -> String {
        let duration = report.duration.map { " after \($0) ms" } ?? ""
        guard report.succeeded else {
            return "The test of \(report.upstream) failed\(duration) (model \(report.model)).\n\(report.problem ?? "")"
        }
        if report.succeeded, let findings = report.findings { return Self.text(findings, of: report) }
        let model = report.answeredBy ?? report.model
        let tokens = [
            report.inputTokens.map { Quantity.count($0, "token") + " in" }, report.outputTokens.map { "\($0) out" },
        ]
        .compactMap(\.self).joined(separator: ", ")
        let answer = "\(report.upstream) answered\(duration): \(model)" + (tokens.isEmpty ? "" : ", \(tokens)") + "."
        return ([answer] + Self.limits(of: report)).joined(separator: "\n")
    }

    private static func limits(of report: UpstreamTestReport) -> [String] {
        Self.limits(report.limits.map { WindowAdvice(upstream: report.upstream, model: report.model, limits: $0) })
    }
}

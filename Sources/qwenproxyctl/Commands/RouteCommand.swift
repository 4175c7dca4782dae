// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl route`
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Says where a request would go, and why. Nothing is sent.")

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "The model, as Claude Code would ask for it.")
    var model: String

    @Flag(help: "The request has images.")
    var images = false

    @Flag(help: "The request wants thinking.")
    var thinking = false

    @Flag(help: "The request has tools.")
    var tools = false

    @Option(help: ArgumentHelp("The size of the request in tokens.", valueName: "number"))
    var tokens: Int = 0

    /// As Claude Code says them in `x-claude-code-request-class`.
    private static let classes = ["main", "subagent", "workflow", "compaction", "auxiliary", "side_reply"]

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("What the request is for: \(Self.classes.joined(separator: ", ")).", valueName: "class"))
    var requestClass: String?

    @Option(help: ArgumentHelp("The kind of agent that sends it, such as Explore.", valueName: "type"))
    var agent: String?

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    func validate() throws {
        guard let requestClass, !Self.classes.contains(requestClass) else { return }
        throw ValidationError(
            "There is no class of requests \"\(requestClass)\". There are: \(Self.classes.joined(separator: ", ")).")
    }

    func run() throws {
        let report = try self.daemon.call { client throws(ControlError) in
            try client.explainRoute(
                .init(
                    model: self.model, images: self.images, thinking: self.thinking, tools: self.tools,
                    inputTokens: self.tokens, requestClass: self.requestClass, agentType: self.agent))
        }
        Terminal.print(report, asJSON: self.json, else: self.lines(report))
    }

    func lines(_ report: RouteReport) -> [StyledText] {
        var lines = ["Why: \(report.reason)."]
        if !report.parameters.isEmpty { lines.append("With \(report.parameters.joined(separator: ", ")).") }
        for (index, candidate) in report.candidates.enumerated() {
            lines.append("\(index + 1). \(candidate.model) at \(UpstreamLine.place(candidate.upstream))")
            lines += self.objections(to: candidate).map { "   ! \($0)" }
            let advice = candidate.limits.map {
                WindowAdvice(upstream: candidate.upstream.name, model: candidate.model, limits: $0)
            }
            if let advice { lines.append("   \(advice.line(now: .now()))") }
            lines.append(
                "   \(candidate.vision ? "images" : "no images"), thinking: \(candidate.thinking), "
                    + "tool_choice up to \(candidate.toolChoice)")
            lines += advice?.warning.map { ["   ! \($0)", "     \(advice?.remedy ?? "")"] } ?? []
        }
        return lines.map { line in
            StyledText(line, line.hasPrefix("   !") ? .yellow : nil).hanging(by: line.hasPrefix("   !") ? 5 : 3)
        }
    }

    /// What would become of such a request there.
    private func objections(to candidate: RouteReport.Candidate) -> [String] {
        var objections: [String] = []
        if self.images, !candidate.vision {
            objections.append("This model takes no images: a note would stand in place of each.")
        }
        if self.tokens > candidate.contextWindow {
            let window = Quantity.grouped(candidate.contextWindow)
            objections.append(
                "\(Quantity.grouped(self.tokens)) tokens do not fit into \(window): Claude Code would be told to compact."
            )
        }
        return objections
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl setup`
struct SetupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Connects a model and Claude Code, question by question.",
        discussion: """
            It looks for what is there, asks for the rest, tries one tiny request, and writes the upstream into config.d and \
            what Claude Code needs into its settings. Every change is shown first, and "--undo" takes back what was written. \
            In scripts, options and standard input say what would be asked.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @OptionGroup var upstream: UpstreamOptions

    @Option(help: "What to call the upstream; without it, after its product.")
    var name: String?

    @Flag(name: [.short, .long], help: "Make the changes without asking.")
    var yes = false

    @Flag(name: .customLong("no-start"), help: "Leave the units of systemd alone.")
    var omitsStart = false

    @Flag(name: .customLong("no-test"), help: "Do not send a request, which costs a few tokens.")
    var omitsTest = false

    @Flag(name: .customLong("no-client"), help: "Leave Claude Code's settings alone.")
    var omitsClient = false

    @Flag(help: "Take back what was set up.")
    var undo = false

    @Flag(help: "Print what was done as JSON.")
    var json = false

    func validate() throws {
        guard self.name.map(UpstreamDraft.isName) ?? true else { throw ValidationError(UpstreamDraft.nameRule) }
    }

    func run() throws {
        let client = self.daemon.client(patience: .seconds(30))
        guard !self.undo else {
            let report = try SetupUndo(client: client, agrees: self.yes).run()
            return Terminal.print(report, asJSON: self.json, else: report.lines)
        }
        let setup = Setup(
            client: client, draft: try self.upstream.draft(name: self.name), agrees: self.yes, starts: !self.omitsStart,
            tests: !self.omitsTest, connects: !self.omitsClient,
            tells: !self.json)
        let report = try setup.run()
        Terminal.print(report, asJSON: self.json, else: report.clientLines)
    }
}

extension SetupUndo.Report {
    var lines: [StyledText] {
        guard self != SetupUndo.Report() else { return [StyledText("There is nothing to take back.")] }
        return self.restored.map { StyledText("✓ ", .green) + StyledText("taken back: \($0)") }
            + self.kept.map { StyledText("· ", .cyan) + StyledText("\($0) has been changed since, and stays.") }
    }
}

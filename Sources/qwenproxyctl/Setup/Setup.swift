// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// From what is on the machine to a model that answers Claude Code. Each change is shown before it is made, recorded so that it
/// can be taken back, and made as a whole or not at all.
struct Setup {
    let client: ControlClient
    /// What the options said.
    let draft: UpstreamDraft
    /// No question is asked.
    let agrees: Bool
    let starts: Bool
    let tests: Bool
    let connects: Bool
    /// Says in words what is in place as soon as it is: whoever ends this at the next question knows what there is.
    let tells: Bool

    func run() throws -> SetupReport {
        let survey = Survey.current()
        Terminal.printNote(survey.lines)
        let editor = try UpstreamEditor(self.client)
        // What setup writes may be at fault itself, and is written anew then. It mends no other file.
        if let mistaken = MistakenConfiguration(editor.list),
            !mistaken.mistakes.allSatisfy({ $0.hasPrefix("\(editor.directory.path)/") })
        {
            throw ExitStatus.refused.exit(saying: "Nothing was changed. \(mistaken.message)")
        }
        var dialogue = UpstreamDialogue(self.draft, survey: survey, configured: editor.list.upstreams)
        do throws(UpstreamInterview.Failure) {
            try UpstreamInterview.run(&dialogue)
        } catch {
            throw ExitStatus.refused.exit(saying: error.message)
        }
        var report = SetupReport(upstream: dialogue.name, model: dialogue.draft.model)
        let plan = try self.plan(dialogue, editor)
        report.files = plan.files.map { editor.directory.file($0.name) }
        if !plan.isEmpty {
            Terminal.printNote(plan.lines)
            if !self.agrees { try Prompt.agreement("Make these changes?") }
        }
        report.test = try self.apply(plan, editor, dialogue.name)
        if self.tells { Terminal.print(report.upstreamLines) }
        // Asked anew: the units may have been enabled just now.
        report.isRunning = (try? self.client.status()) != nil
        if self.connects { try self.connect(&report) }
        report.next = Self.next(survey, report)
        return report
    }

    private func plan(_ dialogue: UpstreamDialogue, _ editor: UpstreamEditor) throws -> SetupPlan {
        var wanted: [UpstreamEditor.Change] = []
        if !dialogue.isKept {
            var file = UpstreamFile(name: dialogue.name)
            dialogue.draft.write(to: &file)
            wanted.append((UpstreamFile.fileName(of: dialogue.name), file.text))
        }
        // The first upstream answers what no route sends elsewhere.
        if !dialogue.isKept || editor.list.upstreams.first?.name != dialogue.name {
            wanted.append(editor.use(dialogue.name))
        }
        let enable = self.starts ? ServiceState.current().enable(isRunning: editor.isRunning) : nil
        // A file that cannot be read passes for none here: the writing reads it as well, and says what is wrong.
        return SetupPlan(
            directory: editor.directory.path, wanted: wanted,
            before: { (try? editor.directory.read($0)) ?? nil }, enable: enable)
    }

    /// Takes everything back when the model does not answer, unless the user wants it all the same.
    private func apply(_ plan: SetupPlan, _ editor: UpstreamEditor, _ name: String) throws -> UpstreamTestReport? {
        let transaction = SetupTransaction(client: self.client, editor: editor, plan: plan, upstream: name)
        switch try transaction.run(tests: self.tests) {
        case .done(let test):
            return test
        case .interrupted:
            throw ExitStatus.refused.exit(saying: "Everything is as it was.")
        case .failed(let reason, isFinal: true):
            throw ExitStatus.refused.exit(saying: "Everything is as it was: \(reason)")
        case .stuck(let reason):
            throw Self.stuck(reason)
        case .failed(let reason, isFinal: false):
            Terminal.printError(reason)
            // With --yes there is no person to decide, so what does not work is not set up.
            guard !plan.isEmpty, !self.agrees, Prompt.asks("Set it up all the same?", default: false) else {
                let advice =
                    plan.isEmpty
                    ? "" : " Run this again with what is right, or with \"--no-test\" to set it up all the same."
                throw ExitStatus.refused.exit(saying: "Everything is as it was.\(advice)")
            }
            switch try transaction.run(tests: false) {
            case .done: return nil
            case .stuck(let reason): throw Self.stuck(reason)
            case .failed, .interrupted: throw ExitStatus.refused.exit(saying: "Everything is as it was.")
            }
        }
    }

    private static func stuck(_ reason: String) -> ExitCode {
        ExitStatus.refused.exit(
            saying: """
                The setup failed, and its changes could not be taken back: \(reason)
                When that is mended, "qwenproxyctl setup --undo" takes them back.
                """)
    }

    private func connect(_ report: inout SetupReport) throws {
        let settings = (try? self.client.clientSettings()) ?? ClientSettings(baseURL: "http://127.0.0.1:3455")
        let route = try? self.client.explainRoute(.init(model: "claude-sonnet-5"))
        // A route may send this name to another upstream, whose limits would be wrong here.
        let candidate = route?.candidates.first { $0.upstream.name == report.upstream }
        guard let model = report.model ?? candidate?.model else { return }
        let connection = ClientConnection(settings, model: model, limits: candidate)
        let path = ClientSettingsLayer.userPath
        do throws(ClientSettingsFile.Failure) {
            let file = ClientSettingsFile(path: path)
            let change = try file.change(connection)
            if let change {
                Terminal.printNote(connection.lines(path: path, before: change.before))
                guard self.agrees || Prompt.asks("Connect Claude Code this way?") else { return }
                try file.write(change)
            }
            report.clientSettings = path
        } catch {
            // No failure of the setup: the upstream is set up, and "qwenproxyctl claude" needs no settings.
            return Terminal.printError("Claude Code's settings were left alone: \(error.reason)")
        }
        report.shadows = EnvironmentCheck.current(
            daemon: settings, hasClassifier: (try? self.client.configuration())?.hasClassifier ?? false
        ).findings.filter { $0.verdict != .good }
    }

    /// The one command that comes next.
    private static func next(_ survey: Survey, _ report: SetupReport) -> String {
        guard report.isRunning else { return ExternalProgram.daemon?.typed ?? "qwenproxyd" }
        guard let client = survey.client else { return "npm install -g @anthropic-ai/claude-code" }
        guard report.clientSettings == nil else { return ExternalProgram(path: client).typed }
        return "\(ExternalProgram.own.typed) claude"
    }
}

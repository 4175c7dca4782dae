// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Shared

/// `qwenproxyctl upstream add`
struct UpstreamAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds an upstream, or changes one that was added before.",
        discussion: """
            What is not said with options is asked for; without a terminal, a preset's best model is taken and tried. The key \
            is asked for, or read from standard input with --key-stdin: other users can read a command line, so it has no \
            place there. It is kept in a file that only you can read, unless a file or a variable is named that holds it.

            Presets: \(Catalog.shipped.presets.list).
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "A name of your choice.")
    var name: String

    @OptionGroup var upstream: UpstreamOptions

    @Flag(help: "Make it the one that answers when no route says otherwise.")
    var use = false

    @Flag(help: "Change an upstream that is there; what is not named here stays as it is.")
    var replace = false

    func validate() throws {
        guard UpstreamDraft.isName(self.name) else { throw ValidationError(UpstreamDraft.nameRule) }
    }

    func run() throws {
        let editor = try UpstreamEditor(self.daemon.client())
        let fileName = UpstreamFile.fileName(of: self.name)
        // A file that cannot be read is no obstacle yet: the writing reads it as well, and says what is wrong.
        let earlier = (try? editor.directory.read(fileName)) ?? nil
        let isKnown = earlier != nil || editor.names.contains(self.name)
        guard self.replace || !isKnown else {
            throw ExitStatus.refused.exit(
                saying: "There is an upstream \"\(self.name)\" already. Change it with --replace.")
        }
        var file = earlier.map { UpstreamFile(name: self.name, reading: $0) } ?? UpstreamFile(name: self.name)
        let draft = try self.draft(isNew: earlier == nil)
        guard earlier == nil || self.use || draft != UpstreamDraft(name: draft.name) else {
            throw ExitStatus.refused.exit(
                saying:
                    "Nothing was changed. Say what is to be different, like --model NAME, --key-stdin or --base-url URL."
            )
        }
        draft.write(to: &file)
        var changes: [UpstreamEditor.Change] = [(fileName, file.text)]
        if self.use { changes.append(editor.use(self.name)) }
        let mistakes = editor.attempt(changes)
        if !self.use, mistakes.contains(where: { $0.contains("upstream.use: there are several") }) {
            // Until now there was only one, which answered without being named. It goes on doing so.
            let answering = editor.list.upstreams.first?.name ?? self.name
            try editor.apply(changes + [editor.use(answering)])
        } else if !mistakes.isEmpty {
            throw UpstreamEditor.refused(mistakes)
        }
        let next =
            self.use
            ? "Requests go there now." : "Let requests go there with \"qwenproxyctl upstream use \(self.name)\"."
        // Only then: a model that was named is what the user wants, and the test costs tokens.
        let trial = editor.isRunning && draft.model == nil && earlier == nil ? self.trial(editor.client) : nil
        Terminal.print(
            """
            \(isKnown ? "Changed" : "Added") the upstream "\(self.name)" in \(editor.directory.file(fileName)).
            \(trial ?? "Try it with \"qwenproxyctl upstream test \(self.name)\".") \(next)
            """)
    }

    /// What became of a model that nobody chose: it is the best that the catalogue knows of, and the account may not have it.
    private func trial(_ client: ControlClient) -> String? {
        do throws(ControlError) {
            return try UpstreamTrial.run(client, self.name).map { UpstreamLine.text($0) + "\n" }
        } catch {
            return Failure(error).message
        }
    }

    /// What the options say; of a new one, with what they leave open.
    private func draft(isNew: Bool) throws -> UpstreamDraft {
        let said = try self.upstream.draft(name: self.name)
        let isIncomplete = said.preset == nil && said.baseURL == nil
        guard isNew, isIncomplete || Prompt.isPossible else { return said }
        var dialogue = UpstreamDialogue(said, survey: Survey.current())
        do throws(UpstreamInterview.Failure) {
            try UpstreamInterview.run(&dialogue)
        } catch {
            throw ExitStatus.refused.exit(saying: error.message)
        }
        return dialogue.draft
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl upstream`
struct UpstreamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upstream",
        abstract: "Lists, adds, tests, chooses and removes upstreams.",
        discussion: """
            What is added goes into files of its own in config.d beside config.toml, which stays as it is. A running \
            daemon reads them at once. With a mistake nothing is changed.
            """,
        subcommands: [List.self, UpstreamAddCommand.self, Test.self, Use.self, Remove.self],
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the upstreams and how they are doing; the first one answers when no route says otherwise.")

        @OptionGroup var daemon: DaemonOptions

        @Flag(help: "Print the list as JSON.")
        var json = false

        func run() throws {
            let editor = try UpstreamEditor(self.daemon.client())
            if let mistaken = MistakenConfiguration(editor.list) {
                if self.json { Terminal.print(editor.list, asJSON: true, else: []) }
                throw ExitStatus.refused.exit(saying: mistaken.message)
            }
            Terminal.print(
                editor.list, asJSON: self.json,
                else: UpstreamLine.table(editor.list.upstreams, width: Terminal.size?.columns))
            if !editor.isRunning {
                Terminal.printNote("qwenproxyd is not running. This is what its configuration says.")
            }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes one tiny request through the daemon and explains what came back.")

        @OptionGroup var daemon: DaemonOptions

        @Argument(help: "The upstream; without it, the one that answers when no route says otherwise.")
        var name: String?

        @Flag(help: "Find out with some 15 tiny requests what the server and the model really do, and keep that.")
        var deep = false

        @Flag(help: "Print the daemon's answer as JSON.")
        var json = false

        func run() throws {
            let client = self.daemon.client()
            let report: UpstreamTestReport?
            do throws(ControlError) {
                report = try UpstreamTrial.run(client, self.name, deep: self.deep)
            } catch .invalidParameter("upstream") {
                throw try self.unknown(client)
            } catch {
                throw Failure(error).status.exit(saying: Failure(error).message)
            }
            // Ctrl-C ends the program before it could be nil.
            guard let report else { throw ExitStatus.refused.exit }
            Terminal.print(report, asJSON: self.json, else: UpstreamLine.text(report))
            guard report.succeeded else { throw ExitStatus.refused.exit }
        }

        /// The daemon knows no such upstream; which there are is worth more than that.
        private func unknown(_ client: ControlClient) throws -> ExitCode {
            let names = try DaemonOptions.orExit { () throws(ControlError) in
                try client.upstreams().upstreams.map(\.name)
            }
            return UpstreamEditor.unknown(self.name ?? "", among: names)
        }
    }

    struct Use: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an upstream the one that answers when no route says otherwise.")

        @OptionGroup var daemon: DaemonOptions

        @Argument(help: "The upstream; \"default\" is the one of the [upstream] table and of QWEN_BASE_URL.")
        var name: String

        func run() throws {
            let editor = try UpstreamEditor(self.daemon.client())
            // The one of the [upstream] table is there even where it says nothing.
            guard self.name == "default" || editor.names.contains(self.name) else {
                throw UpstreamEditor.unknown(self.name, among: editor.names)
            }
            try editor.apply([editor.use(self.name)])
            // Asked again, because an option, a variable or a later file may say otherwise.
            let after = try UpstreamEditor(self.daemon.client()).list.upstreams.first?.name
            guard after == self.name else {
                let file = editor.directory.file(UpstreamEditor.useFile)
                throw ExitStatus.refused.exit(
                    saying: "\(file) says so, but something that goes before it says \"\(after ?? "")\": "
                        + "see \"qwenproxyctl config show\" for upstream.use.")
            }
            Terminal.print("Requests now go to \"\(self.name)\".")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes an upstream that was added with this command.")

        @OptionGroup var daemon: DaemonOptions

        @Argument(help: "The upstream.")
        var name: String

        func run() throws {
            let editor = try UpstreamEditor(self.daemon.client())
            let file = UpstreamFile.fileName(of: self.name)
            guard (try? editor.directory.read(file)) ?? nil != nil else {
                guard editor.names.contains(self.name) else {
                    throw UpstreamEditor.unknown(self.name, among: editor.names)
                }
                throw ExitStatus.refused.exit(
                    saying:
                        "The upstream \"\(self.name)\" was not added with this command. Edit the file that describes it "
                        + "(\"qwenproxyctl config edit\").")
            }
            var changes: [UpstreamEditor.Change] = [(file, nil)]
            // An upstream that answered by name cannot be gone while the name is there.
            if let use = (try? editor.directory.read(UpstreamEditor.useFile)) ?? nil, use == editor.use(self.name).text
            {
                changes.append((UpstreamEditor.useFile, nil))
            }
            let mistakes = editor.attempt(changes)
            if mistakes.contains(where: { $0.contains("upstream.use: there are several") }) {
                throw ExitStatus.refused.exit(
                    saying: "Nothing was changed: requests go to \"\(self.name)\". Choose another one first, with "
                        + "\"qwenproxyctl upstream use NAME\".")
            }
            guard mistakes.isEmpty else { throw UpstreamEditor.refused(mistakes) }
            Terminal.print("Removed the upstream \"\(self.name)\".")
        }
    }
}

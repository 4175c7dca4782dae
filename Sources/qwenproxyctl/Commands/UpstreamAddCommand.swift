// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Shared

/// `qwenproxyctl upstream add`
struct UpstreamAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds an upstream, or changes one that was added before.",
        discussion: """
            The key is asked for, or read from standard input with --key-stdin; everybody can read a command line, so it \
            has no place there. It is kept in a file that only you can read, unless a file or a variable is named that \
            holds it.

            Presets: dashscope-cn, dashscope-intl, dashscope-us, dashscope-hk, dashscope-workspace, coding-plan-cn, \
            coding-plan-intl, token-plan-cn, token-plan-intl, openrouter, portal, local, custom.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "A name of your choice.")
    var name: String

    @Option(help: "The product, for its address and its rules.")
    var preset: String?

    @Option(help: ArgumentHelp("The address, where the preset has none or it is another.", valueName: "url"))
    var baseURL: String?

    @Option(help: "The API that is spoken there: openai or anthropic.")
    var kind: String?

    @Option(help: "The model to ask there.")
    var model: String?

    @Option(help: "How to identify ourselves: auto, api-key, x-api-key, oauth or none.")
    var auth: String?

    @Option(help: ArgumentHelp("A file with the key on its only line.", valueName: "path"), completion: .file())
    var keyFile: String?

    @Option(help: ArgumentHelp("A variable of the daemon's environment that holds the key.", valueName: "variable"))
    var keyEnv: String?

    @Flag(help: "Read the key from standard input.")
    var keyStdin = false

    @Option(help: "For dashscope-workspace: the workspace.")
    var workspace: String?

    @Option(help: "For dashscope-workspace: its region.")
    var region: String?

    @Option(help: ArgumentHelp("Requests beyond this rate wait.", valueName: "number"))
    var requestsPerMinute: Int?

    @Flag(help: "Make it the one that answers when no route says otherwise.")
    var use = false

    @Flag(help: "Change an upstream that is there; what is not named here stays as it is.")
    var replace = false

    func validate() throws {
        // It becomes part of a file's name; everything else is the daemon's to judge.
        guard self.name.utf8.allSatisfy(\.isNameCharacter), (1...64).contains(self.name.utf8.count) else {
            throw ValidationError("The name of an upstream has up to 64 letters, digits, - and _.")
        }
        guard [self.keyFile != nil, self.keyEnv != nil, self.keyStdin].count(where: { $0 }) <= 1 else {
            throw ValidationError("--key-file, --key-env and --key-stdin exclude each other.")
        }
    }

    func run() throws {
        let editor = try UpstreamEditor(self.daemon.client())
        let fileName = UpstreamFile.fileName(of: self.name)
        let earlier = (try? editor.directory.read(fileName)) ?? nil
        let isKnown = earlier != nil || editor.list.upstreams.contains { $0.name == self.name }
        guard self.replace || !isKnown else {
            throw ExitStatus.refused.exit(
                saying: "There is an upstream \"\(self.name)\" already. Change it with --replace.")
        }
        var file = earlier.map { UpstreamFile(name: self.name, reading: $0) } ?? UpstreamFile(name: self.name)
        self.describe(&file)
        try self.setKey(&file, isNew: earlier == nil)
        var changes: [UpstreamEditor.Change] = [(fileName, file.text)]
        if self.use { changes.append(editor.use(self.name)) }
        let mistakes = try editor.attempt(changes)
        if !self.use, mistakes.contains(where: { $0.contains("upstream.use: there are several") }) {
            // Until now there was only one, which answered without being named. It goes on doing so.
            let answering = editor.list.upstreams.first?.name ?? self.name
            try editor.apply(changes + [editor.use(answering)])
        } else if !mistakes.isEmpty {
            throw UpstreamEditor.refused(mistakes)
        }
        let next = self.use ? "It answers now." : "Let it answer with \"qwenproxyctl upstream use \(self.name)\"."
        Terminal.print(
            """
            \(isKnown ? "Changed" : "Added") the upstream "\(self.name)" in \(editor.directory.file(fileName)).
            Try it with "qwenproxyctl upstream test \(self.name)". \(next)
            """)
    }

    private func describe(_ file: inout UpstreamFile) {
        file.set("preset", self.preset)
        file.set("base_url", self.baseURL)
        file.set("kind", self.kind)
        file.set("model", self.model)
        file.set("auth", self.auth)
        file.set("workspace", self.workspace)
        file.set("region", self.region)
        file.set("requests_per_minute", self.requestsPerMinute)
    }

    private func setKey(_ file: inout UpstreamFile, isNew: Bool) throws {
        var key: String?
        if self.keyStdin {
            key = readLine()
            guard key?.isEmpty == false else {
                throw ExitStatus.refused.exit(saying: "Nothing was changed: there is no key on standard input.")
            }
        } else if self.keyFile == nil, self.keyEnv == nil, self.wantsKey, Terminal.isInputTerminal {
            key = Terminal.secret(isNew ? "Key (empty for none): " : "Key (empty leaves it as it is): ")
        }
        let isGiven = key.map { !$0.isEmpty } ?? false || self.keyFile != nil || self.keyEnv != nil
        guard isGiven else { return }
        for setting in ["api_key", "api_key_file", "api_key_env"] { file.remove(setting) }
        if let key, !key.isEmpty { file.set("api_key", key) }
        file.set("api_key_file", self.keyFile.map(Self.absolute))
        file.set("api_key_env", self.keyEnv)
    }

    private var wantsKey: Bool {
        ![self.auth, self.preset].contains { ["none", "oauth", "local", "portal"].contains($0) }
    }

    /// The daemon is somewhere else.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), !path.hasPrefix("~"), let directory = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(directory) }
        return unsafe String(cString: directory) + "/" + path
    }
}

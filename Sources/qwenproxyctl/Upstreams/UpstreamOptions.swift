// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Glibc
import Shared

/// What can be said about an upstream on the command line.
struct UpstreamOptions: ParsableArguments {
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

    /// Typed by many before they have read what there is.
    @Option(name: [.customLong("key"), .customLong("api-key")], help: .hidden)
    var spelledKey: String?

    @Option(help: "For dashscope-workspace: the workspace.")
    var workspace: String?

    @Option(help: "For dashscope-workspace: its region.")
    var region: String?

    @Option(help: ArgumentHelp("Requests beyond this rate wait.", valueName: "number"))
    var requestsPerMinute: Int?

    func validate() throws {
        guard self.spelledKey == nil else {
            throw ValidationError(
                "Other users can read a command line, so a key has no place there. Without it, it is asked for; "
                    + "--key-stdin reads it from standard input.")
        }
        guard [self.keyFile != nil, self.keyEnv != nil, self.keyStdin].count(where: { $0 }) <= 1 else {
            throw ValidationError("--key-file, --key-env and --key-stdin exclude each other.")
        }
        // Everything else is the daemon's to judge, but a forgotten scheme is known here.
        if let url = self.baseURL, Catalog.current.preset(named: url) == nil, !url.contains("://"),
            // A word without these is meant as the name of a preset, and the daemon says whether there is one.
            url.contains(where: { ":./".contains($0) })
        {
            do throws(UpstreamDialogue.Objection) {
                _ = try UpstreamDialogue.url(url)
            } catch {
                throw ValidationError("--base-url: \(error.message)")
            }
        }
    }

    /// Nil where no key was announced. An announced key that does not come is a mistake of the script that calls us.
    private func keyFromStandardInput() throws -> String? {
        guard self.keyStdin else { return nil }
        guard let key = readLine(), !key.isEmpty else {
            throw ExitStatus.refused.exit(saying: "Nothing was changed: there is no key on standard input.")
        }
        return key
    }

    /// - Parameter name: what the user calls the upstream, if it was said.
    func draft(name: String?) throws -> UpstreamDraft {
        // A wrong name must not lead to questions first.
        if let preset = self.preset, Catalog.current.preset(named: preset) == nil {
            let meant = NameSuggestion.nearest(to: preset, among: Catalog.current.presets.map(\.name))
                .map { " Did you mean \($0)?" }
            throw ExitStatus.refused.exit(
                saying: "Nothing was changed: there is no preset \"\(preset)\".\(meant ?? "") There are: "
                    + "\(Catalog.current.presets.list).")
        }
        return UpstreamDraft(
            name: name, preset: self.preset, baseURL: self.baseURL, kind: self.kind, model: self.model,
            auth: self.auth, workspace: self.workspace, region: self.region,
            requestsPerMinute: self.requestsPerMinute, key: try self.key())
    }

    private func key() throws -> UpstreamDraft.Key? {
        if let file = self.keyFile {
            let path = Self.absolute(file)
            // One that cannot be looked at from here may be there for the daemon.
            guard unsafe path.hasPrefix("~") || access(path, F_OK) == 0 || errno != ENOENT else {
                throw ExitStatus.refused.exit(saying: "Nothing was changed: there is no file \(path).")
            }
            return .file(path)
        }
        if let variable = self.keyEnv { return .variable(variable) }
        return try self.keyFromStandardInput().map { .literal($0) }
    }

    /// The daemon is somewhere else.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), !path.hasPrefix("~"), let directory = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(directory) }
        return unsafe String(cString: directory) + "/" + path
    }
}

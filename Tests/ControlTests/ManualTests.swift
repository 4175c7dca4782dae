// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The manual pages say what the parsers take, no more and no less, and no document shows what they do not take.
@Suite(.timeLimit(.minutes(1))) struct ManualTests {
    private struct Dump: Decodable {
        struct Command: Decodable {
            var commandName: String
            var arguments: [Argument]?
            var subcommands: [Command]?
        }

        struct Argument: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
            }

            var names: [Name]?
            /// False of what is taken only to say that it is not.
            var shouldDisplay: Bool

            var long: [String] { (self.shouldDisplay ? self.names ?? [] : []).filter { $0.kind == "long" }.map(\.name) }
        }

        var command: Command
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let pages = ["qwenproxyctl.1", "qwenproxyd.8", "qwenproxyd.toml.5"]
    /// Documented once for all commands.
    private static let common: Set = ["socket", "timeout", "help", "version"]

    private func page(_ name: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: "docs/man/\(name)"), encoding: .utf8)
    }

    private func command(of program: String) async throws -> Dump.Command {
        let output = try await ChildProcess.run(program, ["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(output.output.utf8)).command
    }

    /// Commands by their full name, those that only hold others left out.
    private func leaves(_ command: Dump.Command, _ path: [String] = []) -> [String: Dump.Command] {
        let parts = (command.subcommands ?? []).filter { $0.commandName != "help" }
        guard !parts.isEmpty else { return [path.joined(separator: " "): command] }
        return parts.reduce(into: [:]) { all, part in
            all.merge(self.leaves(part, path + [part.commandName])) { $1 }
        }
    }

    private func options(in text: Substring) -> Set<String> {
        Set(text.matches(of: /Fl (?:[a-z] (?:\||,) (?:Fl )?)?-([a-z-]+)/).map { String($0.1) })
            .union(text.matches(of: /\| -([a-z-]+)/).map { String($0.1) })
            .union(text.matches(of: /Fl [a-z] , -([a-z-]+)/).map { String($0.1) })
    }

    @Test func `qwenproxyctl(1) has a section for each command, with each of its options`() async throws {
        let page = try self.page("qwenproxyctl.1")
        let body = try #require(
            page.split(separator: ".Sh DESCRIPTION").last?.split(separator: ".Sh ENVIRONMENT").first)
        let parts = body.split(separator: "\n.Ss ")
        let sections = Dictionary(
            parts.dropFirst().map { part in
                (String(part.prefix { $0 != "\n" }), part.drop { $0 != "\n" })
            }
        ) { first, _ in first }
        let commands = self.leaves(try await self.command(of: BuiltProducts.control))
        #expect(Set(sections.keys) == Set(commands.keys))
        for (name, command) in commands {
            let long = Set((command.arguments ?? []).flatMap(\.long)).subtracting(Self.common)
            let documented = self.options(in: sections[name] ?? "")
            #expect(documented == long, "\(name)")
            #expect(sections[name]?.contains(".Cm \(name)\n") == true, "\(name)")
        }
        #expect(self.options(in: parts[0]).isSuperset(of: ["socket", "timeout"]))
    }

    @Test func `qwenproxyd(8) has every option`() async throws {
        let page = try self.page("qwenproxyd.8")
        let body = try #require(
            page.split(separator: ".Sh DESCRIPTION").last?.split(separator: ".Ss As a service").first)
        let long = Set((try await self.command(of: BuiltProducts.daemon).arguments ?? []).flatMap(\.long))
        #expect(self.options(in: body) == long)
    }

    /// What is shown to be typed, in code inside a line and in indented lines: the program and the words after it.
    private func typed(in text: String) -> [(program: Substring, words: [Substring])] {
        let indented = text.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { $0.prefix { $0 != "#" } }
        let quoted = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        return (indented + quoted).flatMap { code in
            code.matches(of: /(?:^|[ \/(])(qwenproxyctl|qwenproxyd)\s([^|;)"]*)/).map { match in
                (program: match.1, words: match.2.split { $0.isWhitespace })
            }
        }
    }

    /// What the words call for: the command's name, those of its kind, and what is left. The name is empty when there is none.
    private func meaning(
        of words: [Substring], among commands: [String: Dump.Command]
    ) -> (name: String, commands: [String: Dump.Command], rest: ArraySlice<Substring>) {
        var (name, meant, rest) = ("", commands, words[...])
        while let word = rest.first {
            let longer = name.isEmpty ? String(word) : "\(name) \(word)"
            let fitting = meant.filter { $0.key == longer || $0.key.hasPrefix("\(longer) ") }
            guard !fitting.isEmpty else { break }
            (name, meant) = (longer, fitting)
            rest.removeFirst()
        }
        return (name, meant, rest)
    }

    @Test func `what the documents show to be typed is there: commands and their options`() async throws {
        let commands = self.leaves(try await self.command(of: BuiltProducts.control))
        let daemon = Set((try await self.command(of: BuiltProducts.daemon).arguments ?? []).flatMap(\.long))
        let documents = [
            "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/answers.md", "docs/catalog.md",
            "docs/configuration.md",
        ]
        var count = 0
        for document in documents {
            let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
            for (program, words) in self.typed(in: text) {
                count += 1
                var known = daemon
                if program == "qwenproxyctl" {
                    let (name, meant, _) = self.meaning(of: words, among: commands)
                    #expect(!name.isEmpty || words.first?.hasPrefix("-") != false, "\(document): \(words)")
                    // Its arguments are Claude Code's.
                    guard name != "claude" else { continue }
                    known = Set(meant.values.flatMap { ($0.arguments ?? []).flatMap(\.long) })
                }
                let shown = words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2).prefix { $0 != "=" }) }
                #expect(Set(shown).subtracting(known).subtracting(Self.common) == [], "\(document): \(words)")
            }
        }
        #expect(count > 40)
    }

    @Test func `the commands that messages name are there`() async throws {
        let commands = self.leaves(try await self.command(of: BuiltProducts.control))
        let sources = Self.root.appending(path: "Sources")
        let paths = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        var count = 0
        for path in paths where path.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
            for match in text.matches(of: /[`"]qwenproxyctl ([a-z][^`"\\\n]*)/) {
                count += 1
                let (name, _, rest) = self.meaning(of: match.1.split(separator: " "), among: commands)
                #expect(!name.isEmpty, "\(path): \(match.0)")
                // A group alone has a default; another word after it is no command of the group.
                let isGroup = commands[name] == nil
                #expect(!isGroup || rest.first?.first?.isLowercase != true, "\(path): \(match.0)")
            }
        }
        #expect(count > 40)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mandoc")), arguments: ManualTests.pages)
    func `mandoc has nothing to say about a page`(name: String) async throws {
        let path = Self.root.appending(path: "docs/man/\(name)").path
        let output = try await ChildProcess.run("/usr/bin/mandoc", ["-T", "lint", "-W", "style", path])
        // Other packages' pages may not be there, or not be indexed.
        let remarks = (output.output + output.errorOutput).split(separator: "\n").filter {
            !$0.contains("mandoc.db") && !$0.contains("referenced manual not found")
        }
        #expect(remarks.isEmpty, "\(remarks.joined(separator: "\n"))")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man")), arguments: ManualTests.pages)
    func `man has no warnings about a page`(name: String) async throws {
        let path = Self.root.appending(path: "docs/man/\(name)").path
        let output = try await ChildProcess.run(
            "/usr/bin/man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path],
            environment: ["LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"])
        #expect(output.errorOutput.isEmpty)
    }
}

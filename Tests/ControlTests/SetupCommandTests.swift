// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `qwenproxyctl setup` and `upstream add` in front of a terminal and in scripts, with the real daemon's reader as the
/// judge and no daemon that runs.
@Suite(.timeLimit(.minutes(2))) struct SetupCommandTests {
    private let home: TemporaryDirectory
    private var settings: String { self.home.path("claude/settings.json") }
    private var upstream: String { "config/qwenproxyd/config.d/upstream-coding-plan-intl.toml" }

    init() throws {
        self.home = try TemporaryDirectory()
        try self.home.makeDirectory("run")
        try self.home.makeDirectory("claude")
        let bin = try self.home.makeDirectory("bin")
        try self.home.write("#!/bin/sh\n", to: "bin/claude")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/claude")
        try self.home.write("sk-sp-secret\n", to: "key")
    }

    /// Without systemctl, so that nothing outside of the home is looked at.
    private var environment: [String: String] {
        [
            "HOME": self.home.path, "XDG_CONFIG_HOME": self.home.path("config"),
            "XDG_STATE_HOME": self.home.path("state"),
            "XDG_RUNTIME_DIR": self.home.path("run"), "CLAUDE_CONFIG_DIR": self.home.path("claude"),
            "PATH": self.home.path("bin"), "TERM": "xterm", "NO_COLOR": "1", "ANTHROPIC_API_KEY": "exported",
        ]
    }

    private func ctl(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await ChildProcess.run(BuiltProducts.control, arguments, environment: self.environment)
    }

    private func terminal(_ arguments: String..., columns: UInt16 = 80) throws -> TerminalProcess {
        try TerminalProcess(BuiltProducts.control, arguments, environment: self.environment, columns: columns)
    }

    /// Chooses an entry of a list whose numbers depend on what runs on this machine.
    private func choose(_ entry: String, on terminal: TerminalProcess) throws {
        #expect(terminal.waits(for: "Number [1]: "))
        let line = try #require(terminal.output.split(whereSeparator: \.isNewline).first { $0.hasSuffix(". \(entry)") })
        terminal.type("\(line.drop { $0 == " " }.prefix { $0 != "." })\n")
    }

    private var written: [String] {
        let files = FileManager.default.enumerator(atPath: self.home.path)?.compactMap { $0 as? String } ?? []
        let roots = ["config/", "claude/", "state/"]
        return files.filter { file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: self.home.path(file))
            return attributes?[.type] as? FileAttributeType == .typeRegular && roots.contains { file.hasPrefix($0) }
        }.sorted()
    }

    @Test func `a person answers three questions, sees each change, and can take it all back`() async throws {
        let mine = "{\n  \"model\": \"opus\",\n  \"env\": { \"MINE\": \"1\" }\n}\n"
        try self.home.write(mine, to: "claude/settings.json")
        let terminal = try self.terminal("setup")
        try self.choose("Coding Plan, international", on: terminal)
        #expect(terminal.waits(for: "Key (it is not shown): "))
        #expect(!terminal.isCooked)
        terminal.type("sk-sp-secret\n")
        #expect(terminal.waits(for: "Number or name [1]: "))
        #expect(terminal.isCooked)
        terminal.type("qwen3.6-plus\n")
        #expect(terminal.waits(for: "Make these changes? [Y/n] "))
        #expect(self.written == ["claude/settings.json"], "nothing is written before the answer")
        terminal.type("\n")
        #expect(terminal.waits(for: "Connect Claude Code this way? [Y/n] "))
        terminal.type("y\n")
        #expect(terminal.status() == 0, "\(terminal.output)")
        // No daemon runs, and the exported key is in the client's way.
        #expect(terminal.waits(for: "Type this now:\r\n\r\n    \(BuiltProducts.daemon)\r\n"))
        #expect(terminal.output.contains("unset ANTHROPIC_API_KEY"))
        #expect(!terminal.output.contains("sk-sp-secret"))
        let text = try #require(self.home.text(self.upstream))
        #expect(text.contains("api_key = \"sk-sp-secret\"") && text.contains("model = \"qwen3.6-plus\""))
        let mode = try FileManager.default.attributesOfItem(atPath: self.home.path(self.upstream))[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(
            self.home.text("claude/settings.json")?.contains("\"ANTHROPIC_AUTH_TOKEN\": \"sk-local-proxy-key\"") == true
        )
        #expect(self.home.text("state/qwenproxyd/setup.json")?.contains("secret") == false)

        let undone = try await self.ctl("setup", "--undo", "--yes")
        #expect(undone.status == 0, "\(undone.errorOutput)")
        #expect(self.home.text("claude/settings.json") == mine)
        #expect(self.written == ["claude/settings.json"])
        #expect(try await self.ctl("setup", "--undo", "--yes").output == "There is nothing to take back.\n")
    }

    @Test(arguments: ["Number [1]: ", "Key (it is not shown): ", "Number or name [1]: ", "Make these changes? [Y/n] "])
    func `Ctrl-C at any question leaves nothing behind, and the terminal as it was`(question: String) throws {
        let terminal = try self.terminal("setup")
        let answers = [
            ("Key (it is not shown): ", "sk-sp-secret\n"), ("Number or name [1]: ", "\n"),
            ("Make these changes? [Y/n] ", ""),
        ]
        if question != "Number [1]: " { try self.choose("Coding Plan, international", on: terminal) }
        for (text, answer) in answers where question != "Number [1]: " {
            #expect(terminal.waits(for: text))
            if text == question { break }
            terminal.type(answer)
        }
        #expect(terminal.waits(for: question))
        terminal.type("\u{03}")
        #expect(terminal.status() != 0)
        #expect(terminal.isCooked)
        #expect(self.written == [])
    }

    @Test func `a no changes nothing, and Ctrl-D is a no`() throws {
        for answer in ["n\n", "\u{04}"] {
            let terminal = try self.terminal(
                "setup", "--preset", "coding-plan-intl", "--key-file", self.home.path("key"))
            #expect(terminal.waits(for: "Number or name [1]: "))
            terminal.type("\n")
            #expect(terminal.waits(for: "Make these changes? [Y/n] "))
            terminal.type(answer)
            #expect(terminal.status() == 1)
            #expect(terminal.waits(for: "Nothing was changed."))
            #expect(self.written == [])
        }
    }

    @Test func `a script says all of it, and the second time there is nothing to do`() async throws {
        func run() async throws -> [String: Any] {
            let output = try await self.ctl(
                "setup", "--preset", "coding-plan-intl", "--key-file", self.home.path("key"), "--model", "qwen3.7-plus",
                "--yes", "--json")
            #expect(output.status == 0, "\(output.errorOutput)")
            return try JSONSerialization.jsonObject(with: Data(output.output.utf8)) as? [String: Any] ?? [:]
        }
        let first = try await run()
        #expect(first["upstream"] as? String == "coding-plan-intl")
        #expect((first["files"] as? [String])?.count == 2)
        #expect(first["isRunning"] as? Bool == false)
        #expect(first["clientSettings"] as? String == self.settings)
        let files = self.written
        let contents = files.map { self.home.text($0) }
        let second = try await run()
        #expect((second["files"] as? [String]) == [])
        #expect(self.written == files && files.map { self.home.text($0) } == contents)
        #expect(try await self.ctl("setup", "--undo", "--yes", "--json").status == 0)
        #expect(self.written == [])
    }

    @Test func `what a script leaves open is named, and nothing is changed`() async throws {
        let cases = [
            (["setup", "--yes"], "Say --preset or --base-url."),
            (["setup", "--preset", "coding-plan-intl", "--yes"], "Say --key-stdin, --key-file or --key-env."),
            (["setup", "--preset", "local", "--yes"], "Say --base-url."),
            (["setup", "--base-url", "https://h.example/v1", "--yes"], "Say --model."),
            (["setup", "--preset", "coding-plan-intl", "--key-file", self.home.path("key")], "Say --yes."),
            (["upstream", "add", "foo"], "Say --preset or --base-url."),
            (["upstream", "add", "foo", "--base-url", "127.0.0.1:9/v1"], "Write http:// in front of it"),
        ]
        for (arguments, text) in cases {
            let output = try await ChildProcess.run(
                BuiltProducts.control, arguments, environment: self.environment)
            #expect(output.status != 0)
            #expect(output.errorOutput.contains(text), "\(arguments): \(output.errorOutput)")
            #expect(self.written == [])
        }
    }

    @Test func `a mistake that only the daemon sees changes nothing`() async throws {
        let output = try await self.ctl(
            "setup", "--base-url", "http://h.example/v1", "--model", "m", "--auth", "none", "--yes")
        #expect(output.status == 1)
        #expect(output.errorOutput.contains("Everything is as it was"), "\(output.errorOutput)")
        #expect(output.errorOutput.contains("plain http"))
        #expect(self.written == [])
    }

    @Test func `settings that are no JSON are left alone, and the rest is set up`() async throws {
        try self.home.write("{ // mine\n}", to: "claude/settings.json")
        let output = try await self.ctl(
            "setup", "--preset", "coding-plan-intl", "--key-file", self.home.path("key"), "--yes")
        #expect(output.status == 0)
        #expect(output.errorOutput.contains("settings.json cannot be changed: it is not valid JSON (line 1)."))
        #expect(self.home.text("claude/settings.json") == "{ // mine\n}")
        #expect(self.home.text(self.upstream) != nil)
    }

    @Test func `a link that leads nowhere stays, and there is nothing to take back of it`() async throws {
        try FileManager.default.createSymbolicLink(atPath: self.settings, withDestinationPath: "../dotfiles/s.json")
        let output = try await self.ctl(
            "setup", "--preset", "coding-plan-intl", "--key-file", self.home.path("key"), "--yes")
        #expect(output.status == 0)
        #expect(output.errorOutput.contains("\(self.settings): it is a link that leads nowhere"), "\(output)")
        #expect(!output.output.contains("is connected"), "\(output)")
        let undone = try await self.ctl("setup", "--undo", "--yes")
        #expect(undone.status == 0 && !undone.output.contains("settings.json"), "\(undone)")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: self.settings) == "../dotfiles/s.json")
    }

    @Test func `a key is no option, and a file that is not there is told before anything is asked`() async throws {
        for option in ["--key", "--api-key"] {
            let output = try await self.ctl("setup", "--preset", "coding-plan-intl", option, "sk-sp-secret", "--yes")
            #expect(output.status == 64 && output.errorOutput.contains("--key-stdin"), "\(output)")
            #expect(!output.errorOutput.contains("sk-sp-secret"))
        }
        let output = try await self.ctl(
            "setup", "--base-url", "https://h.example/v1", "--key-file", "/nope/key", "--yes")
        #expect(output.status == 1 && output.errorOutput.contains("there is no file /nope/key"), "\(output)")
        #expect(self.written == [])
    }

    @Test func `what was changed since stays, and is named`() async throws {
        let setup = try await self.ctl(
            "setup", "--preset", "coding-plan-intl", "--key-file", self.home.path("key"), "--yes")
        #expect(setup.status == 0, "\(setup.errorOutput)")
        let changed = try #require(self.home.text("claude/settings.json")).replacing("qwen3.7-plus", with: "mine")
        try self.home.write(changed, to: "claude/settings.json")
        let output = try await self.ctl("setup", "--undo", "--yes")
        #expect(output.status == 0, "\(output.errorOutput)")
        #expect(output.output.contains("ANTHROPIC_MODEL in \(self.settings) has been changed since, and stays."))
        #expect(
            self.home.text("claude/settings.json") == """
                {
                  "env": {
                    "ANTHROPIC_MODEL": "mine",
                    "ANTHROPIC_DEFAULT_OPUS_MODEL": "mine",
                    "ANTHROPIC_DEFAULT_SONNET_MODEL": "mine"
                  }
                }

                """)
    }

    @Test func `upstream add asks for what is not said`() throws {
        let terminal = try self.terminal("upstream", "add", "work")
        try self.choose("Coding Plan, China", on: terminal)
        #expect(terminal.waits(for: "Key (it is not shown): "))
        terminal.type("sk-sp-secret\n")
        #expect(terminal.waits(for: "Number or name [1]: "))
        terminal.type("1\n")
        #expect(terminal.status() == 0, "\(terminal.output)")
        let text = self.home.text("config/qwenproxyd/config.d/upstream-work.toml") ?? ""
        #expect(text.contains("[upstreams.work]\npreset = \"coding-plan-cn\"\nmodel = \"qwen3.7-plus\"\napi_key ="))
    }

    @Test(arguments: [UInt16(40), 80, 120])
    func `no word is broken at the edge of the screen`(columns: UInt16) throws {
        let terminal = try self.terminal("doctor", "--no-request", columns: columns)
        _ = terminal.status()
        #expect(terminal.waits(for: "request:"))
        for line in terminal.output.split(whereSeparator: \.isNewline) where line.count > Int(columns) {
            let words = line.split(separator: " ").filter { !["→", "✗", "!", "·"].contains($0) }
            #expect(words.count == 1, "\(line)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

/// `env` and `claude`: what Claude Code is told.
@Suite(.timeLimit(.minutes(1))) struct ClientCommandsTests {
    private static let always = [
        "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "CLAUDE_CODE_GATEWAY_HINT_HEADERS",
    ]
    private static let settings = ClientSettings(baseURL: "http://127.0.0.1:3455", apiKey: "it's a key")

    private func ctl(_ arguments: [String], environment: [String: String] = [:]) async throws -> ChildProcess.Outcome {
        try await withControlService { path in
            var all = ["QWEN_CONTROL_SOCKET": path, "PATH": "/usr/bin:/bin"]
            all.merge(environment) { $1 }
            // The default patience of 5 s is for a daemon, not for a machine that runs every test at once.
            let patience = arguments.first == "env" ? ["--timeout", "60"] : []
            return try await ChildProcess.run(BuiltProducts.control, arguments + patience, environment: all)
        }
    }

    private func environment(
        _ current: [String: String], model: RouteReport.Candidate? = nil,
    ) -> [String: String?] {
        Dictionary(
            ClientEnvironment(Self.settings, model: model) { current[$0] }.variables.map { ($0.name, $0.value) }
        ) { $1 }
    }

    @Test func `a shell takes the statements as they are meant`() async throws {
        let output = try await self.ctl(["env"], environment: ["ANTHROPIC_API_KEY": "x"])
        #expect(output.status == 0)
        let script =
            output.output
            + #"printf '%s|%s|%s' "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN" "${ANTHROPIC_API_KEY-none}""#
        let shell = try await ChildProcess.run("/bin/sh", ["-c", script], environment: ["ANTHROPIC_API_KEY": "x"])
        #expect(shell.output == "http://127.0.0.1:3455|it's a key|none")
    }

    @Test func `JSON has null for what is taken away`() async throws {
        let output = try await self.ctl(["env", "--json"], environment: ["CLAUDE_CODE_USE_BEDROCK": "1"])
        let object = try JSONSerialization.jsonObject(with: Data(output.output.utf8)) as? [String: Any]
        #expect(object?["ANTHROPIC_AUTH_TOKEN"] as? String == "it's a key")
        #expect(object?["ANTHROPIC_API_KEY"] is NSNull)
        #expect(object?["CLAUDE_CODE_USE_BEDROCK"] is NSNull)
    }

    @Test func `fish has its own words and its own quoting`() async throws {
        let output = try await self.ctl(["env", "--fish"])
        #expect(
            output.output == """
                set -gx ANTHROPIC_BASE_URL http://127.0.0.1:3455
                set -gx ANTHROPIC_AUTH_TOKEN 'it\\'s a key'
                set -e ANTHROPIC_API_KEY
                set -gx CLAUDE_CODE_GATEWAY_HINT_HEADERS 1

                """)
        #expect(ShellSyntax.fish.quoted(#"a\b'c"#) == #"'a\\b\'c'"#)
    }

    @Test(
        arguments: [
            // The model's own limits, the window as what the client can be told.
            (32_768, 8_192, ["32768", nil, "8192"]), (200_000, 32_768, ["200000", "200000", "32768"]),
            (983_616, 131_072, ["983616", "983616", "65536"]), (2_000_000, 65_536, ["2000000", "1000000", "65536"]),
        ] as [(Int, Int, [String?])])
    func `the client is told the window and the output of the model that answers`(
        window: Int, output: Int, expected: [String?],
    ) {
        let model = RouteReport.Candidate(
            upstream: UpstreamStatus(
                name: "default", kind: .apiKey, api: .openai, baseURL: nil, model: "m", state: .untried),
            model: "m", contextWindow: window, maxOutputTokens: output, vision: false, thinking: "none",
            toolChoice: "auto")
        let variables = self.environment([:], model: model)
        let names = ["MAX_CONTEXT_TOKENS", "AUTO_COMPACT_WINDOW", "MAX_OUTPUT_TOKENS"]
        #expect(names.map { variables["CLAUDE_CODE_\($0)"] ?? nil } == expected)
    }

    @Test func `the model that counts is the one that the client will ask for`() {
        #expect(ClientEnvironment.model { ["ANTHROPIC_MODEL": "qwen4-max"][$0] } == "qwen4-max")
        #expect(ClientEnvironment.model { ["ANTHROPIC_MODEL": ""][$0] } == "claude-opus-5-5")
    }

    @Test(arguments: ["", "a b", "$(x)", "`x`", "a\"b", "é", "a\nb", "!", "*", "~", "'", "\\"])
    func `whatever the text, the shell sees exactly it`(text: String) async throws {
        let shell = try await ChildProcess.run("/bin/sh", ["-c", "printf %s \(ShellSyntax.posix.quoted(text))"])
        #expect(shell.output == text)
    }

    @Test func `a proxy is not asked for the daemon`() {
        #expect(self.environment([:]).keys.sorted() == Self.always)
        #expect(self.environment(["https_proxy": "http://p:1"])["NO_PROXY"] == "127.0.0.1")
        let extended = self.environment(["HTTP_PROXY": "http://p:1", "no_proxy": "a.b, c.d"])
        #expect(extended["NO_PROXY"] == "a.b,c.d,127.0.0.1")
        #expect(extended["no_proxy"] == "a.b,c.d,127.0.0.1")
        #expect(self.environment(["HTTP_PROXY": "http://p:1", "NO_PROXY": "a.b,127.0.0.1"])["NO_PROXY"] == nil)
        #expect(self.environment(["HTTP_PROXY": "http://p:1", "NO_PROXY": "*"])["NO_PROXY"] == nil)
        #expect(ServerAddress(url: "http://[::1]:3455")?.host == "::1")
    }

    /// A stand-in that says what it was given.
    private func directoryWithClaude() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let script = """
            #!/bin/sh
            printf '%s\\n' "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN" "${ANTHROPIC_API_KEY-none}" "$@"
            exit 7
            """
        try script.write(toFile: "\(directory.path)/claude", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(directory.path)/claude")
        return directory
    }

    @Test func `claude gets its environment, all arguments, and the last word`() async throws {
        let directory = try self.directoryWithClaude()
        let output = try await self.ctl(
            ["claude", "-p", "--help", "two words", "--", "x"],
            environment: ["PATH": "\(directory.path):/usr/bin:/bin", "ANTHROPIC_API_KEY": "other"])
        #expect(output.status == 7)
        #expect(
            output.output.split(separator: "\n") == [
                "http://127.0.0.1:3455", "it's a key", "none", "-p", "--help", "two words", "--", "x",
            ])
    }

    @Test func `without claude it says what to install, without a daemon what to start`() async throws {
        let missing = try await self.ctl(["claude"])
        #expect(missing.status == 127)
        #expect(missing.errorOutput.contains("npm install -g @anthropic-ai/claude-code"))
        let directory = try self.directoryWithClaude()
        let alone = try await ChildProcess.run(
            BuiltProducts.control, ["claude"],
            environment: ["PATH": directory.path, "QWEN_CONTROL_SOCKET": "/nowhere/control.sock"])
        #expect(alone.status == 3)
        #expect(alone.errorOutput.contains("systemctl --user"))
    }

    @Test func `logs asks journalctl for the daemon and the request`() throws {
        func arguments(_ command: String..., units: DaemonUnits? = .own) throws -> [String] {
            try LogsCommand.parse(command).arguments(units: units)
        }
        #expect(try arguments() == ["--user", "--unit=qwenproxyd.service"])
        #expect(try arguments(units: nil) == ["--identifier=qwenproxyd"])
        #expect(try arguments(units: .system(user: "alice")) == ["--unit=qwenproxyd@alice.service", "--quiet"])
        #expect(
            try arguments("-f", "-n", "5", "--since", "-1h", "--json", "--request", "req_1") == [
                "--user", "--unit=qwenproxyd.service", "--follow", "--lines=5", "--since=-1h", "--output=json",
                "REQUEST_ID=req_1",
            ])
        // The last five since then, not the first five.
        let both = try LogsCommand.parse(["-n", "5", "--since", "-1h"])
        #expect(
            both.cursorArguments(units: .own) == [
                "--user", "--unit=qwenproxyd.service", "--since=-1h", "--lines=5", "--reverse", "--quiet",
                "--show-cursor", "--output=cat",
            ])
        let found = LogsCommand.cursor(.init(status: 0, text: "b\na\n-- cursor: s=1;i=2\n", errors: ""))
        #expect(both.arguments(units: .own, cursor: found).last == "--cursor=s=1;i=2")
        #expect(try LogsCommand.parse(["-n", "5"]).cursorArguments(units: .own) == nil)
        #expect(throws: (any Error).self) { try arguments("--request", "a b") }
        #expect(throws: (any Error).self) { try arguments("--request", "+") }
        #expect(throws: (any Error).self) { try arguments("-n", "x") }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions know every command`(shell: String) async throws {
        let output = try await ChildProcess.run(BuiltProducts.control, ["completions", shell])
        #expect(output.status == 0)
        for command in Qwenproxyctl.configuration.subcommands {
            #expect(output.output.contains(command.configuration.commandName ?? "?"))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Claude Code in front of a person, for the first time on a machine that reaches nothing but itself: `claude -p` would not
/// show the screens that the wrong variable leads to.
@Suite(
    .enabled(
        if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code: make test"))
struct FirstRunTests {
    /// A shell in an empty home, with programs by their names and no way into the internet.
    private func environment(_ gateway: Gateway, programs: TemporaryDirectory) throws -> [String: String] {
        let claude = try #require(ExternalPrograms.claude, "CI has to provide Claude Code")
        for (name, path) in [("claude", claude), ("qwenproxyctl", BuiltProducts.control)] {
            try FileManager.default.createSymbolicLink(atPath: programs.path(name), withDestinationPath: path)
        }
        var environment = gateway.daemon.environment
        environment["PATH"] = "\(programs.path):/usr/bin:/bin"
        environment["TERM"] = "xterm"
        // What many have from another tool.
        environment["ANTHROPIC_API_KEY"] = "sk-of-another-service"
        environment["HTTPS_PROXY"] = "http://127.0.0.1:1"
        environment["HTTP_PROXY"] = "http://127.0.0.1:1"
        return environment
    }

    /// - Parameter answer: of the model.
    private func expect(
        _ answer: String, after command: String, _ gateway: Gateway,
        prepare: (_ environment: [String: String]) async throws -> Void = { _ in },
    ) async throws {
        let programs = try TemporaryDirectory("bin")
        let work = try TemporaryDirectory("work")
        let environment = try self.environment(gateway, programs: programs)
        try await prepare(environment)
        try await TerminalProcess.run(
            "/bin/sh", ["-c", "cd '\(work.path)' && \(command)"], environment: environment, rows: 50, columns: 120
        ) { try Self.answerQuestions($0, until: answer) }
        withExtendedLifetime((programs, work)) {}
    }

    /// Screens come one after the other, and what they ask and in which order is the client's affair. Each is told by its
    /// words and answered by what it marks.
    private static func answerQuestions(_ terminal: TerminalProcess, until answer: String) throws {
        func shows(_ words: String) -> (TerminalScreen) -> Bool { { $0.text.contains(words) } }
        func wait(_ isWanted: (TerminalScreen) -> Bool, _ what: String) throws {
            guard !terminal.waitsForScreen(isWanted) else { return }
            throw MissingScreen(description: "no \(what):\n\(terminal.shownScreen.text)")
        }
        try wait(shows("text style"), "first screen")
        terminal.type("\r")
        try wait(shows("Enter to continue"), "notes on security")
        terminal.type("\r")
        try wait(shows("Esc to cancel"), "question of trust")
        // It marks Yes or No, by its version. While it still draws, a key may be lost, and what is marked may go back.
        func drawingEnded() {
            while terminal.waitsForScreen(limit: 2, { [shown = terminal.shownScreen.text] in $0.text != shown }) {}
        }
        drawingEnded()
        for _ in 0..<8 where Self.marked(terminal.shownScreen)?.contains("Yes") == false {
            terminal.type("\u{1B}[B")
            drawingEnded()
        }
        try wait({ Self.marked($0)?.contains("Yes") == true }, "mark at Yes")
        terminal.type("\r")
        // Its prompt stands at the edge, unlike the marks of questions.
        try wait({ Self.marked($0)?.hasPrefix("❯") == true }, "prompt")
        terminal.type("Say hello")
        try wait(shows("Say hello"), "typed words")
        terminal.type("\r")
        try wait(shows(answer), "answer")
    }

    /// What Return would choose.
    private static func marked(_ screen: TerminalScreen) -> String? { screen.lines.last { $0.contains("❯") } }

    @Test func `with the lines of env for the shell, the first run gets from its first screen to an answer`()
        async throws
    {
        try await Gateway.answering(ModelTurn("Bienvenue42")) { gateway in
            try await self.expect("Bienvenue42", after: "eval \"$(qwenproxyctl env)\" && exec claude", gateway)
        }
    }

    @Test func `with the two lines of the README, the first run gets to an answer of the demo`() async throws {
        try await Gateway.answering(ModelTurn("never asked"), environment: ["QWEN_BASE_URL": "", "QWEN_AUTH": "demo"]) {
            gateway in
            let lines = """
                export NO_PROXY=127.0.0.1
                unset ANTHROPIC_API_KEY
                export ANTHROPIC_BASE_URL=\(gateway.daemon.baseURL)
                export ANTHROPIC_AUTH_TOKEN=sk-local-proxy-key
                exec claude
                """
            try await self.expect("demo model", after: lines, gateway)
        }
    }

    @Test func `after setup, a plain claude gets from its first screen to an answer`() async throws {
        try await Gateway.answering(ModelTurn("Bienvenue42")) { gateway in
            // The key of another service, and a proxy that the daemon would be looked for behind, are what setup warns of.
            try await self.expect(
                "Bienvenue42", after: "unset ANTHROPIC_API_KEY && export NO_PROXY=127.0.0.1 && exec claude", gateway
            ) {
                environment in
                let setup = try await ChildProcess.run(
                    BuiltProducts.control, ["setup", "--no-start", "--yes"], environment: environment)
                #expect(setup.status == 0, "\(setup.errorOutput)")
                #expect(setup.output.contains("unset ANTHROPIC_API_KEY"), "\(setup.output)")
                #expect(setup.output.contains("export NO_PROXY="), "\(setup.output)")
                #expect(setup.output.hasSuffix("Type this now:\n\n    claude\n"), "\(setup.output)")
            }
        }
    }
}

private struct MissingScreen: Error, CustomStringConvertible {
    var description: String
}

// SPDX-License-Identifier: Apache-2.0

import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

/// Commands in front of a person: what they ask, and how it looks on a small screen.
@Suite(.timeLimit(.minutes(2))) struct TerminalCommandTests {
    private func onTerminal(
        _ arguments: String..., columns: UInt16 = 80, control: ControlFake = ControlFake(),
        _ body: @escaping @Sendable (TerminalProcess) throws -> Void,
    ) async throws {
        try await withControlService(
            control,
            blocking: { path in
                let environment = ["TERM": "xterm", "NO_COLOR": "1", "QWEN_CONTROL_SOCKET": path, "PATH": "/nowhere"]
                try body(
                    try TerminalProcess(
                        BuiltProducts.control, arguments + ["--timeout", "60"], environment: environment,
                        columns: columns))
            })
    }

    @Test func `a statement for the shell is never broken`() async throws {
        try await self.onTerminal("env", columns: 20) { terminal in
            #expect(terminal.status() == 0)
            #expect(terminal.waits(for: "export ANTHROPIC_BASE_URL=http://127.0.0.1:3455\r\n"))
        }
    }

    @Test(arguments: [["upstream", "list", "--help"], ["help", "logs"], ["upstream"], ["route", "--nope"]])
    func `no option is broken in what the parser says`(arguments: [String]) async throws {
        // Where there is no terminal, nothing is broken.
        let piped = try await ChildProcess.run(BuiltProducts.control, arguments)
        let words = (piped.output + piped.errorOutput).split(whereSeparator: \.isWhitespace)
        #expect(words.contains { $0.lowercased() == "usage:" })
        try await TerminalProcess.run(BuiltProducts.control, arguments, environment: ["TERM": "xterm"]) { terminal in
            #expect(terminal.status() == piped.status)
            #expect(terminal.waits(for: words.last.map(String.init) ?? "?"))
            for line in terminal.output.split(whereSeparator: \.isNewline) { #expect(line.count <= 80, "\(line)") }
            #expect(terminal.output.split(whereSeparator: \.isWhitespace).map(String.init) == words.map(String.init))
        }
    }

    @Test func `logout needs a yes`() async throws {
        let fake = ControlFake()
        try await self.onTerminal("logout", control: fake) { terminal in
            #expect(terminal.waits(for: "[y/N] "))
            terminal.type("\n")
            #expect(terminal.status() == 1)
            #expect(terminal.waits(for: "Nothing was removed.\r\n"))
        }
        #expect(!fake.events.contains(.logout))
        try await self.onTerminal("logout", control: fake) { terminal in
            #expect(terminal.waits(for: "[y/N] "))
            terminal.type("yes\n")
            #expect(terminal.status() == 0)
        }
        #expect(fake.events.contains(.logout))
    }

    @Test func `the address of a login is below the code for a telephone, which takes a screen`() async throws {
        try await self.onTerminal("login") { terminal in
            #expect(terminal.status() == 0)
            #expect(terminal.waits(for: "Logged in."))
            let after = terminal.output.split(separator: "█").last ?? ""
            #expect(after.contains("https://chat.qwen.ai/authorize?user_code=ABCD-1234&client=qwen-code"), "\(after)")
            // On 24 rows, of which the cursor has the last one, the whole code is seen while the login is waited for.
            let lines = terminal.output.split(separator: "\r\n", omittingEmptySubsequences: false)
            let code = lines.firstIndex { $0.contains("█") } ?? 0
            let waiting = lines.firstIndex { $0.hasPrefix("Waiting until ") } ?? .max
            #expect(waiting - code < 23, "\(terminal.output)")
        }
    }

    @Test func `status is broken at words, below its values`() async throws {
        try await self.onTerminal("status", columns: 60) { terminal in
            #expect(terminal.status() == 0)
            #expect(terminal.waits(for: "Configuration:"))
            for line in terminal.output.split(whereSeparator: \.isNewline) { #expect(line.count <= 60, "\(line)") }
            #expect(terminal.output.contains("\r\n               "))
        }
    }

    @Test func `an upstream that is not there is named, with those that are`() async throws {
        try await self.onTerminal("upstream", "test", "nobody") { terminal in
            #expect(terminal.status() == 1)
            #expect(terminal.waits(for: "There is no upstream \"nobody\". There is: default."))
            #expect(!terminal.output.contains("new configuration"))
        }
    }
}

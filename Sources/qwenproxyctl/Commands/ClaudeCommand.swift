// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Shared

/// `qwenproxyctl claude`
struct ClaudeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claude",
        abstract: "Runs Claude Code with the environment that makes it use the daemon.",
        discussion: """
            All arguments are Claude Code's own. The daemon is found by QWEN_CONTROL_SOCKET or in the usual places; where \
            systemd holds its sockets, asking for it starts it.
            """,
    )

    @Argument(parsing: .captureForPassthrough, help: "What to hand to Claude Code.")
    var arguments: [String] = []

    func run() throws {
        guard let claude = ExternalProgram(named: "claude") else {
            throw ExitStatus.programMissing.exit(
                saying: """
                    There is no "claude" on the search path (PATH). Install Claude Code, for example with \
                    "npm install -g @anthropic-ai/claude-code", or add its directory to PATH.
                    """)
        }
        let environment = try DaemonOptions.orExit { () throws(ControlError) in
            try DaemonOptions.usualClient.clientEnvironment()
        }
        for (name, value) in environment.variables {
            ProcessEnvironment.set(name, to: value)
        }
        do {
            // This process becomes the client: terminal, signals and exit status are then the client's own.
            try claude.replaceProcess(self.arguments)
        } catch {
            throw ExitStatus.programFailed.exit(saying: "\(claude.path) could not be run: \(error.reason)")
        }
    }
}

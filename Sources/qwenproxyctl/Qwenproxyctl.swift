// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// The command line: every command is one file, and each calls the daemon once.
@main
struct Qwenproxyctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qwenproxyctl",
        abstract: "Looks into a running qwenproxyd and steers it.",
        discussion: """
            The exit status is systemctl's: 0 when the daemon did what was asked, 3 when no daemon runs, and 4 when that \
            could not be found out. 1 means that the daemon runs and refused.
            """,
        version: "qwenproxyctl \(Version.current)",
        subcommands: [
            SetupCommand.self, StatusCommand.self, MonitorCommand.self, UsageCommand.self, ReloadCommand.self,
            LogLevelCommand.self,
            RestartCommand.self,
            StopCommand.self, LoginCommand.self, TokenCommand.self, LogoutCommand.self, LogsCommand.self,
            EnvCommand.self, ClaudeCommand.self, ConfigCommand.self, UpstreamCommand.self, ModelsCommand.self,
            RouteCommand.self,
            DoctorCommand.self, CompletionsCommand.self,
        ],
    )

    static func main() {
        do {
            var command = try Self.parseAsRoot()
            try command.run()
        } catch {
            let exitCode = Self.exitCode(for: error)
            if exitCode == .validationFailure,
                let message = CommandSuggestion.message(for: Array(CommandLine.arguments.dropFirst()))
            {
                Self.exit(withError: exitCode.exit(saying: message))
            }
            // The parser's own words about a mistake, broken like ours. What was asked for, such as help, is for its output.
            guard !exitCode.isSuccess, !(error is ExitCode) else { Self.exit(withError: error) }
            Terminal.printNote(Self.fullMessage(for: error))
            Self.exit(withError: exitCode)
        }
    }
}

extension ExitCode {
    fileprivate func exit(saying message: String) -> ExitCode {
        Terminal.printError(message)
        return self
    }
}

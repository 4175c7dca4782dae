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
            if error is ExitCode { Self.exit(withError: error) }
            // The parser's own words, broken like ours. Of what was asked for only the help is words.
            let message = Self.fullMessage(for: error)
            guard exitCode.isSuccess else {
                Terminal.printNote(Self.lines(message))
                Self.exit(withError: exitCode)
            }
            guard message.hasPrefix("OVERVIEW: ") else { Self.exit(withError: error) }
            Terminal.print(Self.lines(message))
        }
    }

    /// The options of a command are indented, like its description by the parser itself.
    private static func lines(_ message: String) -> [StyledText] {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isUsage = line.lowercased().hasPrefix("usage: ")
            return StyledText(String(line)).hanging(by: isUsage ? 7 : line.prefix { $0 == " " }.count)
        }
    }
}

extension ExitCode {
    fileprivate func exit(saying message: String) -> ExitCode {
        Terminal.printError(message)
        return self
    }
}

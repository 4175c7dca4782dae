// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl log-level`
struct LogLevelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level",
        abstract: "Shows or changes the level of the daemon's log, until the next restart.",
    )

    /// What the user can ask for.
    enum Choice: Equatable, ExpressibleByArgument {
        case level(LogLevel)
        case reset

        init?(argument: String) {
            if argument == "reset" {
                self = .reset
            } else if let level = LogLevel(rawValue: argument.lowercased()) {
                self = .level(level)
            } else {
                return nil
            }
        }

        static var allValueStrings: [String] { LogLevel.allCases.map(\.rawValue) + ["reset"] }
    }

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "The new level; \"reset\" goes back to the configuration's. Without it, the level is shown.")
    var level: Choice?

    func run() throws {
        let current = try self.daemon.call { client throws(ControlError) in
            switch self.level {
            case .level(let level): try client.setLogLevel(level).level
            case .reset: try client.setLogLevel(nil).level
            case nil: try client.status().logLevel
            }
        }
        Terminal.print(current.rawValue)
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl log-level`
struct LogLevelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level",
        abstract: "Shows or changes the level of the daemon's log, until the next restart.",
        discussion: """
            Without a level, it shows the one in force, and those of the subsystems that differ. "reset" goes back to \
            the level of the configuration. Subsystems: \(LogSubsystem.allCases.map(\.rawValue).joined(separator: ", ")).
            """,
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

        var level: LogLevel? {
            switch self {
            case .level(let level): level
            case .reset: nil
            }
        }
    }

    @OptionGroup var daemon: DaemonOptions

    @Argument(
        help: "The new level; \"reset\" goes back to the configuration's.", completion: .list(Choice.allValueStrings))
    var level: Choice?

    @Option(
        help: ArgumentHelp("Only this part of the daemon.", valueName: "name"),
        completion: .list(LogSubsystem.allCases.map(\.rawValue)), transform: Self.subsystem)
    var subsystem: LogSubsystem?

    @Flag(help: "Print the levels as JSON.")
    var json = false

    func run() throws {
        let report = try self.daemon.call { client throws(ControlError) in
            switch self.level {
            case .some(let choice): try client.setLogLevel(choice.level, of: self.subsystem)
            case .none: try client.logLevel()
            }
        }
        Terminal.print(report, asJSON: self.json, else: Self.text(report, subsystem: self.subsystem))
    }

    private static func subsystem(_ argument: String) throws -> LogSubsystem {
        guard let subsystem = LogSubsystem(rawValue: argument) else {
            throw ValidationError(
                "Known subsystems are \(LogSubsystem.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return subsystem
    }

    static func text(_ report: LogLevelReport, subsystem: LogSubsystem?) -> String {
        if let subsystem {
            return (report.subsystems.first { $0.name == subsystem }?.level ?? report.level).rawValue
        }
        let others = report.subsystems.filter { $0.level != report.level }
        return ([report.level.rawValue] + others.map { "\($0.name.rawValue): \($0.level.rawValue)" })
            .joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows, checks and edits the configuration.",
        subcommands: [Show.self, Check.self, Edit.self, Path.self, Port.self],
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the settings of the running daemon and where each comes from.")

        @OptionGroup var daemon: DaemonOptions

        @Flag(help: "Print the daemon's answer as JSON.")
        var json = false

        func run() throws {
            let report = try self.daemon.call { client throws(ControlError) in try client.configuration() }
            Terminal.print(report, asJSON: self.json, else: Self.lines(report))
            // Without a list, as of an older daemon, the settings are all that can be told.
            if let list = try? self.daemon.client().upstreams(), let mistaken = MistakenConfiguration(list) {
                Terminal.printNote(mistaken.message)
            }
        }

        private static func lines(_ report: ConfigurationReport) -> [StyledText] {
            var table = TextTable([
                .init(title: "SETTING"), .init(title: "VALUE", minimum: 16),
                .init(title: "SOURCE", minimum: 16, keepsEnd: true),
            ])
            table.rows = report.settings.flatMap { setting in
                let isDefault = setting.source == "default"
                let value = setting.value.map { StyledText($0, isDefault ? nil : .bold) } ?? StyledText("-", .faint)
                let inForce = [StyledText(setting.key), value, StyledText(setting.source, isDefault ? .faint : nil)]
                let read = (report.pending ?? []).filter { $0.key == setting.key }.map(Self.row)
                return [inForce] + read
            }
            return table.lines(width: Terminal.size?.columns)
        }

        /// Below the value in force, the one that was read.
        private static func row(_ pending: ConfigurationReport.Pending) -> [StyledText] {
            let value = pending.value ?? "-"
            return switch pending.obstacle {
            case .restart:
                [StyledText(""), StyledText("\(value), after a restart", .yellow), StyledText(pending.source)]
            case .socketUnit:
                [StyledText(""), StyledText("\(value), without effect", .yellow), StyledText(pending.source)]
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks the configuration file with the daemon's own reader.",
            discussion: "The exit status is 0 when it is right, also with warnings, and 1 when it has mistakes.")

        @Argument(help: "The file; without it, the one that the daemon would read.", completion: .file())
        var file: String?

        @Flag(help: "Print the verdict and the remarks as JSON.")
        var json = false

        func run() throws {
            let check: ConfigurationCheck
            do throws(ConfigurationCheck.Failure) {
                check = try .run(self.file)
            } catch {
                throw ExitStatus.programMissing.exit(saying: error.message)
            }
            if self.json {
                Terminal.print(json: JSONText.pretty(check))
            } else {
                if !check.remarks.isEmpty { Terminal.printError(check.remarks.joined(separator: "\n")) }
                if check.isGood { Terminal.print("The configuration has no mistakes.") }
            }
            guard check.isGood else { throw ExitStatus.refused.exit }
        }
    }

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the configuration files that count, in the order in which they are read.",
            discussion: """
                What a later file says goes before what an earlier one says. Without any file, the one that "config edit" \
                would make is printed.
                """)

        @OptionGroup var daemon: DaemonOptions

        func run() throws {
            // Without a daemon the files are those that one would read.
            let files = ConfigurationFile.all(running: try? self.daemon.client().configuration())
            Terminal.print(script: files.joined(separator: "\n"))
        }
    }
}

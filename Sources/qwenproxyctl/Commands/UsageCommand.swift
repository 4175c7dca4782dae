// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl usage`
struct UsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Shows what models did on the last days: requests, tokens, and what they may have cost.",
        discussion: """
            It counts across restarts and upgrades. Costs are estimates by the prices of the catalogue (qwenproxyctl models), \
            and only of what is paid by the token: a plan has its own account.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: ArgumentHelp("How many days, today included.", valueName: "number"))
    var days = 30

    @Flag(help: "Print the daemon's answer as JSON: each day that it remembers.")
    var json = false

    func validate() throws {
        guard (1...UsageReport.rememberedDays).contains(self.days) else {
            throw ValidationError("From 1 to \(UsageReport.rememberedDays) days are remembered.")
        }
    }

    func run() throws {
        let report: UsageReport
        do throws(ControlError) {
            report = try self.daemon.client().usage()
        } catch {
            throw Failure(error).status.exit(saying: Failure(error).message)
        }
        Terminal.print(
            report, asJSON: self.json,
            else: UsageTable(report, days: self.days).lines(width: Terminal.size?.columns))
    }
}

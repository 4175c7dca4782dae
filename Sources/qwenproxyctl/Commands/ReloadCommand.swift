// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl reload`
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Makes the daemon read its configuration again.")

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    func run() throws {
        let report = try self.daemon.call { client throws(ControlError) in try client.reload() }
        Terminal.print(report, asJSON: self.json, else: Self.text(report))
    }

    static func text(_ report: ReloadReport) -> String {
        var lines = [
            report.changed.isEmpty
                ? "Reloaded. Nothing changed."
                : "Reloaded. Changed: \(report.changed.joined(separator: ", "))."
        ]
        if !report.needsRestart.isEmpty {
            lines.append("Takes a restart: \(report.needsRestart.joined(separator: ", ")).")
        }
        return lines.joined(separator: "\n")
    }
}

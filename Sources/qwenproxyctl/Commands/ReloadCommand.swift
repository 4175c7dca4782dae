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
        let isPending = !report.needsRestart.isEmpty || report.pending != nil
        var lines = [
            !report.changed.isEmpty
                ? "Reloaded. Changed: \(report.changed.joined(separator: ", "))."
                : isPending ? "Reloaded." : "Reloaded. Nothing changed."
        ]
        if !report.needsRestart.isEmpty {
            lines.append("Takes a restart: \(report.needsRestart.joined(separator: ", ")).")
        }
        let fixed = (report.pending ?? []).filter { $0.obstacle == .socketUnit }.map(\.key)
        if !fixed.isEmpty {
            lines.append(
                "Without effect, because systemd opens the socket: \(fixed.joined(separator: ", ")). Its place is "
                    + "ListenStream= in the socket unit; \"qwenproxyctl config port NUMBER\" changes the port there.")
        }
        return lines.joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl restart`
struct RestartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Starts the daemon anew without losing a request.",
        discussion: """
            The installed program is started and takes over the sockets. The old process finishes what it has begun, for up \
            to server.handover_timeout, and ends. When the new one does not come up, the old one goes on, and the reason is \
            shown.

            The new process has the environment of the old one. A changed unit, or its EnvironmentFile=, is read by \
            "systemctl --user restart qwenproxyd", which lets requests wait instead.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    func run() throws {
        // The daemon has a limit of its own for the start of the new one; its reason is better than our time limit.
        let report = try self.daemon.call(atLeast: .seconds(60)) { client throws(ControlError) in try client.restart() }
        Terminal.print(
            report, asJSON: self.json, else: "qwenproxyd \(report.version) has taken over, pid \(report.pid).")
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows whether the daemon runs and how it is doing.")

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    func run() throws {
        let status = try self.daemon.call { client throws(ControlError) in try client.status() }
        Terminal.print(status, asJSON: self.json, else: StatusTable(status, now: .now()).lines)
    }
}

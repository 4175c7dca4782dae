// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl logout`
struct LogoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Removes the Qwen login.",
        discussion: "The file belongs to qwen-code as well, which is then logged out too.",
    )

    @OptionGroup var daemon: DaemonOptions

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    func run() throws {
        let path = try self.daemon.call { client throws(ControlError) in try client.status().credentials.path }
        let question = "Remove the login\(path.map { " in \($0)" } ?? "")? qwen-code uses the same one."
        guard self.yes || Terminal.asks(question) else {
            throw ExitStatus.refused.exit(saying: "Nothing was removed. Without a terminal, say --yes.")
        }
        // Another program may have the lock for a while.
        let report = try self.daemon.call(atLeast: .seconds(60)) { client throws(ControlError) in try client.logout() }
        Terminal.print(
            report, asJSON: self.json,
            else: report.removed ? "Removed \(report.path)." : "There was no login in \(report.path).")
    }
}

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
        let login = try self.daemon.call { client throws(ControlError) in try client.status().credentials }
        if login.state != .missing, !self.yes { try Self.ask(about: login.path) }
        // Another program may have the lock for a while.
        let report = try self.daemon.call(atLeast: .seconds(60)) { client throws(ControlError) in try client.logout() }
        Terminal.print(
            report, asJSON: self.json,
            else: report.removed ? "Removed \(report.path)." : "There was no login in \(report.path).")
    }

    private static func ask(about path: String?) throws {
        guard Prompt.isPossible else {
            throw ExitStatus.refused.exit(saying: "Nothing was removed: there is no terminal to ask on. Say --yes.")
        }
        let question = "Remove the login\(path.map { " in \($0)" } ?? "")? qwen-code uses the same one."
        guard Prompt.asks(question, default: false) else {
            throw ExitStatus.refused.exit(saying: "Nothing was removed.")
        }
    }
}

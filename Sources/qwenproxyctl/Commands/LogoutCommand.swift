// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
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
        if login.state != .missing, !self.yes, self.fileMayExist { try Self.ask(about: login.path) }
        // Another program may have the lock for a while.
        let report = try self.daemon.call(atLeast: .seconds(60)) { client throws(ControlError) in try client.logout() }
        Terminal.print(
            report, asJSON: self.json,
            else: report.removed ? "Removed \(report.path)." : "There was no login in \(report.path).")
    }

    /// False where the daemon's configuration names a place that holds no login.
    private var fileMayExist: Bool {
        let settings = (try? self.daemon.client().configuration())?.settings ?? []
        guard let directory = settings.first(where: { $0.key == "oauth.directory" })?.value else { return true }
        // Any other error leaves it open, and then it is better to ask.
        return unsafe access("\(directory)/oauth_creds.json", F_OK) == 0 || errno != ENOENT
    }

    private static func ask(about path: String?) throws {
        let question = "Remove the login\(path.map { " in \($0)" } ?? "")? qwen-code uses the same one."
        try Prompt.agreement(question, default: false, otherwise: "Nothing was removed")
    }
}

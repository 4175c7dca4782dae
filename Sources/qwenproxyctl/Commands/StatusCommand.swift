// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Shared

/// `qwenproxyctl status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows whether the daemon runs and how it is doing.",
        discussion: """
            Root, who has no daemon of its own as a rule, sees those that the system runs for users; with --json they are an \
            object with the users' names.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    func run() throws {
        do throws(ControlError) {
            let status = try self.daemon.client().status()
            Terminal.print(status, asJSON: self.json, else: StatusTable(status, now: .now()).lines)
        } catch {
            let others = self.systemDaemons(insteadOf: error)
            guard !others.isEmpty else { throw Failure(error).status.exit(saying: Failure(error).message) }
            Terminal.print(
                Dictionary(others.map { ($0.user, $0.status) }) { $1 }, asJSON: self.json,
                else: others.flatMap { user, status in
                    [StyledText("qwenproxyd@\(user)", .bold)] + StatusTable(status, now: .now()).lines + [
                        StyledText("")
                    ]
                })
        }
    }

    /// Those of /run/qwenproxyd/USER, which root may ask.
    private func systemDaemons(insteadOf error: ControlError) -> [(user: String, status: DaemonStatus)] {
        // Not where a socket was named: another daemon's state would not be the answer to that question.
        guard case .connection(.notRunning) = error, geteuid() == 0, self.daemon.socket == nil,
            ProcessEnvironment.value(SocketPath.environmentVariable) == nil
        else { return [] }
        return SystemInstances.users().compactMap { user in
            let client = ControlClient(
                paths: [SocketPath.ofSystemService(for: user)],
                timeLimit: .milliseconds(Int64(self.daemon.timeout * 1000)))
            // One that does not answer is left out. When none does, the user reads the first error.
            return (try? client.status()).map { (user, $0) }
        }
    }
}

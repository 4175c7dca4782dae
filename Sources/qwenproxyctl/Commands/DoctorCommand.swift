// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `qwenproxyctl doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks everything between Claude Code and the model, and says how to mend what is wrong.",
        discussion: """
            It looks at programs, units, the configuration, the daemon, the environment, credentials and the network, and \
            sends one tiny request through the daemon. The exit status is 1 when something is wrong.
            """,
    )

    private struct Report: Encodable {
        var isHealthy: Bool
        var findings: [Finding]
    }

    @OptionGroup var daemon: DaemonOptions

    @Flag(name: .customLong("no-request"), help: "Do not send a request, which costs a few tokens.")
    var omitsRequest = false

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func run() throws {
        let findings = Doctor(client: self.daemon.client(), makesRequest: !self.omitsRequest).findings()
        let isHealthy = !findings.contains { $0.verdict == .failure }
        Terminal.print(
            Report(isHealthy: isHealthy, findings: findings), asJSON: self.json, else: findings.flatMap(\.lines))
        guard isHealthy else { throw ExitStatus.refused.exit }
    }
}

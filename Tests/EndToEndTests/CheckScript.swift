// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// A script of `Tests/Python` that uses the daemon through somebody else's client and prints one line per check, `ok NAME` or
/// `FAILED NAME: why`.
struct CheckScript {
    private let name: String
    private let arguments: [String]
    private let environment: [String: String]

    /// One that uses the control socket.
    static func onControlSocket(_ name: String, of daemon: DaemonProcess) -> CheckScript {
        CheckScript(name: name, arguments: [daemon.controlSocket], environment: [:])
    }

    /// One that uses the gateway.
    static func onGateway(_ name: String, of daemon: DaemonProcess) -> CheckScript {
        let environment = ["ANTHROPIC_BASE_URL": daemon.baseURL, "ANTHROPIC_API_KEY": "sk-local-test"]
        return CheckScript(name: name, arguments: [], environment: environment)
    }

    /// Runs the script and demands that every check passes.
    /// - Returns: how many there are.
    func run() async throws -> Int {
        let python = try #require(ExternalPrograms.python, "CI has to provide the packages of requirements.txt")
        let home = try TemporaryDirectory("py")
        let child = try ChildProcess(
            python, [ExternalPrograms.script(self.name)] + self.arguments,
            environment: DaemonProcess.cleanEnvironment(home: home).merging(self.environment) { $1 })
        let outcome = try await child.outcome(within: .seconds(120))
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(lines.filter { !$0.hasPrefix("ok ") } == [])
        return lines.count
    }
}

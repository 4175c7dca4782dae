// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The package on a system with systemd as its first process.
@Suite(.serialized, .enabled(if: SystemScenario.isPossible, "needs root and the package: make test as root"))
struct PackageTests {
    @Test func `it is installed, used, upgraded under load, and removed without a trace`() async throws {
        // The first run makes the system, from the network.
        try await SystemScenario(surroundings: .machine, script: "package").run(within: .seconds(400))
    }

    @Test(.enabled(if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code"))
    func `the README leads a newcomer to an answer of Claude Code`() async throws {
        _ = try #require(ExternalPrograms.claude, "CI has to provide Claude Code")
        try await SystemScenario(surroundings: .machine, script: "newcomer").run(within: .seconds(400))
    }

    @Test func `lintian has nothing to say`() async throws {
        let package = try #require(SystemScenario.package, "CI has to build the package: make test")
        let outcome = try await ChildProcess(
            "/usr/bin/lintian", ["--allow-root", "--fail-on=error,warning", package],
            environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
        ).outcome(within: .seconds(120))
        #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errorOutput)")
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The reference client of Varlink against the daemon. The script prints one line per check, `ok NAME` or `FAILED NAME`.
@Suite(
    .enabled(
        if: ExternalPrograms.python != nil || ExternalPrograms.isContinuousIntegration,
        "needs the varlink package: make test"))
struct VarlinkClientTests {
    @Test func `introspects, and calls every method`() async throws {
        let python = try #require(ExternalPrograms.python, "CI has to provide the varlink package")
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let home = try TemporaryDirectory("py")
            let child = try ChildProcess(
                python, [Self.script, gateway.daemon.controlSocket],
                environment: DaemonProcess.cleanEnvironment(home: home))
            let outcome = try await child.outcome(within: .seconds(60))
            let lines = outcome.output.split(separator: "\n")
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(lines.filter { !$0.hasPrefix("ok ") } == [])
            #expect(lines.count == 11)
        }
    }

    private static var script: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
            + "/Python/varlink_client.py"
    }
}

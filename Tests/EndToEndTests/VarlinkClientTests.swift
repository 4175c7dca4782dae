// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The reference client of Varlink against the daemon.
@Suite(
    .enabled(
        if: ExternalPrograms.python != nil || ExternalPrograms.isContinuousIntegration,
        "needs the varlink package: make test"))
struct VarlinkClientTests {
    @Test func `introspects, and calls every method`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let count = try await CheckScript.onControlSocket("varlink_client.py", of: gateway.daemon).run()
            #expect(count == 11)
        }
    }
}

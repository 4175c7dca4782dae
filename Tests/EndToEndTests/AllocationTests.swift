// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct AllocationTests {
    @Test func `the daemon allocates with jemalloc`() async throws {
        let home = try TemporaryDirectory("m")
        var environment = DaemonProcess.cleanEnvironment(home: home)
        environment["MALLOC_CONF"] = "stats_print:true"
        let child = try ChildProcess(BuiltProducts.daemon, ["--list-upstreams"], environment: environment)
        let report = try await child.outcome().errorOutput
        // A start takes some hundred kilobytes.
        let allocated = try #require(report.firstMatch(of: /Allocated: (\d+),/), "\(report)")
        #expect(Int(allocated.1)! > 100_000)
    }
}

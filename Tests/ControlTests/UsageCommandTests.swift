// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

@Suite(.timeLimit(.minutes(1))) struct UsageCommandTests {
    private func ctl(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await withControlService { path in
            try await ChildProcess.run(
                BuiltProducts.control, ["usage", "--socket", path, "--timeout", "60"] + arguments)
        }
    }

    @Test func `models and days have their sums, and estimates are called so`() async throws {
        let outcome = try await self.ctl()
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(
            outcome.output == """
                In the last 30 days:
                MODEL AT UPSTREAM         REQUESTS  FAILED      IN  CACHED   OUT      COST
                qwen3.7-plus at plan            13       1  121.0k     74%  3.4k  ~$0.0539
                qwen3-coder:30b at local         2       0       0       -     0         -
                all                             15       1  121.0k     74%  3.4k  ~$0.0539

                DAY                 REQUESTS  FAILED      IN  CACHED   OUT      COST
                2027-01-15 (today)        14       1  120.0k     75%  3.4k  ~$0.0534
                2027-01-13                 1       0    1.0k      0%    10  ~$0.0004

                Costs are estimates by the catalogue's prices (qwenproxyctl models). Not in them, because no price is \
                known: qwen3-coder:30b at local.

                """)
    }

    @Test func `one day is today, and JSON has all`() async throws {
        let today = try await self.ctl("--days", "1").output
        #expect(
            today.hasPrefix("Today:\n") && today.contains("qwen3.7-plus at plan            12")
                && !today.contains("DAY"), "\(today)")
        let json = try JSONDecoder().decode(
            UsageReport.self, from: Data(try await self.ctl("--json", "--days", "1").output.utf8))
        #expect(json.days.count == 2)
        #expect(try await self.ctl("--days", "0").status == 64)
    }

    @Test func `nothing is told as such, and an unknown price, too`() {
        #expect(
            UsageTable(UsageReport(today: "2027-01-15"), days: 1).lines(width: nil).map(\.plain)
                == ["No request ended at a model today."])
        var report = UsageReport(today: "2027-01-15")
        report.add([ModelTotals(upstream: "a", model: "m", requests: 1)], on: "2027-01-15")
        #expect(UsageTable(report, days: 30).lines(width: 80).last?.plain == "No price is known for this model.")
    }

    @Test(arguments: [
        (0, "$0.0000"), (49, "$0.0000"), (50, "$0.0001"), (4200, "$0.0042"), (99_999, "$0.1000"), (100_000, "$0.10"),
        (1_234_567, "$1.23"), (12_345_678_901, "$12,345.68"), (-5, "$0.0000"),
    ])
    func `small costs have more digits`(millionths: Int, text: String) {
        #expect(Quantity.dollars(millionths) == text)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Shared

@Suite struct UsageReportTests {
    private static func totals(_ model: String, _ requests: Int = 1, cost: Int? = nil) -> ModelTotals {
        ModelTotals(
            upstream: "a", model: model, requests: requests, tokens: TokenCounts(input: 10, output: 3, cached: 5),
            cost: cost)
    }

    @Test func `what is added on a day is summed up by model, and the newest day comes first`() {
        var report = UsageReport(today: "2027-01-31")
        report.add([], on: "2027-01-01")
        #expect(report.days.isEmpty)
        report.add([Self.totals("m", cost: 5)], on: "2027-01-30")
        report.add([Self.totals("m"), Self.totals("n")], on: "2027-01-31")
        report.add([Self.totals("m", 2, cost: 6)], on: "2027-01-30")
        report.add([Self.totals("m")], on: "2027-01-29")
        #expect(report.days.map(\.date) == ["2027-01-31", "2027-01-30", "2027-01-29"])
        #expect(report.days[1].models.map(\.requests) == [3])
        #expect(report.days[1].models[0].cost == 11)
        #expect(report.days[1].models[0].tokens == TokenCounts(input: 20, output: 6, cached: 10))
        // No price is not the same as no cost.
        #expect(report.days[0].models.map(\.model) == ["m", "n"] && report.days[0].models[0].cost == nil)
    }

    @Test func `what two processes counted comes together, whichever is added to the other`() {
        var (one, two) = (UsageReport(today: "2027-01-30"), UsageReport(today: "2027-01-31"))
        one.add([Self.totals("m"), Self.totals("n")], on: "2027-01-30")
        two.add([Self.totals("m")], on: "2027-01-30")
        two.add([Self.totals("o")], on: "2027-01-31")
        var (first, second) = (one, two)
        first.add(two)
        second.add(one)
        #expect(first == second)
        #expect(first.today == "2027-01-31" && first.days.map(\.models.count) == [1, 2])
    }

    @Test func `days and models are of a bounded number`() {
        var report = UsageReport(today: "2027-01-31")
        for year in 2000..<2200 { report.add([Self.totals("m")], on: "\(year)-01-01") }
        #expect(report.days.count == 92)
        #expect(report.days.first?.date == "2199-01-01" && report.days.last?.date == "2108-01-01")
        // Older than all that are remembered.
        report.add([Self.totals("m")], on: "1999-01-01")
        #expect(report.days.count == 92 && report.days.last?.date == "2108-01-01")
        report.add((0..<1000).map { Self.totals("m\($0)") }, on: "2199-01-01")
        #expect(report.days[0].models.count == 65)
        #expect(report.days[0].models.first?.model == "others" && report.days[0].models.first?.requests == 937)
        // Read back and added to, it grows no further.
        report.add((0..<1000).map { Self.totals("x\($0)") }, on: "2199-01-01")
        #expect(report.days[0].models.count == 65 && report.days[0].models.first?.requests == 1937)
    }
}

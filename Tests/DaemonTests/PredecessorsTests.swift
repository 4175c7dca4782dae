// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import qwenproxyd

/// What a process that was replaced says to the one that has replaced it.
@Suite struct PredecessorsTests {
    private static func status(_ inFlight: Int, model: String = "m", live: Int = 0) -> PredecessorStatus {
        PredecessorStatus(
            pid: 7, until: Timestamp(secondsSinceEpoch: 1_800_000_000), inFlight: inFlight, streaming: 0,
            live: (0..<live).map {
                LiveRequestStatus(
                    id: "req_\($0)", model: model, upstream: nil, upstreamModel: nil, state: .waiting, streaming: true,
                    age: 1, outputTokens: 0)
            })
    }

    private let report: ReportToSuccessor
    private let predecessors: Predecessors

    init() throws {
        let report = try #require(ReportToSuccessor())
        self.report = report
        self.predecessors = Predecessors([try #require(report.duplicate())])
    }

    @Test func `the newest report counts, however many were never read`() {
        #expect(self.predecessors.reports == [])
        for count in 1...1000 { self.report.put(Self.status(count, live: 3)) }
        #expect(self.predecessors.reports == [Self.status(1000, live: 3)])
        // It stays until there is another one.
        #expect(self.predecessors.reports == [Self.status(1000, live: 3)])
        self.report.put(Self.status(2))
        #expect(self.predecessors.reports == [Self.status(2)])
    }

    @Test func `one that serves nothing is left out`() {
        self.report.put(Self.status(1))
        self.report.put(Self.status(0))
        #expect(self.predecessors.reports == [])
    }

    @Test func `the end of a process is the end of its report`() async throws {
        var report = ReportToSuccessor()
        let predecessors = Predecessors([try #require(report?.duplicate())])
        report?.put(Self.status(5))
        #expect(predecessors.reports == [Self.status(5)])
        report = nil
        // A program that another test starts has a copy of each descriptor until it takes its first step.
        let deadline = ContinuousClock.now + .seconds(60)
        while predecessors.reports != [], ContinuousClock.now < deadline { await Task.yield() }
        #expect(predecessors.reports == [])
        #expect(predecessors.duplicates() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `what a process leaves is closed when it ends, though nothing asks for its report`() async throws {
        var reports = [try #require(ReportToSuccessor()), try #require(ReportToSuccessor())]
        let predecessors = Predecessors(try reports.map { try #require($0.duplicate()) })
        for report in reports { report.put(Self.status(5)) }
        let closing = Task { try await predecessors.closeEnded(every: .milliseconds(5)) }
        reports.removeAll()
        try await closing.value
        #expect(predecessors.duplicates() == [])
    }

    @Test func `requests that do not fit are left out, their number is not`() throws {
        self.report.put(Self.status(500, model: String(repeating: "long ", count: 50), live: 256))
        let shown = try #require(self.predecessors.reports.first)
        #expect(shown.inFlight == 500)
        #expect(shown.live.count >= 16 && shown.live.first?.id == "req_0")
        self.report.put(Self.status(1, model: String(repeating: "x", count: 100_000), live: 1))
        #expect(self.predecessors.reports.first == Self.status(1))
    }

    @Test func `the process after the next one is told, too`() throws {
        self.report.put(Self.status(3))
        #expect(self.predecessors.reports == [Self.status(3)])
        // What one process has seen is there for the next one.
        let next = Predecessors(self.predecessors.duplicates())
        #expect(next.reports == [Self.status(3)])
    }
}

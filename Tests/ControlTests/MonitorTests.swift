// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

/// `qwenproxyctl monitor` in front of a terminal, and what it draws.
@Suite(.timeLimit(.minutes(2))) struct MonitorTests {
    private static let enter = "\u{1B}[?1049h"
    private static let leave = "\u{1B}[?1049l"

    private static func request(
        _ id: String, _ state: LiveRequestStatus.State = .answering, age: Int = 2000, tokens: Int = 100,
    ) -> LiveRequestStatus {
        LiveRequestStatus(
            id: id, model: "claude-sonnet-5", upstream: "example.com", upstreamModel: "qwen3-coder-plus", state: state,
            streaming: true, age: age, outputTokens: tokens)
    }

    private static func report(_ live: [LiveRequestStatus]) -> MonitorReport {
        MonitorReport(
            state: .running, time: Timestamp(secondsSinceEpoch: 1_800_000_000),
            requests: RequestCounts(inFlight: live.count, streaming: live.count, total: 30, failed: 4),
            tokens: TokenCounts(input: 12_345, output: 20, cached: 50), live: live)
    }

    /// Reports until the client has gone.
    private static let endless = ControlFake(monitor: { send in
        var age = 1000
        while !Task.isCancelled {
            send(Self.report([Self.request("req_alpha", age: age, tokens: age / 10)]))
            age += 1000
            try? await Task.sleep(for: .milliseconds(20))
        }
        return Self.report([])
    })

    private func onTerminal(
        _ arguments: [String] = ["monitor", "--timeout", "60"], environment: [String: String] = [:], rows: UInt16 = 24,
        columns: UInt16 = 100, control: ControlFake = Self.endless,
        _ body: @escaping @Sendable (TerminalProcess) throws -> Void,
    ) async throws {
        try await withControlService(
            control,
            blocking: { path in
                var all = ["TERM": "xterm", "QWEN_CONTROL_SOCKET": path, "PATH": "/usr/bin:/bin"]
                all.merge(environment) { $1 }
                try body(
                    try TerminalProcess(
                        BuiltProducts.control, arguments, environment: all, rows: rows, columns: columns))
            })
    }

    @Test func `it takes the screen, shows requests, follows the terminal's size, and q gives it back`() async throws {
        try await self.onTerminal { terminal in
            #expect(terminal.waits(for: "req_alpha"))
            #expect(terminal.output.contains(Self.enter))
            #expect(!terminal.isCooked)
            #expect(terminal.waits(for: "100.0"), "tokens a second")
            #expect(terminal.output.contains("example.com (qwen3-coder-plus)"))
            let position = terminal.position
            try terminal.resize(rows: 24, columns: 40)
            #expect(terminal.waits(for: "…", after: position), "the table did not become narrower")
            terminal.type("q")
            #expect(terminal.status() == 0)
            #expect(terminal.isCooked)
            #expect(terminal.waits(for: Self.leave))
            #expect(terminal.output.hasSuffix(Self.leave))
        }
    }

    @Test func `Ctrl-C gives the terminal back`() async throws {
        try await self.onTerminal { terminal in
            #expect(terminal.waits(for: "req_alpha"))
            terminal.type("\u{03}")
            #expect(terminal.status() == 0)
            #expect(terminal.isCooked)
            #expect(terminal.waits(for: Self.leave))
            #expect(terminal.output.hasSuffix(Self.leave))
        }
    }

    @Test func `the daemon's end gives the terminal back and is told`() async throws {
        let fake = ControlFake(monitor: { send in
            send(Self.report([Self.request("req_alpha")]))
            try? await Task.sleep(for: .seconds(3600))
            return Self.report([])
        })
        let terminal = try await withControlService(
            fake,
            blocking: { path in
                let terminal = try TerminalProcess(
                    BuiltProducts.control, ["monitor", "--timeout", "60"],
                    environment: ["TERM": "xterm", "QWEN_CONTROL_SOCKET": path])
                #expect(terminal.waits(for: "answering"))
                return terminal
            })
        // The service has stopped.
        #expect(terminal.status() == 3)
        #expect(terminal.isCooked)
        #expect(terminal.waits(for: "qwenproxyd has stopped"))
    }

    @Test func `without a daemon the screen is never taken`() async throws {
        let terminal = try TerminalProcess(
            BuiltProducts.control, ["monitor"], environment: ["TERM": "xterm", "QWEN_CONTROL_SOCKET": "/nowhere"])
        #expect(terminal.status() == 3)
        #expect(!terminal.output.contains(Self.enter))
        #expect(terminal.waits(for: "qwenproxyd is not running"))
    }

    @Test func `colours are for terminals, unless NO_COLOR says otherwise`() async throws {
        try await self.onTerminal { terminal in
            #expect(terminal.waits(for: "\u{1B}[32manswering\u{1B}[0m"))
            terminal.type("q")
            #expect(terminal.status() == 0)
        }
        try await self.onTerminal(environment: ["NO_COLOR": "1"]) { terminal in
            #expect(terminal.waits(for: "answering"))
            #expect(!terminal.output.contains("\u{1B}[32m"))
            terminal.type("q")
            #expect(terminal.status() == 0)
        }
    }

    @Test func `status has colours on a terminal only`() async throws {
        try await self.onTerminal(["status", "--timeout", "60"]) { terminal in
            #expect(terminal.waits(for: "\u{1B}[32mrunning\u{1B}[0m"))
            #expect(terminal.status() == 0)
        }
        try await self.onTerminal(["status", "--timeout", "60"], environment: ["NO_COLOR": "1"]) { terminal in
            #expect(terminal.waits(for: "running"))
            #expect(terminal.status() == 0)
            #expect(!terminal.output.contains("\u{1B}"))
        }
    }

    @Test func `anywhere else each report is a line of JSON`() async throws {
        let output = try await withControlService { path in
            try await ChildProcess.run(BuiltProducts.control, ["monitor", "--socket", path, "--timeout", "60"])
        }
        let lines = output.output.split(separator: "\n")
        let reports = try lines.map { try JSONDecoder().decode(MonitorReport.self, from: Data($0.utf8)) }
        #expect(reports.map(\.requests.total) == [1, 2])
        #expect(output.status == 0)
    }

    @Test func `what does not fit is counted, and no line is wider than the screen`() {
        let report = Self.report((0..<50).map { Self.request("req_\($0)") })
        for (rows, columns) in [(24, 80), (10, 40), (5, 20), (3, 10), (1, 5)] {
            let lines = MonitorScreen(report: report, rates: RateMeter(), rows: rows, columns: columns).lines
            #expect(lines.count <= rows)
            #expect(lines.allSatisfy { $0.width <= columns })
        }
        let lines = MonitorScreen(report: report, rates: RateMeter(), rows: 24, columns: 120).lines.map(\.plain)
        #expect(lines.filter { $0.contains("claude-sonnet-5") }.count == 19)
        #expect(lines.contains("… and 31 more"))
        #expect(lines[0].contains("50 in flight") && lines[0].contains("12.3k in"))
    }

    private static func history(_ count: Int) -> MonitorReport {
        var report = Self.report((0..<count).map { Self.request("req_\($0)") })
        report.finished = (0..<20).map { number in
            FinishedRequestStatus(
                id: "req_f\(number)", model: "claude-haiku-4-5", upstream: "plan", upstreamModel: "qwen3.7-plus",
                outcome: number == 1 ? .failed : .answered, error: number == 1 ? "overloaded_error" : nil,
                time: Timestamp(secondsSinceEpoch: 1_800_000_000), duration: 12_300, firstByte: 800,
                tokens: TokenCounts(input: 23_456, output: 789, cached: 20_000))
        }
        report.models = [
            ModelTotals(
                upstream: "plan", model: "qwen3.7-plus", requests: 20, failed: 1,
                tokens: TokenCounts(input: 469_120, output: 15_780, cached: 400_000), cost: 1_234_567),
            ModelTotals(upstream: "local", model: "qwen3-coder:30b", requests: 2),
        ]
        report.predecessors = [
            PredecessorStatus(
                pid: 4710, until: Timestamp(secondsSinceEpoch: 1_800_003_600), inFlight: 2, streaming: 2,
                live: [Self.request("req_old")])
        ]
        return report
    }

    @Test func `below what runs stand the last requests, newest first, and each model's totals`() {
        let screen = MonitorScreen(report: Self.history(1), rates: RateMeter(), rows: 24, columns: 80).lines
        #expect(screen.count == 24 && screen.allSatisfy { $0.width <= 80 })
        let lines = screen.map(\.plain)
        #expect(lines.contains { $0.hasPrefix("and 2 in flight (2 streaming) in process 4710, which was replaced") })
        #expect(lines.contains("… and 1 more"))
        let first = lines.first { $0.contains("haiku-4-5  plan") } ?? ""
        for word in ["answered", "12.3s", "0.8s", "23.4k", "85%", "789"] { #expect(first.contains(word), "\(first)") }
        #expect(lines.contains { $0.contains("overloaded") && $0.contains("12.3s") })
        #expect(
            lines.contains {
                $0.hasPrefix("qwen3.7-plus at plan") && $0.hasSuffix("20       1  469.1k     85%  15.7k  ~$1.23")
            }
        )
        #expect(lines.last == "q quits")
    }

    @Test(arguments: [0, 1, 5, 50, 300])
    func `what runs goes before what has ended, on a screen of any size`(count: Int) {
        let report = Self.history(count)
        for (rows, columns) in [(60, 200), (40, 120), (24, 80), (18, 80), (12, 80), (8, 40), (4, 20), (1, 5)] {
            let lines = MonitorScreen(report: report, rates: RateMeter(), rows: rows, columns: columns).lines
            #expect(lines.count == rows && lines.allSatisfy { $0.width <= columns })
            let shown = lines.filter { $0.plain.contains("answering") || $0.plain.contains("… and") }.count
            if rows >= 12 { #expect(shown >= min(count, rows - 20), "\(rows)x\(columns)") }
        }
    }

    @Test func `what a client or an upstream made up cannot steer the terminal`() {
        var request = Self.request("req_1")
        request.model = "a\u{1B}[2Jb\nc"
        let lines = MonitorScreen(report: Self.report([request]), rates: RateMeter(), rows: 10, columns: 200).lines
        #expect(!lines.contains { $0.plain.contains("\u{1B}") || $0.plain.contains("\n") })
    }

    @Test func `a rate is of the time between two reports, smoothed, and survives a new attempt`() {
        var meter = RateMeter()
        meter.receive([Self.request("a", age: 1000, tokens: 10)])
        #expect(meter.tokensPerSecond(of: "a") == nil)
        meter.receive([Self.request("a", age: 2000, tokens: 110)])
        #expect(meter.tokensPerSecond(of: "a") == 100)
        meter.receive([Self.request("a", age: 4000, tokens: 110)])
        #expect(meter.tokensPerSecond(of: "a") == 50)
        meter.receive([Self.request("a", age: 5000, tokens: 0)])
        #expect(meter.tokensPerSecond(of: "a") == 50)
        meter.receive([])
        #expect(meter.tokensPerSecond(of: "a") == nil)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import qwenproxyctl

/// What `qwenproxyctl status` says to people.
@Suite struct StatusTableTests {
    private static func error(_ id: Int, _ message: String, kind: String = "overloaded_error") -> RecordedError {
        RecordedError(
            time: Timestamp(secondsSinceEpoch: 1_800_000_000 - Int64(id)), requestID: "req_\(id)", kind: kind,
            message: message)
    }

    private static func lines(_ change: (inout DaemonStatus) -> Void) -> [String] {
        var status = ControlFake.status
        change(&status)
        return StatusTable(status, now: Timestamp(secondsSinceEpoch: 1_800_000_060)).lines.map(\.plain)
    }

    @Test func `equal errors are summed up, and the newest of them is named`() throws {
        let lines = Self.lines {
            $0.lastErrors = [
                Self.error(1, "full"), Self.error(2, "no"), Self.error(3, "full"), Self.error(4, "full"),
                Self.error(5, "full", kind: "api_error"),
            ]
        }
        let first = try #require(lines.firstIndex { $0.contains("Last errors:") })
        #expect(lines.count == first + 3)
        let since = LocalTime.clock(Timestamp(secondsSinceEpoch: 1_799_999_996))
        #expect(lines[first].hasSuffix("req_1 overloaded_error (3 times since \(since)): full"))
        #expect(lines[first + 1].hasSuffix("req_2 overloaded_error: no"))
        #expect(lines[first + 2].hasSuffix("req_5 api_error: full"))
    }

    @Test func `what a process that was replaced still serves is counted below the requests`() throws {
        let until = Timestamp(secondsSinceEpoch: 1_800_003_600)
        let lines = Self.lines {
            $0.predecessors = [PredecessorStatus(pid: 4710, until: until, inFlight: 20, streaming: 19, live: [])]
        }
        let requests = try #require(lines.firstIndex { $0.contains("Requests:") })
        #expect(
            lines[requests + 1].drop { $0 == " " } == """
                and 20 in flight (19 streaming) in process 4710, which was replaced and ends by \
                \(LocalTime.clock(until)) at the latest
                """)
    }

    @Test func `the day has its sum, with the cost where it is known`() throws {
        let priced = ModelTotals(
            upstream: "plan", model: "m", requests: 9, tokens: TokenCounts(input: 1000, output: 20, cached: 500),
            cost: 1_230_000)
        let unpriced = ModelTotals(upstream: "local", model: "m", requests: 1)
        let both = Self.lines { $0.today = [priced, unpriced] }
        #expect(
            both.contains {
                $0.hasSuffix(
                    "Today: 10 requests, 1.0k in (50% cached), 20 out, about $1.23 for those with a price; "
                        + "\"qwenproxyctl usage\" has more")
            }, "\(both)")
        #expect(Self.lines { $0.today = [priced] }.contains { $0.contains("20 out, about $1.23;") })
        #expect(Self.lines { $0.today = [unpriced] }.contains { $0.contains("1 request, 0 in, 0 out;") })
        #expect(!Self.lines { $0.today = [] }.contains { $0.contains("Today") })
    }

    @Test func `a daemon of another version is told, with what brings the installed one`() {
        let version = { $0.contains("Version: 0.0.1, and \(Version.current) is installed") } as (String) -> Bool
        #expect(Self.lines { $0.version = "0.0.1" }.contains(where: version))
        #expect(!Self.lines { _ in }.contains { $0.contains("is installed") })
    }

    @Test func `each file that counts has its line`() {
        let lines = Self.lines {
            $0.configurationSources = ["QWEN_PORT", "/home/a/b.toml", "/etc/qwenproxyd/config.toml"]
        }
        #expect(lines.contains { $0.hasSuffix("Configuration: QWEN_PORT") })
        for file in ["/home/a/b.toml", "/etc/qwenproxyd/config.toml"] {
            #expect(lines.contains { $0.drop { $0 == " " } == file })
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Gateway

@Suite struct RequestHistoryTests {
    private static func request(
        _ id: Int = 0, upstream: String? = "a", model: String = "m", outcome: FinishedRequestStatus.Outcome = .answered,
        tokens: TokenCounts = TokenCounts(input: 10, output: 3, cached: 5), cost: Int? = nil,
    ) -> FinishedRequestStatus {
        FinishedRequestStatus(
            id: "req_\(id)", model: "claude-sonnet-5", upstream: upstream, upstreamModel: upstream.map { _ in model },
            outcome: outcome, time: Timestamp(secondsSinceEpoch: 1_800_000_000), duration: 5, firstByte: 1,
            tokens: tokens, cost: cost)
    }

    @Test func `the last ones are kept, the newest first`() {
        var history = RequestHistory()
        for id in 0..<100 { history.ended(Self.request(id)) }
        #expect(history.finished.map(\.id) == (68..<100).reversed().map { "req_\($0)" })
    }

    @Test func `each model at each upstream is summed up, the busiest first`() {
        var history = RequestHistory()
        history.ended(Self.request(model: "n"))
        for _ in 0..<2 { history.ended(Self.request()) }
        history.ended(Self.request(outcome: .failed, tokens: TokenCounts()))
        // Neither tells anything of a model.
        history.ended(Self.request(outcome: .cancelled))
        history.ended(Self.request(upstream: nil, outcome: .failed))
        #expect(
            history.models == [
                ModelTotals(
                    upstream: "a", model: "m", requests: 3, failed: 1,
                    tokens: TokenCounts(input: 20, output: 6, cached: 10)),
                ModelTotals(
                    upstream: "a", model: "n", requests: 1, tokens: TokenCounts(input: 10, output: 3, cached: 5)),
            ])
    }

    @Test func `names that clients make up take no room without end, and no count makes a sum trap`() {
        var history = RequestHistory()
        let much = TokenCounts(input: .max, output: .max, cached: .max)
        for id in 0..<1000 { history.ended(Self.request(model: "m\(id)", tokens: much)) }
        #expect(history.models.count == 65)
        #expect(history.models.first?.model == "others")
        #expect(history.models.first?.requests == 936)
        #expect(history.models.first?.tokens == much)
    }

    @Test func `what was not saved is taken once, and stays in the sums`() {
        var history = RequestHistory()
        let ends = [Self.request(outcome: .cancelled), Self.request(cost: 7), Self.request(), Self.request(cost: 1)]
        // Whether there is something new to save.
        let isFirst = ends.prefix(3).map { history.ended($0) }
        #expect(isFirst == [false, true, false])
        let taken = history.takeUnsaved()
        #expect(taken.map(\.requests) == [2] && taken.map(\.cost) == [7])
        let nothing = history.takeUnsaved()
        #expect(nothing == [])
        let isFirstAgain = history.ended(ends[3])
        let later = history.takeUnsaved()
        #expect(isFirstAgain && later.map(\.requests) == [1])
        #expect(history.models.map(\.requests) == [3] && history.models.map(\.cost) == [8])
    }

    @Test func `how a request ended is told with its times`() throws {
        let metrics = RequestMetrics()
        let answered = LiveRequest(id: "req_1", model: "claude-sonnet-5", isStreaming: true)
        metrics.began(answered, as: nil)
        answered.asking(upstream: "a", model: "m")
        answered.answerBegan()
        #expect(metrics.liveRequests.first?.firstByte != nil)
        metrics.ended(
            .completed(inputTokens: 7, outputTokens: 2, cachedTokens: 5, InterventionCounts()), answered)
        let refused = LiveRequest(id: "req_2", model: "claude-sonnet-5", isStreaming: true)
        metrics.began(refused, as: nil)
        metrics.ended(
            .failed(.init(time: .now(), requestID: "req_2", kind: "overloaded_error", message: "no")), refused)
        let history = metrics.history
        #expect(history.finished.map(\.id) == ["req_2", "req_1"])
        #expect(history.finished.map(\.outcome) == [.failed, .answered])
        #expect(history.finished.first?.error == "overloaded_error")
        #expect(history.finished.first?.firstByte == nil)
        let first = try #require(history.finished.last)
        #expect(first.upstream == "a" && first.upstreamModel == "m" && first.firstByte != nil)
        #expect(first.tokens == TokenCounts(input: 7, output: 2, cached: 5))
        #expect(history.models.map(\.model) == ["m"])
    }
}

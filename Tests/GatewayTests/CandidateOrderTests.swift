// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

@Suite struct CandidateOrderTests {
    private func order(_ candidates: [String], resting: Set<String>) -> [String] {
        var order = CandidateOrder(candidates)
        var asked: [String] = []
        while let next = order.next(admits: { !resting.contains($0) }) { asked.append(next) }
        return asked
    }

    @Test(
        arguments: [
            (["a", "b", "c"], [], ["a", "b", "c"]),
            (["a", "b", "c"], ["a"], ["b", "c", "a"]),
            (["a", "b", "c"], ["a", "b", "c"], ["a", "b", "c"]),
            (["a"], ["a"], ["a"]),
        ] as [([String], Set<String>, [String])])
    func `who rests is asked last, and never nobody`(all: [String], resting: Set<String>, expected: [String]) {
        #expect(self.order(all, resting: resting) == expected)
    }

    @Test func `it says whether anybody is left`() {
        var order = CandidateOrder(["a", "b"])
        #expect(order.hasMore)
        _ = order.next(admits: { $0 == "b" })
        // Who rests is still there to be asked.
        #expect(order.hasMore)
        _ = order.next(admits: { _ in true })
        #expect(!order.hasMore)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct MemoryBudgetTests {
    @Test func `new work must fit, and what it took comes back`() throws {
        let budget = MemoryBudget(limit: 100)
        var first = MemoryShare(budget, body: 60)
        #expect(first != nil)
        #expect(MemoryShare(budget, body: 41) == nil)
        #expect(budget.used == 60)
        let second = try #require(MemoryShare(budget, body: 40))
        #expect(!second.grow(to: 41))
        #expect(second.grow(to: 30))
        first = nil
        #expect(second.grow(to: 100))
        #expect(budget.used == 100)
    }

    @Test func `a request without a body always fits`() {
        let budget = MemoryBudget(limit: 100)
        let share = MemoryShare(budget, body: 100)
        #expect(MemoryShare(budget, body: 0) != nil)
        #expect(share?.count == 100)
    }

    @Test func `a body that is larger than all the memory fits when nothing else is there`() {
        let budget = MemoryBudget(limit: 100)
        #expect(MemoryShare(budget, body: 500) != nil)
        #expect(budget.used == 0)
        let large = MemoryShare(budget, body: 500)
        #expect(MemoryShare(budget, body: 1) == nil)
        #expect(large?.count == 500)
    }

    @Test func `an answer that is under way goes over the limit, and keeps new work out`() throws {
        let budget = MemoryBudget(limit: 100)
        let share = try #require(MemoryShare(budget, body: 10))
        share.answerHolds(200)
        #expect(budget.used == 210)
        #expect(MemoryShare(budget, body: 1) == nil)
        share.answerHolds(20)
        #expect(budget.used == 30)
        #expect(MemoryShare(budget, body: 70) != nil)
    }
}

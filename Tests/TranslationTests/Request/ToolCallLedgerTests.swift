// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ToolCallLedgerTests {
    private func use(_ index: Int) -> ToolUse { ToolUse(node: JSONNode(index: index)) }

    private func result(_ index: Int) -> ToolResult { ToolResult(node: JSONNode(index: index)) }

    /// Few calls are searched, many are indexed: both must give the same.
    @Test(arguments: [3, 8, 9, 40])
    func `results find their calls, in order where identifiers repeat`(count: Int) {
        var ledger = ToolCallLedger()
        for index in 0..<count {
            ledger.called(self.use(index), id: ToolCallID(index.isMultiple(of: 2) ? "same" : "id\(index)"))
        }
        ledger.answered(self.result(1000), id: ToolCallID("nobody"))
        for index in (0..<count).reversed() where !index.isMultiple(of: 2) {
            ledger.answered(self.result(100 + index), id: ToolCallID("id\(index)"))
        }
        for index in stride(from: 0, to: count, by: 2) {
            ledger.answered(self.result(100 + index), id: ToolCallID("same"))
        }
        ledger.answered(self.result(1001), id: ToolCallID("same"))
        #expect(ledger.calls.map(\.result) == (0..<count).map { self.result(100 + $0) })
        #expect(ledger.call(answeredBy: self.result(101)) == 1)
        #expect(ledger.call(answeredBy: self.result(1000)) == nil)
        #expect(ledger.call(answeredBy: self.result(1001)) == nil)
        ledger.beginTurn()
        #expect(ledger.calls.isEmpty)
        #expect(ledger.call(answeredBy: self.result(101)) == nil)
    }

    @Test func `an identifier that was used is numbered, past numbers that are taken`() {
        var ledger = ToolCallLedger()
        for (index, id) in ["a", "a_2", "a", "", "a", "call_1", ""].enumerated() {
            ledger.called(self.use(index), id: ToolCallID(id))
        }
        #expect(ledger.calls.indices.map(ledger.renamedID) == [nil, nil, "a_3", "call_1", "a_4", "call_1_2", "call_2"])
        ledger.beginTurn()
        ledger.called(self.use(9), id: ToolCallID("a"))
        #expect(ledger.calls.indices.map(ledger.renamedID) == ["a_5"])
    }

    @Test func `many calls under one identifier take no longer than under many`() {
        var ledger = ToolCallLedger()
        for index in 0..<20_000 { ledger.called(self.use(index), id: ToolCallID("x")) }
        for index in 0..<20_000 { ledger.answered(self.result(100_000 + index), id: ToolCallID("x")) }
        #expect(ledger.calls.last?.result == self.result(119_999))
    }
}

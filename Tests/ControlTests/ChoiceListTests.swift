// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import qwenproxyctl

@Suite struct ChoiceListTests {
    /// What a market of models has, more than any screen.
    private static let market = (1...300).map { StyledText("vendor-\($0 % 7)/model-\($0)") }

    /// What becomes of one answer after the other.
    private static func answers(_ list: ChoiceList, _ words: String...) -> [ChoiceList.Answer] {
        var list = list
        return words.map { list.receive($0) }
    }

    @Test func `a number, a name, and what is neither`() {
        let list = ChoiceList(["one", "two"], allowsOthers: false)
        let rule = ChoiceList.Answer.refused("A number from 1 to 2.")
        #expect(list.lines.map(\.plain) == ["  1. one", "  2. two"])
        #expect(Self.answers(list, "2", "one", "on", "3", "") == [.option(1), .option(0), rule, rule, rule])
        let open = ChoiceList(["one"], allowsOthers: true)
        #expect(Self.answers(open, "on", "0") == [.other("on"), .refused("The number 1, or a name.")])
    }

    @Test func `of hundreds a screen is shown, and a part of a name finds the others`() {
        var list = ChoiceList(Self.market, allowsOthers: true)
        #expect(list.lines.count == 21)
        #expect(list.lines.last?.plain == "  … and 280 more. A part of a name shows those that have it.")
        let answers = Self.answers(list, "21", "MODEL-29", "2")
        #expect(answers == [.refused("A number from 1 to 20, or a name."), .narrowed, .option(289)])
        _ = list.receive("MODEL-29")
        #expect(list.lines.first?.plain == "   1. vendor-1/model-29")
        #expect(list.lines.count == 11)
        // A whole name is taken, shown or not.
        #expect(Self.answers(list, "vendor-6/model-300") == [.option(299)])
    }

    @Test func `what is in no name, and what is typed again, is taken as it is`() {
        let list = ChoiceList(Self.market, allowsOthers: true)
        #expect(Self.answers(list, "mine") == [.other("mine")])
        #expect(Self.answers(list, "model-3", "model-3") == [.narrowed, .other("model-3")])
        let closed = ChoiceList(Self.market, allowsOthers: false)
        #expect(closed.lines.count == 300)
        #expect(Self.answers(closed, "model-3", "300") == [.refused("A number from 1 to 300."), .option(299)])
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A numbered list to choose from: what of it is shown, and what an answer means. A pure value; `Prompt` asks.
///
/// A service may have hundreds of models. Then a part of a name shows those that have it.
struct ChoiceList {
    enum Answer: Equatable {
        case option(Int)
        case other(String)
        /// Another part of the list is shown from now on.
        case narrowed
        /// The answer means nothing, in words that say what would.
        case refused(String)
    }

    /// With a title and a question they fit a terminal of the usual size.
    static let mostShown = 20

    private let options: [StyledText]
    /// A word that is not in the list is an answer, too.
    private let allowsOthers: Bool
    /// Of those that were asked for.
    private var found: [Int]
    /// The part of a name that was asked for last.
    private var part: String?

    init(_ options: [StyledText], allowsOthers: Bool) {
        self.options = options
        self.allowsOthers = allowsOthers
        self.found = Array(options.indices)
    }

    private var shown: ArraySlice<Int> { self.isLong ? self.found.prefix(Self.mostShown) : self.found[...] }
    /// Of a list without other answers, such as that of the products, each entry has to be seen.
    private var isLong: Bool { self.allowsOthers && self.options.count > Self.mostShown }

    var lines: [StyledText] {
        let width = "\(self.shown.count)".count
        let list = self.shown.enumerated().map { number, index in
            let head = StyledText("  \(number + 1)").padded(to: width + 2, isRight: true) + StyledText(". ")
            return (head + self.options[index]).hanging(by: width + 4)
        }
        let rest = self.found.count - self.shown.count
        guard rest > 0 else { return list }
        return list + [
            StyledText("  … and \(rest) more. A part of a name shows those that have it.", .faint).hanging(by: 2)
        ]
    }

    var question: String {
        guard self.allowsOthers else { return "Number" }
        return self.isLong ? "Number, name or a part of it" : "Number or name"
    }

    /// What Return means; nil when there is nothing to take.
    var `default`: String? { self.shown.isEmpty ? nil : "1" }

    mutating func receive(_ answer: String) -> Answer {
        if let number = Int(answer) {
            guard self.shown.indices.contains(number - 1) else { return .refused(self.rule) }
            return .option(self.shown[number - 1])
        }
        if let index = self.options.firstIndex(where: { $0.plain == answer }) { return .option(index) }
        guard !answer.isEmpty else { return .refused(self.rule) }
        // What is typed again is meant as it is.
        if self.isLong, answer != self.part {
            let part = answer.lowercased()
            let found = self.options.indices.filter { self.options[$0].plain.lowercased().contains(part) }
            if !found.isEmpty {
                (self.found, self.part) = (found, answer)
                return .narrowed
            }
        }
        return self.allowsOthers ? .other(answer) : .refused(self.rule)
    }

    private var rule: String {
        let numbers = self.shown.count == 1 ? "The number 1" : "A number from 1 to \(self.shown.count)"
        return "\(numbers)\(self.allowsOthers ? ", or a name" : "")."
    }
}

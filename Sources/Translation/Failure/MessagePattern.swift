// SPDX-License-Identifier: Apache-2.0

/// A wording to look for anywhere in an error, in lower case: `input length ({prompt}) exceeds * length ({window})`.
/// `{…}` stands for a number or for a parameter's name, ` * ` for any text. Case and spelling of numbers (`131,072`,
/// `72417.0`) do not matter. Searching takes no longer than the product of both lengths.
struct MessagePattern: Sendable, ExpressibleByStringLiteral {
    /// What a number in the wording counts, in tokens.
    enum Slot: String, CaseIterable {
        case prompt
        /// What the model takes: the prompt, or prompt and answer.
        case window
        case output
        /// The prompt has that many tokens or more.
        case promptAtLeast = "prompt at least"
        /// Prompt and answer together, as they were asked for.
        case total
        /// The most that may be asked for.
        case limit
        /// The least that may not be asked for.
        case limitExclusive = "limit exclusive"
        case ignored
    }

    /// What a wording says. A number too long to be one of tokens counts as not told.
    struct Findings {
        fileprivate(set) var numbers: [Slot: Int] = [:]
        fileprivate(set) var parameter: RequestParameter?

        subscript(slot: Slot) -> Int? { self.numbers[slot] }
    }

    private enum Element {
        case text([UInt8])
        case number(Slot)
        case parameter
    }

    let text: String
    /// Between two of them stands any text.
    private let segments: [[Element]]

    init(stringLiteral text: StaticString) {
        self.text = text.description
        self.segments = self.text.split(separator: " * ").map { Self.elements(of: $0) }
    }

    private static func elements(of segment: Substring) -> [Element] {
        var elements: [Element] = []
        for part in segment.split(separator: "{", omittingEmptySubsequences: false) {
            var literal = part[...]
            if let end = part.firstIndex(of: "}") {
                let name = String(part[..<end])
                elements.append(Slot(rawValue: name).map { .number($0) } ?? .parameter)
                literal = part[part.index(after: end)...]
            }
            if !literal.isEmpty { elements.append(.text(Array(literal.utf8))) }
        }
        return elements
    }

    /// Nil when the wording does not stand in `message`, which must be in lower case.
    func find(in message: [UInt8]) -> Findings? {
        var findings = Findings()
        var position = 0
        for segment in self.segments {
            guard let end = Self.find(segment, in: message, from: position, &findings) else { return nil }
            position = end
        }
        return findings
    }

    /// The end of the first place at or after `start` that fits.
    private static func find(
        _ segment: [Element], in message: [UInt8], from start: Int, _ findings: inout Findings,
    ) -> Int? {
        var first: UInt8?
        if case .text(let text) = segment.first { first = text.first }
        for candidate in start..<max(start, message.count) where first == nil || message[candidate] == first {
            // A copy: a place that does not fit in the end must leave nothing behind.
            var found = findings
            guard let end = Self.match(segment, in: message, at: candidate, &found) else { continue }
            findings = found
            return end
        }
        return nil
    }

    private static func match(
        _ segment: [Element], in message: [UInt8], at start: Int, _ findings: inout Findings,
    ) -> Int? {
        var position = start
        for element in segment {
            switch element {
            case .text(let text):
                guard message[position...].starts(with: text) else { return nil }
                position += text.count
            case .number(let slot):
                var number = TokenCount(at: position, in: message)
                guard number.read() else { return nil }
                position = number.position
                findings.numbers[slot] = number.value
            case .parameter:
                guard let (parameter, end) = ParameterName.parameter(in: message, at: position) else { return nil }
                position = end
                findings.parameter = parameter
            }
        }
        return position
    }
}

/// Reads one number of tokens.
private struct TokenCount {
    private let message: [UInt8]
    private(set) var position: Int
    private(set) var value: Int?

    init(at position: Int, in message: [UInt8]) {
        self.message = message
        self.position = position
    }

    /// False when there is no number here. In the middle of one there is none either.
    mutating func read() -> Bool {
        let start = self.position
        guard self.digit(at: start) != nil, start == 0 || self.digit(at: start - 1) == nil else { return false }
        var value = 0
        while true {
            if let digit = self.digit(at: self.position) {
                // Longer than any count of tokens; what follows is skipped.
                value = value < 1 << 40 ? value * 10 + digit : value
                self.position += 1
            } else if self.isSeparator(at: self.position) {
                self.position += 1
            } else {
                break
            }
        }
        // Python divides into floats: `72417.0`. A dot that ends the sentence has no digit after it.
        if self.position + 1 < self.message.count, self.message[self.position] == UInt8(ascii: "."),
            self.digit(at: self.position + 1) != nil
        {
            self.position += 1
            while self.digit(at: self.position) != nil { self.position += 1 }
        }
        self.value = value < 1 << 40 ? value : nil
        return true
    }

    private func digit(at index: Int) -> Int? {
        guard index < self.message.count, (0x30...0x39).contains(self.message[index]) else { return nil }
        return Int(self.message[index] & 15)
    }

    /// Between groups of three digits.
    private func isSeparator(at index: Int) -> Bool {
        guard index < self.message.count, self.message[index] == UInt8(ascii: ",") || self.message[index] == 0x5F
        else { return false }
        return (1...3).allSatisfy { self.digit(at: index + $0) != nil } && self.digit(at: index + 4) == nil
    }
}

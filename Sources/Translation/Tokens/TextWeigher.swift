// SPDX-License-Identifier: Apache-2.0

/// Weighs a text as a tokenizer of Qwen's family would cut it: first into words, digits, signs and white space, by the rules
/// that the tokenizer publishes; then each word by its shape and letters. The text is read as it stands in a JSON string, and
/// an escape counts as the character it means.
struct TextWeigher {
    /// In 1/32 of a token.
    private(set) var weight = 0

    static let unit = 32

    private let kinds = CharacterKind.ofByte
    private let words = TokenTables.words
    private let letterPairs = TokenTables.letterPairs
    private let longWords = TokenTables.longWords

    /// What stands before a word and is one piece with it.
    fileprivate enum Lead: Int {
        case none
        case space
        case sign
    }

    /// One character as it is spelled.
    fileprivate struct Character {
        var kind: CharacterKind
        /// Tells signs apart.
        var value: UInt32
        var end: Int
    }

    /// Weighs the characters that begin in `range`, and the rest of the last piece. Returns where that ends.
    @discardableResult
    mutating func add(_ text: Span<UInt8>, in range: Range<Int>, limit: Int) -> Int {
        var position = range.lowerBound
        while position < range.upperBound {
            let first = self.character(of: text, at: position, limit)
            switch first.kind {
            // Qwen's rules cut numbers into single digits.
            case .digit:
                self.weight += Self.unit
                position = first.end
            case .letter, .latin, .greek, .cyrillic, .semitic, .indic, .kana, .han, .hangul:
                position = self.addWord(text, from: position, .none, limit)
            case .space, .tab, .newline:
                position = self.addWhiteSpace(text, from: position, limit)
            case .bracket, .sign, .symbol, .wideSymbol, .emoji:
                let next = first.end < limit ? self.character(of: text, at: first.end, limit).kind : .rest
                position =
                    next.isLetter
                    ? self.addWord(text, from: first.end, .sign, limit)
                    : self.addSigns(text, from: position, afterSpace: false, limit)
            case .rest, .escape, .lead:
                position = first.end
            }
        }
        return position
    }
}

// MARK: - Characters

extension TextWeigher {
    @inline(__always)
    fileprivate func character(of text: Span<UInt8>, at position: Int, _ limit: Int) -> Character {
        let byte = text[position]
        let kind = self.kinds[Int(byte)]
        if kind.isPlain { return Character(kind: kind, value: UInt32(byte), end: position + 1) }
        return kind == .escape
            ? self.escape(text, at: position, limit) : self.longCharacter(text, at: position, kind, limit)
    }

    @inline(never)
    private func escape(_ text: Span<UInt8>, at position: Int, _ limit: Int) -> Character {
        // A sample may end in the middle of an escape.
        guard position + 1 < limit else { return Character(kind: .sign, value: 0, end: limit) }
        switch text[position + 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"): return Character(kind: .newline, value: 0x0A, end: position + 2)
        case UInt8(ascii: "t"): return Character(kind: .tab, value: 0x09, end: position + 2)
        case UInt8(ascii: "u"):
            guard position + 6 <= limit else { return Character(kind: .sign, value: 0, end: limit) }
            let unit = self.codeUnit(text, at: position + 2)
            guard let scalar = Unicode.Scalar(unit) else {
                // Half of a pair. The other half is part of the character.
                let isPair = position + 12 <= limit && text[position + 6] == UInt8(ascii: "\\")
                return Character(kind: .emoji, value: unit, end: position + (isPair ? 12 : 6))
            }
            return Character(kind: CharacterKind(scalar), value: unit, end: position + 6)
        case UInt8(ascii: "\""): return Character(kind: .bracket, value: 0x22, end: position + 2)
        case let byte: return Character(kind: .sign, value: UInt32(byte), end: position + 2)
        }
    }

    private func codeUnit(_ text: Span<UInt8>, at position: Int) -> UInt32 {
        (position..<position + 4).reduce(0) { $0 << 4 | UInt32(hexadecimalDigit(text[$1]) ?? 0) }
    }

    @inline(never)
    private func longCharacter(
        _ text: Span<UInt8>, at position: Int, _ kind: CharacterKind, _ limit: Int,
    ) -> Character {
        let byte = text[position]
        let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        let end = min(position + length, limit)
        var value = UInt32(byte)
        for next in position + 1..<max(end, position + 1) { value = value << 6 | UInt32(text[next] & 0x3F) }
        guard kind == .lead else { return Character(kind: kind, value: value, end: end) }
        let scalar = Unicode.Scalar(value & (length == 2 ? 0x7FF : 0xFFFF)) ?? "\u{FFFD}"
        return Character(kind: CharacterKind(scalar), value: value, end: end)
    }
}

// MARK: - White space

extension TextWeigher {
    /// White space up to the last end of a line is one piece, and so is what follows, but for its last character: that goes
    /// with a word, and a space also with signs.
    private mutating func addWhiteSpace(_ text: Span<UInt8>, from start: Int, _ limit: Int) -> Int {
        var position = start
        var blanks = 0
        var last = CharacterKind.newline
        var hasNewline = false
        var next = CharacterKind.rest
        scan: while position < limit {
            let character = self.character(of: text, at: position, limit)
            switch character.kind {
            case .newline: (hasNewline, blanks) = (true, 0)
            case .space, .tab: blanks += 1
            case .letter, .digit, .bracket, .sign, .latin, .greek, .cyrillic, .semitic, .indic, .kana, .han, .hangul,
                .symbol, .wideSymbol, .emoji, .rest, .escape, .lead:
                next = character.kind
                break scan
            }
            last = character.kind
            position = character.end
        }
        if hasNewline { self.weight += Self.unit }
        guard blanks > 0 else { return position }
        guard position < limit else {
            self.weight += Self.unit
            return position
        }
        // The last blank goes with what follows; those before it are one piece, however many.
        if blanks > 1 { self.weight += Self.unit }
        if next.isLetter { return self.addWord(text, from: position, last == .space ? .space : .sign, limit) }
        if next.isSign, last == .space { return self.addSigns(text, from: position, afterSpace: true, limit) }
        self.weight += Self.unit
        return position
    }
}

// MARK: - Signs

extension TextWeigher {
    /// A run of signs is one piece with the ends of lines after it.
    private mutating func addSigns(_ text: Span<UInt8>, from start: Int, afterSpace: Bool, _ limit: Int) -> Int {
        var position = start
        var run = SignRun()
        while position < limit {
            let character = self.character(of: text, at: position, limit)
            if character.kind == .newline {
                run.isOver = true
            } else if run.isOver || !character.kind.isSign {
                break
            } else {
                run.add(character, afterSpace: afterSpace)
            }
            position = character.end
        }
        self.weight += run.weight
        return position
    }

    fileprivate struct SignRun {
        var isOver = false
        private var count = 0
        private var changes = 0
        private var isJSON = true
        private var last: UInt32 = 0
        private var symbols = 0

        mutating func add(_ character: Character, afterSpace: Bool) {
            if character.value < 0x80 {
                if self.count > 0, character.value != self.last { self.changes += 1 }
                self.count += 1
                if character.kind != .bracket { self.isJSON = false }
            } else {
                let isFirst = self.count == 0 && self.symbols == 0
                self.symbols +=
                    character.value == self.last
                    ? 3 : isFirst ? Self.first(character.kind, afterSpace: afterSpace) : 27
            }
            self.last = character.value
        }

        private static func first(_ kind: CharacterKind, afterSpace: Bool) -> Int {
            if kind == .symbol { return afterSpace ? 34 : 43 }
            return kind == .wideSymbol && !afterSpace ? 34 : 40
        }

        var weight: Int { max(self.signs + self.symbols, TextWeigher.unit) }

        /// Means over code, prose and data.
        private var signs: Int {
            let (count, changes) = (self.count, self.changes)
            if count <= 1 { return count * TextWeigher.unit }
            if self.isJSON, changes > 0 {
                return count <= 3 ? 32 : count <= 5 ? 43 + 8 * (count - 4) : 51 + 29 * (count - 5)
            }
            if changes == 0 { return 32 + max(0, count - 16) * 4 / 3 }
            if count == 2 { return 33 }
            if count == 3 { return 32 + 6 * changes }
            return 51 + 3 * min(changes, 4) + 10 * (min(count, 4 + changes) - 4)
        }
    }
}

// MARK: - Words

extension TextWeigher {
    private mutating func addWord(_ text: Span<UInt8>, from start: Int, _ lead: Lead, _ limit: Int) -> Int {
        var position = start
        var word = Word()
        while position < limit {
            let byte = text[position]
            let letter = (byte | 0x20) &- 0x60
            // One comparison for both cases and both ends of the alphabet.
            guard letter &- 1 < 26, byte < 0x80 else { break }
            word.add(letter, isCapital: byte & 0x20 == 0, self.letterPairs)
            position += 1
        }
        if position < limit {
            let next = self.character(of: text, at: position, limit).kind
            if next.isLetter { return self.addForeignWord(text, from: position, after: word.count, lead, limit) }
        }
        self.weight += word.weight(lead, self)
        return position
    }

    /// The rest of a word with letters that are not ASCII's.
    private mutating func addForeignWord(
        _ text: Span<UInt8>, from start: Int, after letters: Int, _ lead: Lead, _ limit: Int,
    ) -> Int {
        var position = start
        let script = ScriptWeights(self.character(of: text, at: start, limit).kind)
        var weight = script.word + (lead == .space ? script.space : 0) + letters * script.ascii
        while position < limit {
            let character = self.character(of: text, at: position, limit)
            guard character.kind.isLetter else { break }
            weight += character.kind == .letter ? script.ascii : script.letter
            position = character.end
        }
        self.weight += max(weight, Self.unit)
        return position
    }

    fileprivate struct Word {
        private(set) var count = 0
        private var capitals = 0
        private var humps = 0
        private var last = 0
        private var lastIsCapital = true
        private var firstIsCapital = false
        private var pairs = 0

        @inline(__always)
        mutating func add(_ letter: UInt8, isCapital: Bool, _ pairs: [Int8]) {
            self.pairs &+= Int(pairs[self.last &* TokenTables.pairStride &+ Int(letter)])
            self.last = Int(letter)
            if self.count == 0 { self.firstIsCapital = isCapital }
            if isCapital {
                self.capitals &+= 1
                if !self.lastIsCapital { self.humps &+= 1 }
            }
            self.lastIsCapital = isCapital
            self.count &+= 1
        }

        /// A row of the table: small letters, capitalized, capitals, capitals before small letters; then one, two or more
        /// humps, with no more capitals than these need, and with more.
        private var shape: Int {
            if self.humps > 0 { return (self.capitals <= self.humps + 1 ? 3 : 6) + min(self.humps, 3) }
            if self.capitals == 0 { return 0 }
            if self.capitals == self.count { return 2 }
            return self.capitals == 1 && self.firstIsCapital ? 1 : 3
        }

        func weight(_ lead: Lead, _ weigher: TextWeigher) -> Int {
            let shape = self.shape
            let column = min(self.count, TokenTables.longestWord) - 1
            var weight = 2 * Int(weigher.words[(lead.rawValue * 10 + shape) * TokenTables.longestWord + column])
            weight += (self.count - 1 - column) * Int(weigher.longWords[shape])
            if self.count > 1 { weight += self.pairs + Int(weigher.letterPairs[self.last * TokenTables.pairStride]) }
            return max(weight, TextWeigher.unit)
        }
    }
}

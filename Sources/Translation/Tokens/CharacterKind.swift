// SPDX-License-Identifier: Apache-2.0

/// What a tokenizer's rules for the first cut of a text tell apart, and the scripts, whose letters take more or fewer tokens.
enum CharacterKind: UInt8 {
    case letter
    case digit
    case space
    case tab
    case newline
    /// A sign that stands between the values of JSON.
    case bracket
    case sign
    case latin
    case greek
    case cyrillic
    case semitic
    case indic
    case kana
    case han
    case hangul
    /// A dash, a quotation mark, an arrow, a line of a box.
    case symbol
    /// A full-width comma and its like.
    case wideSymbol
    case emoji
    /// A byte in the middle of a character, where a sample began there.
    case rest
    /// A backslash: what it means stands after it.
    case escape
    /// The first byte of a character whose second byte says what it is.
    case lead

    /// Whether the byte alone says what it is.
    @inline(__always)
    var isPlain: Bool { self.rawValue < Self.latin.rawValue }

    /// Whether it can stand in a run of signs.
    @inline(__always)
    var isSign: Bool {
        switch self {
        case .bracket, .sign, .symbol, .wideSymbol, .emoji: true
        case .letter, .digit, .space, .tab, .newline, .latin, .greek, .cyrillic, .semitic, .indic, .kana, .han,
            .hangul, .rest, .escape, .lead:
            false
        }
    }

    /// Whether it can stand in a word.
    @inline(__always)
    var isLetter: Bool {
        switch self {
        case .letter, .latin, .greek, .cyrillic, .semitic, .indic, .kana, .han, .hangul: true
        case .digit, .space, .tab, .newline, .bracket, .sign, .symbol, .wideSymbol, .emoji, .rest, .escape, .lead:
            false
        }
    }

    /// By the first byte.
    static let ofByte: [CharacterKind] = (UInt8.min...UInt8.max).map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case 0x20: .space
        case 0x09: .tab
        case 0x0A, 0x0D: .newline
        case UInt8(ascii: "\\"): .escape
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ":"), UInt8(ascii: ","):
            .bracket
        case ..<0x80: .sign
        case ..<0xC0: .rest
        case 0xC2, 0xE1, 0xE2, 0xE3, 0xEF: .lead
        case ..<0xCA: .latin
        case 0xCD...0xCF: .greek
        case 0xD0...0xD4: .cyrillic
        case 0xD5...0xDF: .semitic
        case ..<0xE0: .latin
        case 0xE0: .indic
        case 0xE4...0xE9: .han
        case 0xEA...0xED: .hangul
        case 0xEE: .symbol
        default: .emoji
        }
    }

    /// Of any character.
    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case ..<0x80: self = Self.ofByte[Int(scalar.value)]
        case ..<0xC0: self = .symbol
        case ..<0x370, 0x1E00..<0x1F00: self = .latin
        case ..<0x400: self = .greek
        case ..<0x530: self = .cyrillic
        case ..<0x800: self = .semitic
        case ..<0x1100: self = .indic
        case ..<0x1200: self = .hangul
        case ..<0x2000: self = .indic
        case ..<0x3000: self = .symbol
        case ..<0x3040, 0xFF00..<0xFFF0: self = .wideSymbol
        case ..<0x3100: self = .kana
        case ..<0xA000: self = .han
        case ..<0xD800: self = .hangul
        case 0xF900..<0xFB00: self = .han
        case ..<0x10000: self = .symbol
        default: self = .emoji
        }
    }
}

/// What a word in a script other than ASCII's weighs, in 1/32 of a token.
struct ScriptWeights {
    var word: Int
    /// On top when a space goes with the word.
    var space = 0
    /// Each of its ASCII letters, and each other letter.
    var ascii = 8
    var letter: Int

    init(_ kind: CharacterKind) {
        switch kind {
        case .greek: (self.word, self.ascii, self.letter) = (3, 30, 32)
        case .cyrillic: (self.word, self.space, self.letter) = (38, -22, 11)
        case .semitic: (self.word, self.space, self.letter) = (26, -11, 11)
        case .indic: (self.word, self.space, self.letter) = (32, 5, 12)
        case .kana: (self.word, self.space, self.letter) = (15, 11, 17)
        case .han: (self.word, self.space, self.ascii, self.letter) = (15, 29, 12, 21)
        case .hangul: (self.word, self.space, self.letter) = (40, -11, 15)
        case .letter, .latin, .digit, .space, .tab, .newline, .bracket, .sign, .symbol, .wideSymbol, .emoji, .rest,
            .escape, .lead:
            (self.word, self.space, self.letter) = (42, -10, 14)
        }
    }
}

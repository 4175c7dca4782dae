// SPDX-License-Identifier: Apache-2.0

/// Knows where text only shows something: inside a code block or code span of Markdown, a block quote, or quotation
/// marks. It sees each byte once and keeps no text.
///
/// Blocks are CommonMark's, as far as they can be told without reading ahead. A code span or quotation that is never
/// closed ends with its paragraph, so that a stray mark does not make a quotation of the rest.
struct QuotationTracker: Sendable {
    private enum Line: Sendable {
        /// Nothing but white space so far. Goes anywhere.
        case start
        /// Behind the marker of a block quote or list item.
        case marked
        /// Behind what may be the marker of a list item: a bullet, or a number and a point.
        case bullet
        case number
        /// In a run of `` ` `` or `~` that may begin or end a fenced code block.
        case run
        /// Behind the run that begins one.
        case info
        /// Behind the run that ends one, if nothing else is on the line.
        case closing
        case inside
    }

    private enum Quotation: UInt8, Sendable {
        case none
        case straight
        case single
        case curly
        case angled
        case corner
        case whiteCorner
    }

    private var line = Line.start
    private var indentation = 0
    private var isBlockQuote = false
    private var runByte: UInt8 = 0
    private var runLength = 0
    private var fenceByte: UInt8 = 0
    /// Zero outside a fenced code block.
    private var fenceLength = 0
    private var isFenceInBlockQuote = false
    /// The length of the back quotes that opened a code span; zero outside.
    private var codeSpan = 0
    /// Back quotes that came last.
    private var ticks = 0
    private var quotation = Quotation.none
    private var previous: UInt8 = 0x0A
    private var beforePrevious: UInt8 = 0x0A

    private static let tick = UInt8(ascii: "`")

    var isInFence: Bool { self.fenceLength > 0 }

    /// What begins here is only shown.
    var isQuoted: Bool {
        if self.fenceLength > 0 || self.isBlockQuote || self.quotation != .none { return true }
        if self.line == .run { return self.runByte == Self.tick || self.runLength >= 3 }
        // CommonMark: four spaces begin an indented code block.
        if self.line == .start, self.indentation >= 4 { return true }
        return self.ticks == 0 ? self.codeSpan > 0 : self.codeSpan != self.ticks
    }

    /// Nothing but white space is in front of what begins here.
    var isAtLineStart: Bool { self.line == .start }

    /// A fenced code block may begin here that stands in nothing else.
    var mayBeginFence: Bool { self.line == .start && self.fenceLength == 0 && self.indentation < 4 }

    /// In the line that opens a fenced code block, or may do so.
    var isOpeningFence: Bool { self.line == .run || self.line == .info }

    /// What follows looks like the beginning of a new paragraph.
    mutating func paragraphEnded() { self = QuotationTracker() }

    /// A text inside a line, in which nothing changes what `isQuoted` says.
    var skipsPlainText: Bool { self.line == .inside && self.ticks == 0 }

    mutating func plainTextPassed(last: UInt8) {
        self.beforePrevious = 0
        self.previous = last
    }

    /// Whether nothing in the text, which stands as it is inside a JSON string, is or may be a mark.
    static func isPlain(_ text: Span<UInt8>) -> Bool {
        var position = 0
        while position + ByteBlock.count <= text.count {
            if ByteBlock(text, at: position).quotationMarks != 0 { return false }
            position += ByteBlock.count
        }
        while position < text.count {
            switch text[position] {
            // The bytes that begin the quotation marks below; a backslash may be the escape of a line end or of `"`.
            case UInt8(ascii: "\\"), Self.tick, UInt8(ascii: "'"), 0xC2, 0xE2, 0xE3: return false
            default: position += 1
            }
        }
        return true
    }

    mutating func advance(_ byte: UInt8) {
        if byte == 0x0A { self.endLine() } else { self.advanceInLine(byte) }
        self.beforePrevious = self.previous
        self.previous = byte
    }

    private mutating func advanceInLine(_ byte: UInt8) {
        switch self.line {
        case .start, .marked: self.advancePrefix(byte)
        case .bullet:
            guard byte == 0x20 || byte == 0x09 else { return self.beginInside(byte) }
            self.line = .marked
            self.indentation = 0
        case .number:
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "."), UInt8(ascii: ")"): self.line = .bullet
            default: self.beginInside(byte)
            }
        case .run:
            if byte == self.runByte { self.runLength += 1 } else { self.endRun(byte) }
        case .info:
            // Back quotes in it: it was a code span after all.
            guard byte == Self.tick, self.fenceByte == Self.tick else { return }
            // CommonMark: the info string of a fence of back quotes holds none of them.
            self.codeSpan = self.fenceLength
            self.fenceLength = 0
            self.beginInside(byte)
        case .closing:
            if !byte.isJSONWhitespace { self.line = .inside }
        case .inside: self.advanceInside(byte)
        }
    }

    private mutating func advancePrefix(_ byte: UInt8) {
        switch byte {
        case 0x20: self.indentation += 1
        case 0x09: self.indentation += 4
        case 0x0D: break
        case UInt8(ascii: ">"):
            self.isBlockQuote = true
            self.line = .marked
            self.indentation = 0
        case UInt8(ascii: "-") where !self.isInFence, UInt8(ascii: "*") where !self.isInFence,
            UInt8(ascii: "+") where !self.isInFence:
            self.line = .bullet
        case UInt8(ascii: "0")...UInt8(ascii: "9") where !self.isInFence:
            self.line = .number
        case Self.tick, UInt8(ascii: "~"):
            self.leaveBlockQuote()
            self.line = .run
            self.runByte = byte
            self.runLength = 1
        default:
            self.leaveBlockQuote()
            self.beginInside(byte)
        }
    }

    /// A fenced code block in a block quote ends with it.
    private mutating func leaveBlockQuote() {
        if self.isFenceInBlockQuote, !self.isBlockQuote { self.fenceLength = 0 }
    }

    /// `byte` is the first after a run at the beginning of a line.
    private mutating func endRun(_ byte: UInt8) {
        if self.isInFence {
            // CommonMark: the closing run has the opening one's character, is at least as long, and stands alone on
            // its line.
            let isClosing = self.runByte == self.fenceByte && self.runLength >= self.fenceLength
            self.line = isClosing && byte.isJSONWhitespace ? .closing : .inside
        } else if self.runLength >= 3 {
            self.openFence()
            self.line = .info
        } else {
            if self.runByte == Self.tick { self.ticks = self.runLength }
            self.beginInside(byte)
        }
    }

    private mutating func openFence() {
        self.fenceByte = self.runByte
        self.fenceLength = self.runLength
        self.isFenceInBlockQuote = self.isBlockQuote
        self.codeSpan = 0
        self.quotation = .none
    }

    private mutating func endLine() {
        switch self.line {
        // An empty line ends the paragraph, and with it a code span or quotation that was never closed.
        case .start where !self.isInFence: self.endParagraph()
        case .run where !self.isInFence:
            if self.runLength >= 3 { self.openFence() } else { self.endShortRun() }
        case .run:
            if self.runByte == self.fenceByte, self.runLength >= self.fenceLength { self.endFence() }
        case .closing: self.endFence()
        case .inside: self.endTicks()
        case .start, .marked, .bullet, .number, .info: break
        }
        self.line = .start
        self.indentation = 0
        self.isBlockQuote = false
    }

    private mutating func endShortRun() {
        if self.runByte == Self.tick { self.ticks = self.runLength }
        self.endTicks()
    }

    private mutating func endFence() {
        self.fenceLength = 0
        self.endParagraph()
    }

    private mutating func endParagraph() {
        self.codeSpan = 0
        self.ticks = 0
        self.quotation = .none
    }
}

// MARK: - Inside a line

extension QuotationTracker {
    private mutating func beginInside(_ byte: UInt8) {
        self.line = .inside
        self.advanceInside(byte)
    }

    private mutating func advanceInside(_ byte: UInt8) {
        guard !self.isInFence else { return }
        if byte == Self.tick {
            self.ticks += 1
            return
        }
        self.endTicks()
        if self.codeSpan == 0 { self.advanceQuotation(byte) }
    }

    private mutating func endTicks() {
        guard self.ticks > 0 else { return }
        if self.codeSpan == 0 { self.codeSpan = self.ticks } else if self.codeSpan == self.ticks { self.codeSpan = 0 }
        self.ticks = 0
    }

    private mutating func advanceQuotation(_ byte: UInt8) {
        switch byte {
        // Chinese and Japanese text has no space before a quotation mark.
        case UInt8(ascii: "\""): self.toggle(.straight, opens: self.mayOpen || self.previous >= 0x80)
        case UInt8(ascii: "'"): self.toggle(.single, opens: self.mayOpen)
        case 0x80...0xBF: self.advanceMark(byte)
        default: break
        }
    }

    /// An apostrophe, or a mark that closes what was opened in another paragraph, follows a word.
    private var mayOpen: Bool {
        switch self.previous {
        case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ":"),
            UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: ">"):
            true
        default:
            false
        }
    }

    private mutating func toggle(_ mark: Quotation, opens: Bool) {
        if self.quotation == mark { self.quotation = .none } else if opens { self.open(mark) }
    }

    /// The last byte of a mark that is not ASCII.
    private mutating func advanceMark(_ byte: UInt8) {
        switch (self.beforePrevious, self.previous, byte) {
        case (0xE2, 0x80, 0x9C) where self.quotation == .none, (0xE2, 0x80, 0x9E): self.open(.curly)
        // U+201C closes what U+201E opened.
        case (0xE2, 0x80, 0x9C), (0xE2, 0x80, 0x9D): self.close(.curly)
        case (_, 0xC2, 0xAB): self.open(.angled)
        case (_, 0xC2, 0xBB): self.close(.angled)
        case (0xE3, 0x80, 0x8C): self.open(.corner)
        case (0xE3, 0x80, 0x8D): self.close(.corner)
        case (0xE3, 0x80, 0x8E): self.open(.whiteCorner)
        case (0xE3, 0x80, 0x8F): self.close(.whiteCorner)
        default: break
        }
    }

    private mutating func open(_ mark: Quotation) { if self.quotation == .none { self.quotation = mark } }

    private mutating func close(_ mark: Quotation) { if self.quotation == mark { self.quotation = .none } }
}

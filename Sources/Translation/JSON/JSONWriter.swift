// SPDX-License-Identifier: Apache-2.0

/// Writes JSON text into one growing array. Punctuation is the caller's: this type only knows how values are spelled,
/// and copies what a document already spells.
public struct JSONWriter: Sendable {
    /// What was written, without what `splice` only refers to.
    public private(set) var bytes: [UInt8]
    /// The bytes of a document of which long stretches are not copied.
    private var source: [UInt8] = []
    private var splices: [SplicedBytes.Splice] = []
    private var splicedCount = 0

    /// From this length on a stretch is not copied: where it lies takes as long to note.
    private static let splicedLength = 512

    /// - Parameter capacity: in bytes.
    public init(reservingCapacity capacity: Int = 0) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// A writer whose text is handed out by `takeSpliced()`.
    init(reservingCapacity capacity: Int, splicing source: JSONDocument) {
        self.init(reservingCapacity: capacity)
        self.source = source.bytes
    }

    /// The length of the whole text in bytes.
    public var count: Int { self.bytes.count + self.splicedCount }

    /// Forgets the text but keeps the storage.
    public mutating func removeAll() { self.bytes.removeAll(keepingCapacity: true) }

    /// Hands out the text and starts again with nothing.
    public mutating func take() -> [UInt8] {
        let bytes = self.bytes
        self.bytes = []
        return bytes
    }

    /// The same for a writer that splices.
    mutating func takeSpliced() -> SplicedBytes {
        let text = SplicedBytes(self.bytes, splicing: self.splices, of: self.source)
        self = JSONWriter()
        return text
    }

    /// Takes back everything after `count`, for a part that turned out not to be wanted.
    public mutating func truncate(to count: Int) {
        while let last = self.splices.last, last.offset + self.splicedCount - last.range.count >= count {
            self.splicedCount -= last.range.count
            self.splices.removeLast()
        }
        self.bytes.removeLast(self.count - count)
    }

    /// JSON text as it is.
    public mutating func raw(_ text: StaticString) {
        unsafe self.bytes.append(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// Writes bytes as they are.
    public mutating func raw(_ text: ArraySlice<UInt8>) { self.bytes.append(text.span, in: 0..<text.count) }

    /// Writes bytes as they are.
    public mutating func raw(_ text: some Collection<UInt8>) { self.bytes.append(contentsOf: text) }

    /// In decimal digits.
    public mutating func integer(_ value: Int) {
        if value < 0 { self.bytes.append(UInt8(ascii: "-")) }
        let number = value.magnitude
        var power: UInt = 1
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
            power /= 10
        }
    }

    /// A string with its quotes.
    public mutating func string(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        self.escaped(text)
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// The characters of a string as they stand between quotes.
    public mutating func escaped(_ text: String) { self.escaped(text.utf8.span) }

    /// The same for UTF-8.
    mutating func escaped(_ text: Span<UInt8>) { self.bytes.appendEscaped(text) }
}

// MARK: - Copying from a document

extension JSONWriter {
    /// A value of `document`, spelled as it is there. A lone surrogate becomes U+FFFD.
    public mutating func value(_ node: JSONNode, of document: JSONDocument) {
        let range = document.range(of: node)
        guard document.hasLoneSurrogate else { return self.copy(range, of: document) }
        var copied = range.lowerBound
        for string in document.strings(in: node) where document.token(of: string).hasLoneSurrogate {
            let contents = document.contents(of: string)
            self.bytes.append(document.bytes.span, in: copied..<contents.lowerBound)
            self.contents(string, of: document)
            copied = contents.upperBound
        }
        self.bytes.append(document.bytes.span, in: copied..<range.upperBound)
    }

    /// The characters of a string of `document`, without quotes. A lone surrogate becomes U+FFFD.
    public mutating func contents(_ node: JSONNode, of document: JSONDocument) {
        let contents = document.contents(of: node)
        if document.token(of: node).hasLoneSurrogate {
            self.escaped(JSONEscapes.decode(document.bytes[contents]))
        } else {
            self.copy(contents, of: document)
        }
    }

    /// Characters of a string of `document` that is known to hold no lone surrogate.
    mutating func contents(in range: Range<Int>, of document: JSONDocument) { self.copy(range, of: document) }

    private mutating func copy(_ range: Range<Int>, of document: JSONDocument) {
        // Only of the document that the writer was made for: a splice is a place in its bytes.
        if range.count >= Self.splicedLength, self.source.span.isIdentical(to: document.bytes.span) {
            self.splices.append(.init(offset: self.bytes.count, range: range))
            self.splicedCount += range.count
        } else {
            self.bytes.append(document.bytes.span, in: range)
        }
    }

    /// A whole value of `document` as the characters of a string, without white space between tokens. Used for tool
    /// arguments, which are JSON in a string.
    public mutating func embedded(_ node: JSONNode, of document: JSONDocument) {
        // Without the space the same value gives the same characters however it was written.
        let text = document.bytes.span
        let range = document.range(of: node)
        // Most clients leave no space: then all of it is written at once.
        var written = range.lowerBound
        var gap = range.lowerBound
        func write(before end: Int, to writer: inout JSONWriter) {
            guard (gap..<end).contains(where: { text[$0] <= 0x20 }) else { return }
            writer.escaped(text.extracting(written..<gap))
            writer.compact(text.extracting(gap..<end))
            written = end
        }
        for index in node.index..<document.token(of: node).next {
            let string = JSONNode(index: index)
            let token = document.range(of: string)
            guard text[token.lowerBound] == UInt8(ascii: "\"") else { continue }
            write(before: token.lowerBound, to: &self)
            gap = token.upperBound
            guard document.token(of: string).hasLoneSurrogate else { continue }
            self.escaped(text.extracting(written..<token.lowerBound))
            var replaced = JSONWriter()
            replaced.value(string, of: document)
            self.escaped(replaced.bytes.span)
            written = gap
        }
        write(before: range.upperBound, to: &self)
        self.escaped(text.extracting(written..<range.upperBound))
    }

    /// What lies between two strings, which is punctuation, numbers and literals, without its white space.
    private mutating func compact(_ text: Span<UInt8>) {
        for index in text.indices where text[index] > 0x20 { self.bytes.append(text[index]) }
    }
}

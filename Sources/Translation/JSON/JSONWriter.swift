// SPDX-License-Identifier: Apache-2.0

/// Writes JSON text into one growing array. Punctuation is the caller's: this type only knows how values are spelled,
/// and copies what a document already spells.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8]

    public init(reservingCapacity capacity: Int = 0) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    public var count: Int { self.bytes.count }

    /// Forgets the text but keeps the storage.
    public mutating func removeAll() { self.bytes.removeAll(keepingCapacity: true) }

    /// Hands out the text and starts again with nothing.
    public mutating func take() -> [UInt8] {
        let bytes = self.bytes
        self.bytes = []
        return bytes
    }

    /// Takes back everything behind `count`, for a part that turned out not to be wanted.
    public mutating func truncate(to count: Int) { self.bytes.removeLast(self.bytes.count - count) }

    /// JSON text as it is.
    public mutating func raw(_ text: StaticString) {
        unsafe self.bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    public mutating func raw(_ text: some Collection<UInt8>) { self.bytes.append(contentsOf: text) }

    public mutating func integer(_ value: Int) { self.bytes.append(contentsOf: String(value).utf8) }

    /// A string with its quotes.
    public mutating func string(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        self.escaped(text)
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// The characters of a string as they stand between quotes.
    public mutating func escaped(_ text: String) { self.escape(text.utf8.span) }

    /// Escapes only what has to be. A long text is written piece by piece, so that the room for the worst case stays
    /// small.
    private mutating func escape(_ text: Span<UInt8>) {
        var start = 0
        while start < text.count {
            let end = min(text.count, start + Self.pieceLength)
            self.escape(piece: text.extracting(start..<end))
            start = end
        }
    }

    private static let pieceLength = 4096
    /// `\u001f`
    private static let longestEscape = 6

    private mutating func escape(piece text: Span<UInt8>) {
        // Blocks are written whole and then written over, hence one more.
        self.bytes.append(addingCapacity: text.count * Self.longestEscape + ByteBlock.count) { output in
            unsafe output.withUnsafeMutableBufferPointer { room, count in
                guard let start = room.baseAddress else { return }
                // In bounds: each byte of the text moves `end` by six at most.
                var end = unsafe start + count
                var position = 0
                while position < text.count {
                    if position &+ ByteBlock.count <= text.count {
                        let block = ByteBlock(text, at: position)
                        unsafe block.store(to: end)
                        let found = block.toEscape
                        let plain = min(found.trailingZeroBitCount, ByteBlock.count)
                        unsafe end += plain
                        position &+= plain
                        if found == 0 { continue }
                    }
                    unsafe Self.write(text[position], to: &end)
                    position &+= 1
                }
                count = unsafe end - start
            }
        }
    }

    /// One byte as it stands in a string.
    @inline(__always)
    private static func write(_ byte: UInt8, to end: inout UnsafeMutablePointer<UInt8>) {
        if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") {
            unsafe end[0] = UInt8(ascii: "\\")
            unsafe end[1] = byte
            unsafe end += 2
            return
        }
        guard byte < 0x20 else {
            unsafe end[0] = byte
            unsafe end += 1
            return
        }
        unsafe end[0] = UInt8(ascii: "\\")
        unsafe end[1] = Self.letter(of: byte)
        unsafe end += 2
        guard unsafe end[-1] == UInt8(ascii: "u") else { return }
        let low = byte & 15
        unsafe end[0] = UInt8(ascii: "0")
        unsafe end[1] = UInt8(ascii: "0")
        unsafe end[2] = UInt8(ascii: "0") + byte >> 4
        unsafe end[3] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
        unsafe end += 4
    }

    /// The byte behind the backslash of a control character.
    @inline(__always)
    private static func letter(of byte: UInt8) -> UInt8 {
        switch byte {
        case 0x0A: UInt8(ascii: "n")
        case 0x0D: UInt8(ascii: "r")
        case 0x09: UInt8(ascii: "t")
        default: UInt8(ascii: "u")
        }
    }
}

// MARK: - Copying from a document

extension JSONWriter {
    /// A value of `document`, spelled as it is there. A lone surrogate becomes U+FFFD.
    public mutating func value(_ node: JSONNode, of document: JSONDocument) {
        let range = document.range(of: node)
        guard document.hasLoneSurrogate else {
            self.bytes.append(document.bytes.span, in: range)
            return
        }
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
            self.bytes.append(document.bytes.span, in: contents)
        }
    }

    /// A whole value of `document` as the characters of a string: white space between tokens is left out, so that the
    /// same value gives the same characters however it was spaced. Used for tool arguments, which are JSON in a string.
    public mutating func embedded(_ node: JSONNode, of document: JSONDocument) {
        let text = document.bytes.span
        let range = document.range(of: node)
        var copied = range.lowerBound
        for index in node.index..<document.token(of: node).next {
            let string = JSONNode(index: index)
            guard text[Int(document.token(of: string).start)] == UInt8(ascii: "\"") else { continue }
            let contents = document.contents(of: string)
            self.compact(text.extracting(copied..<contents.lowerBound - 1))
            self.raw(#"\""#)
            if document.token(of: string).hasLoneSurrogate {
                var replaced = JSONWriter()
                replaced.contents(string, of: document)
                self.escape(replaced.bytes.span)
            } else {
                self.escape(text.extracting(contents))
            }
            self.raw(#"\""#)
            copied = contents.upperBound + 1
        }
        self.compact(text.extracting(copied..<range.upperBound))
    }

    /// What lies between two strings, which is punctuation, numbers and literals, without its white space.
    private mutating func compact(_ text: Span<UInt8>) {
        for index in text.indices where text[index] > 0x20 { self.bytes.append(text[index]) }
    }
}

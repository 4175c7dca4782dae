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
    public mutating func escaped(_ text: String) {
        for byte in text.utf8 { self.escape(byte) }
    }

    /// A value of `document`, spelled as it is there.
    public mutating func value(_ node: JSONNode, of document: JSONDocument) {
        self.bytes.append(contentsOf: document.bytes[document.range(of: node)])
    }

    /// The characters of a string of `document`, without quotes. A lone surrogate becomes U+FFFD.
    public mutating func contents(_ node: JSONNode, of document: JSONDocument) {
        let contents = document.bytes[document.contents(of: node)]
        guard document.token(of: node).hasLoneSurrogate else {
            self.bytes.append(contentsOf: contents)
            return
        }
        self.escaped(JSONEscapes.decode(contents))
    }

    /// A whole value of `document` as the characters of a string: white space between tokens is left out, so that the
    /// same value gives the same characters however it was spaced. Used for tool arguments, which are JSON in a string.
    public mutating func embedded(_ node: JSONNode, of document: JSONDocument) {
        var isInString = false
        var isEscaped = false
        for byte in document.bytes[document.range(of: node)] {
            switch byte {
            case UInt8(ascii: "\""):
                if !isEscaped { isInString.toggle() }
                isEscaped = false
                self.bytes.append(UInt8(ascii: "\\"))
                self.bytes.append(byte)
            case UInt8(ascii: "\\"):
                isEscaped.toggle()
                self.bytes.append(byte)
                self.bytes.append(byte)
            case 0x20, 0x0A, 0x0D, 0x09:
                isEscaped = false
                if isInString { self.bytes.append(byte) }
            default:
                isEscaped = false
                self.bytes.append(byte)
            }
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): self.raw(#"\""#)
        case UInt8(ascii: "\\"): self.raw(#"\\"#)
        case 0x0A: self.raw(#"\n"#)
        case 0x0D: self.raw(#"\r"#)
        case 0x09: self.raw(#"\t"#)
        case 0..<0x20:
            self.raw(#"\u00"#)
            let digits = Array("0123456789abcdef".utf8)
            self.bytes.append(digits[Int(byte >> 4)])
            self.bytes.append(digits[Int(byte & 15)])
        default: self.bytes.append(byte)
        }
    }
}

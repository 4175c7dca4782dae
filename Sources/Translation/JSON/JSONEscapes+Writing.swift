// SPDX-License-Identifier: Apache-2.0

import CJSONStrings

extension [UInt8] {
    /// Appends UTF-8 as it stands inside a JSON string. Escapes only what has to be.
    ///
    /// A long text is written piece by piece, so that the room for the worst case stays small.
    mutating func appendEscaped(_ text: Span<UInt8>) {
        var start = 0
        while start < text.count {
            let end = Swift.min(text.count, start + JSONEscapes.pieceLength)
            self.appendEscaped(piece: text.extracting(start..<end))
            start = end
        }
    }

    private mutating func appendEscaped(piece text: Span<UInt8>) {
        // Blocks are written whole and then written over, hence one more.
        self.append(addingCapacity: text.count * JSONEscapes.longestEscape + ByteBlock.count) { output in
            unsafe output.withUnsafeMutableBufferPointer { room, count in
                guard let start = room.baseAddress else { return }
                // In bounds: each byte of the text moves `end` by six at most.
                var end = unsafe start + count
                var position = unsafe Self.escapeCommon(text, to: &end)
                while position < text.count {
                    if position &+ ByteBlock.count <= text.count {
                        let block = ByteBlock(text, at: position)
                        unsafe block.store(to: end)
                        let found = block.toEscape
                        let plain = Swift.min(found.trailingZeroBitCount, ByteBlock.count)
                        unsafe end += plain
                        position &+= plain
                        if found == 0 { continue }
                    }
                    unsafe JSONEscapes.write(text[position], to: &end)
                    position &+= 1
                }
                count = unsafe end - start
            }
        }
    }
}

extension [UInt8] {
    /// Writes the beginning of `text`, as far as the processor can do that fast. Returns how much that was.
    @inline(__always)
    @unsafe private static func escapeCommon(_ text: Span<UInt8>, to end: inout UnsafeMutablePointer<UInt8>) -> Int {
        let escaped = unsafe text.withUnsafeBufferPointer { text in
            unsafe text.baseAddress.map { unsafe qp_escape_string($0, text.count, end) }
        }
        guard let escaped else { return 0 }
        unsafe end += escaped.written
        return escaped.read
    }
}

extension JSONEscapes {
    fileprivate static let pieceLength = 4096
    /// `\u001f`
    fileprivate static let longestEscape = 6

    /// One byte as it stands in a string.
    @inline(__always)
    fileprivate static func write(_ byte: UInt8, to end: inout UnsafeMutablePointer<UInt8>) {
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

    /// The byte after the backslash of a control character.
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

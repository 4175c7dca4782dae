// SPDX-License-Identifier: Apache-2.0

/// Width and height of an image in pixels, read from the header of the file.
struct ImageSize: Equatable {
    let width: Int
    let height: Int

    /// Nil for a file of another kind than PNG, JPEG, GIF and WebP, and for one whose header cannot be read.
    /// - Parameter base64: of the file, as it stands in a JSON string.
    init?(base64: Span<UInt8>) {
        let file = Base64File(text: base64)
        guard let size = Self.png(file) ?? Self.jpeg(file) ?? Self.gif(file) ?? Self.webP(file),
            size.width > 0, size.height > 0
        else { return nil }
        (self.width, self.height) = (size.width, size.height)
    }

    private typealias Size = (width: Int, height: Int)

    private static func png(_ file: Base64File) -> Size? {
        // The signature of PNG, and IHDR, which the format has as the first chunk.
        guard file.bigEndian(at: 0, count: 4) == 0x8950_4E47, file.bigEndian(at: 12, count: 4) == 0x4948_4452,
            let width = file.bigEndian(at: 16, count: 4),
            let height = file.bigEndian(at: 20, count: 4)
        else { return nil }
        return (width, height)
    }

    private static func gif(_ file: Base64File) -> Size? {
        // "GIF8": the two versions differ in what follows.
        guard file.bigEndian(at: 0, count: 4) == 0x4749_4638, let width = file.littleEndian(at: 6, count: 2),
            let height = file.littleEndian(at: 8, count: 2)
        else { return nil }
        return (width, height)
    }

    /// The size stands in the frame header, after segments that may be long.
    private static func jpeg(_ file: Base64File) -> Size? {
        guard file.bigEndian(at: 0, count: 2) == 0xFFD8 else { return nil }
        var position = 2
        // Bounded, because a file can be made of tiny segments.
        for _ in 0..<256 {
            guard let marker = file.bigEndian(at: position, count: 2), marker >= 0xFF01,
                let length = file.bigEndian(at: position + 2, count: 2), length >= 2
            else { return nil }
            switch marker {
            // The markers of frame headers; those left out (C4, C8, CC) are tables and extensions.
            case 0xFFC0...0xFFC3, 0xFFC5...0xFFC7, 0xFFC9...0xFFCB, 0xFFCD...0xFFCF:
                guard let height = file.bigEndian(at: position + 5, count: 2),
                    let width = file.bigEndian(at: position + 7, count: 2)
                else { return nil }
                return (width, height)
            // Bytes of FF may fill the room before a marker.
            case 0xFFFF: position += 1
            default: position += 2 + length
            }
        }
        return nil
    }

    private static func webP(_ file: Base64File) -> Size? {
        // "RIFF" and "WEBP"; below "VP8 " (lossy), "VP8L" (lossless) and "VP8X" (extended), each with a header of its
        // own.
        guard file.bigEndian(at: 0, count: 4) == 0x5249_4646, file.bigEndian(at: 8, count: 4) == 0x5745_4250 else {
            return nil
        }
        switch file.bigEndian(at: 12, count: 4) {
        case 0x5650_3820:
            guard let width = file.littleEndian(at: 26, count: 2), let height = file.littleEndian(at: 28, count: 2)
            else { return nil }
            return (width & 0x3FFF, height & 0x3FFF)
        case 0x5650_384C:
            guard let bits = file.littleEndian(at: 21, count: 4) else { return nil }
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case 0x5650_3858:
            guard let width = file.littleEndian(at: 24, count: 3), let height = file.littleEndian(at: 27, count: 3)
            else { return nil }
            return (width + 1, height + 1)
        default:
            return nil
        }
    }
}

extension ImageSize {
    /// What a screenshot takes, for an image whose size is not known.
    static let usualTokens = 1_300

    /// The rule of Qwen's models that see (Qwen3-VL and later): a token for every square of 32 by 32 pixels, after an image
    /// that is larger than the limit was made smaller, and two marks.
    var tokens: Int {
        // A header may claim any size: bounded, so that the product cannot overflow.
        let columns = max(1, (min(self.width, 1 << 20) + 16) / 32)
        let rows = max(1, (min(self.height, 1 << 20) + 16) / 32)
        return min(max(columns * rows, 4), 2_560) + 2
    }
}

/// The bytes of a file that is spelled in base64 without line ends, each found where it stands.
private struct Base64File: ~Escapable {
    let text: Span<UInt8>

    @_lifetime(copy text)
    init(text: Span<UInt8>) {
        self.text = text
    }

    func bigEndian(at offset: Int, count: Int) -> Int? {
        self.bytes(at: offset, count: count)?.reduce(0) { $0 << 8 | Int($1) }
    }

    func littleEndian(at offset: Int, count: Int) -> Int? {
        self.bytes(at: offset, count: count)?.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func bytes(at offset: Int, count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        for position in offset..<offset + count {
            guard let byte = self.byte(at: position) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private func byte(at offset: Int) -> UInt8? {
        // Four characters stand for three bytes, and each byte has its bits in two characters next to each other.
        let index = offset / 3 * 4 + offset % 3
        guard index + 1 < self.text.count, let first = Self.value(self.text[index]),
            let second = Self.value(self.text[index + 1])
        else { return nil }
        switch offset % 3 {
        case 0: return first << 2 | second >> 4
        case 1: return first << 4 | second >> 2
        default: return first << 6 | second
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

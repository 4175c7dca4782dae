// SPDX-License-Identifier: Apache-2.0

/// How a secret looks, for finding it in text.
struct SecretPattern: Sendable {
    /// In lower case: text that shouts a key still tells it.
    let characters: [UInt8]
    /// What Base64 makes of the secret, wherever in the encoded text it begins: only the characters that it alone decides.
    let encodings: [[UInt8]]

    var length: Int { self.characters.count }

    init(_ secret: String) {
        let bytes = Array(secret.utf8)
        self.characters = bytes.map(\.lowercased)
        // Base64 takes three bytes at a time, and the secret may begin at each of them.
        let standard = (0..<3).map { Self.base64(bytes, offset: $0) }
        // Base64 for URLs (RFC 4648, section 5) has `-` and `_` in the place of two characters.
        let others = standard.map { $0.map { $0 == UInt8(ascii: "+") ? 0x2D : $0 == UInt8(ascii: "/") ? 0x5F : $0 } }
        self.encodings = standard + others.filter { !standard.contains($0) }
    }

    /// - Parameter offset: how many bytes stand before the secret, modulo 3.
    private static func base64(_ bytes: [UInt8], offset: Int) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        // Six bits a character; the first and the last may share theirs with what stands around.
        let bits = bytes.count * 8
        // The first character that takes none of its bits from what stands before the secret.
        let begin = (6 - offset * 8 % 6) % 6
        return stride(from: begin, through: bits - 6, by: 6).map { bit in
            let high = UInt16(bytes[bit / 8]) << 8
            let low = bit / 8 + 1 < bytes.count ? UInt16(bytes[bit / 8 + 1]) : 0
            return alphabet[Int((high | low) >> UInt16(10 - bit % 8)) & 0x3F]
        }
    }
}

/// Finds secrets in bytes.
struct SecretScanner {
    enum Kind: Equatable {
        case ownText
        /// A quotation mark without a backslash is the end of a string, and no part of a secret.
        case ownJSON
        case foreignText
    }

    private let bytes: [UInt8]
    private let kind: Kind

    init(_ bytes: [UInt8], _ kind: Kind) {
        self.bytes = bytes
        self.kind = kind
    }

    /// In order, and apart from each other.
    func find(_ patterns: [SecretPattern]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = 0
        while position < self.bytes.count {
            guard let range = self.match(patterns, at: position) else {
                position += self.step(at: position)
                continue
            }
            // What belongs to a secret may begin before it.
            if let last = found.last, range.lowerBound <= last.upperBound {
                found[found.count - 1] = min(last.lowerBound, range.lowerBound)..<range.upperBound
            } else {
                found.append(range)
            }
            position = range.upperBound
        }
        return found
    }

    /// An escape sequence of JSON is passed over as a whole.
    private func step(at position: Int) -> Int {
        // Hiding a part of it would leave no JSON.
        guard self.kind == .ownJSON, self.bytes[position] == UInt8(ascii: "\\") else { return 1 }
        return self.bytes[position...].dropFirst().first == UInt8(ascii: "u") ? 6 : 2
    }

    private func match(_ patterns: [SecretPattern], at position: Int) -> Range<Int>? {
        for pattern in patterns {
            if let end = self.end(of: pattern.characters, at: position) { return position..<end }
            if let range = self.encoding(of: pattern, at: position) { return range }
        }
        // Only a peer shortens a secret; in our own text a short part of it would be a word by chance.
        guard self.kind == .foreignText else { return nil }
        for pattern in patterns {
            if let range = self.trace(of: pattern, at: position) { return range }
        }
        return nil
    }

    // MARK: - Whole

    /// Where the text goes on after the characters.
    private func end(of characters: [UInt8], at position: Int) -> Int? {
        // A character that begins an escape may also stand for itself.
        self.end(of: characters, at: position, escapesFirst: true)
            ?? self.end(of: characters, at: position, escapesFirst: false)
    }

    private func end(of characters: [UInt8], at position: Int, escapesFirst: Bool) -> Int? {
        var position = position
        for character in characters {
            guard let next = self.next(character, at: position, escapesFirst: escapesFirst) else { return nil }
            position = next
        }
        return position
    }

    /// Where the text goes on after `character`, in whichever spelling it stands at `position`.
    private func next(_ character: UInt8, at position: Int, escapesFirst: Bool) -> Int? {
        guard position < self.bytes.count else { return nil }
        let byte = self.bytes[position]
        // Hiding a quotation mark or half of an escape would leave no JSON.
        let isSyntax = self.kind == .ownJSON && "\"\\".utf8.contains(byte)
        let plain = byte.lowercased == character && !isSyntax ? position + 1 : nil
        guard self.isEscape(at: position) else {
            return plain ?? (byte == UInt8(ascii: "+") && character == UInt8(ascii: " ") ? position + 1 : nil)
        }
        if !escapesFirst, let plain { return plain }
        let escaped: Int? =
            switch byte {
            case UInt8(ascii: "%"): self.percent(character, at: position)
            case UInt8(ascii: "\\"): self.backslash(character, at: position)
            default: self.entity(character, at: position)
            }
        return escaped ?? plain
    }

    /// `%2B`, and `%252B` of what was encoded twice.
    private func percent(_ character: UInt8, at position: Int) -> Int? {
        guard let value = self.hex(2, at: position + 1) else { return nil }
        if value.lowercased == character { return position + 3 }
        guard value == UInt8(ascii: "%"), self.hex(2, at: position + 3)?.lowercased == character else { return nil }
        return position + 5
    }

    /// `\/`, `\u002f`, `\x2f`.
    private func backslash(_ character: UInt8, at position: Int) -> Int? {
        var letter = position + 1
        if character != UInt8(ascii: "\\") {
            // Any number of backslashes: a text may have been escaped more than once.
            while letter < self.bytes.count, self.bytes[letter] == UInt8(ascii: "\\") { letter += 1 }
        }
        guard letter < self.bytes.count else { return nil }
        switch self.bytes[letter] {
        case UInt8(ascii: "u") where self.hex(4, at: letter + 1)?.lowercased == character: return letter + 5
        case UInt8(ascii: "x") where self.hex(2, at: letter + 1)?.lowercased == character: return letter + 3
        case let byte: return byte.lowercased == character ? letter + 1 : nil
        }
    }

    /// `&amp;`, `&#47;`, `&#x2f;`.
    private func entity(_ character: UInt8, at position: Int) -> Int? {
        // No entity for one character is longer: an `&` in prose must not start a search through the rest.
        let rest = self.bytes[(position + 1)...].prefix(8)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: rest[..<end], as: UTF8.self)
        let value: UInt8? =
            switch name {
            case "amp": UInt8(ascii: "&")
            case "lt": UInt8(ascii: "<")
            case "gt": UInt8(ascii: ">")
            case "quot": UInt8(ascii: "\"")
            case "apos": UInt8(ascii: "'")
            case _ where name.lowercased().hasPrefix("#x"): UInt8(name.dropFirst(2), radix: 16)
            case _ where name.hasPrefix("#"): UInt8(name.dropFirst())
            default: nil
            }
        return value?.lowercased == character ? end + 1 : nil
    }

    /// Nil when there are no such digits, or more than a byte.
    private func hex(_ digits: Int, at position: Int) -> UInt8? {
        guard position + digits <= self.bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in self.bytes[position..<position + digits] {
            guard let digit = byte.hexDigit, value < 0x10 else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return UInt8(exactly: value)
    }

    /// With all that belongs to the same encoded text, of which `Bearer` may be a part.
    private func encoding(of pattern: SecretPattern, at position: Int) -> Range<Int>? {
        let rest = self.bytes[position...]
        guard pattern.encodings.contains(where: { rest.starts(with: $0) }) else { return nil }
        // All of it: what stands beside the secret was encoded with it, and shows where it began.
        let begin = self.bytes[..<position].lastIndex { !$0.isBase64 }.map { $0 + 1 } ?? 0
        let end = rest.firstIndex { !$0.isBase64 } ?? self.bytes.count
        return begin..<end
    }

    // MARK: - Shortened

    private func trace(of pattern: SecretPattern, at position: Int) -> Range<Int>? {
        if let mask = self.mask(at: position), let range = self.masked(pattern, mask) { return range }
        var longest = 0
        for start in pattern.characters.indices where pattern.length - start >= Redactor.minimumLength {
            guard self.bytes[position].lowercased == pattern.characters[start] || self.isEscape(at: position) else {
                continue
            }
            var (index, end) = (start, position)
            while index < pattern.length,
                let next = self.next(pattern.characters[index], at: end, escapesFirst: true)
            {
                (index, end) = (index + 1, next)
            }
            // A word in the middle of a key may be a word of the language.
            let isEnd = start == 0 || index == pattern.length
            if index - start >= (isEnd ? 1 : 2) * Redactor.minimumLength { longest = max(longest, end) }
        }
        guard longest > 0 else { return nil }
        guard let mask = self.mask(at: longest) else { return position..<longest }
        return position..<(self.masked(pattern, mask)?.upperBound ?? mask.upperBound)
    }

    private func isEscape(at position: Int) -> Bool { "%\\&".utf8.contains(self.bytes[position]) }

    /// Two or more stars, points or the like, in place of what is not shown.
    private func mask(at position: Int) -> Range<Int>? {
        var end = position
        while end < self.bytes.count {
            if "*.xX_#".utf8.contains(self.bytes[end]) {
                end += 1
            } else if self.bytes[end...].starts(with: "…".utf8) || self.bytes[end...].starts(with: "•".utf8) {
                end += 3
            } else {
                break
            }
        }
        return end - position >= 2 ? position..<end : nil
    }

    /// What stands around the mask, when together it is four characters of the secret or more.
    private func masked(_ pattern: SecretPattern, _ mask: Range<Int>) -> Range<Int>? {
        // More of it would be found as a run.
        let before = self.bytes[..<mask.lowerBound].suffix(Redactor.minimumLength).map(\.lowercased)
        let after = self.bytes[mask.upperBound...].prefix(Redactor.minimumLength).map(\.lowercased)
        let begin = (0...before.count).last { pattern.characters.starts(with: before.suffix($0)) } ?? 0
        let end = (0...after.count).last { pattern.characters.suffix($0) == after[..<$0] } ?? 0
        guard begin + end >= 4 else { return nil }
        return (mask.lowerBound - begin)..<(mask.upperBound + end)
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

    fileprivate var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46, 0x61...0x66: (self | 0x20) - 0x57
        default: nil
        }
    }

    fileprivate var isBase64: Bool {
        self.isLetterOrDigit || [0x2B, 0x2F, 0x2D, 0x5F, 0x3D].contains(self)
    }
}

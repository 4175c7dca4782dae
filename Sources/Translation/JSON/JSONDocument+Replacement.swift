// SPDX-License-Identifier: Apache-2.0

extension JSONDocument {
    /// How the text of a document became another.
    public enum Replacement: Sendable, Equatable {
        /// All of it may be different.
        case parsed
        /// It is the same but for what stands in one string, or in none: every node of the old text means the value at its
        /// place in the new one.
        case kept(changed: JSONNode?)
    }

    /// Puts another text into the same storage. After an error the document is the `null` document.
    ///
    /// The chunks of a stream are one text again and again with something else in one of its strings. To find that out
    /// takes a fifth of parsing them.
    @discardableResult
    public mutating func replace(with text: Span<UInt8>) throws(JSONError) -> Replacement {
        let common = self.bytes.span.commonPrefixCount(with: text)
        if common == self.bytes.count, common == text.count { return .kept(changed: nil) }
        let changed = self.changedString(at: common, in: text)
        self.bytes.removeAll(keepingCapacity: true)
        self.bytes.append(text, in: 0..<text.count)
        if let (index, token) = changed {
            self.replaceString(at: index, with: token)
            return .kept(changed: JSONNode(index: index))
        }
        do throws(JSONError) {
            try self.parse(JSONLimits())
        } catch {
            self = JSONDocument()
            throw error
        }
        return .parsed
    }

    /// The string in which alone `text` is different, when `common` bytes at the beginning are the same: its place on the
    /// tape, and its token in `text`.
    private func changedString(at common: Int, in text: Span<UInt8>) -> (index: Int, token: JSONToken)? {
        // The tape's offsets have 32 bits.
        guard text.count <= JSONToken.maximumOffset else { return nil }
        let old = self.bytes.span
        let tape = self.tape.span
        var index = -1
        while index + 1 < self.tokenCount, tape[index + 1].start < common { index += 1 }
        guard index >= 0 else { return nil }
        let token = tape[index]
        let (start, end) = (Int(token.start), Int(token.end))
        // The first difference must be after the opening quote, and not after the closing one.
        guard old[start] == UInt8(ascii: "\""), common < end, !token.hasLoneSurrogate else { return nil }
        var scanner = JSONStringScanner(text, at: start + 1)
        guard let newEnd = try? scanner.scan(), !scanner.hasLoneSurrogate,
            old.extracting(end...).isEqual(to: text.extracting(newEnd...))
        else { return nil }
        return (index, JSONToken(start: start, end: newEnd, next: index + 1, hasEscapes: scanner.hasEscapes))
    }

    /// Lets everything lie where it does now that the string has another length.
    private mutating func replaceString(at changed: Int, with token: JSONToken) {
        let count = self.tokenCount
        var tape = self.tape.mutableSpan
        let oldEnd = tape[changed].end
        let distance = token.end &- oldEnd
        tape[changed] = token
        guard distance != 0 else { return }
        // What comes before ends before it, or is around it.
        for index in 0..<changed where tape[index].end > oldEnd { tape[index].end &+= distance }
        for index in changed + 1..<count {
            tape[index].start &+= distance
            tape[index].end &+= distance
        }
    }
}

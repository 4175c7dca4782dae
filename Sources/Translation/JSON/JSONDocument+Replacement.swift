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
        self.bytes.replaceAll(with: text)
        if let changed {
            self.move(changed)
            return .kept(changed: JSONNode(index: changed.index))
        }
        do throws(JSONError) {
            try self.parse(JSONLimits())
        } catch {
            self = JSONDocument()
            throw error
        }
        return .parsed
    }

    private struct ChangedString {
        let index: Int
        let old: JSONToken
        let new: JSONToken
    }

    /// The string in which alone `text` is different, when `common` bytes at the beginning are the same.
    private func changedString(at common: Int, in text: Span<UInt8>) -> ChangedString? {
        guard text.count <= JSONToken.maximumOffset else { return nil }
        let old = self.bytes.span
        let tape = self.tape.span
        var index = -1
        while index + 1 < self.tokenCount, tape[index + 1].start < common { index += 1 }
        guard index >= 0 else { return nil }
        let token = tape[index]
        let (start, end) = (Int(token.start), Int(token.end))
        // The first difference must be behind the opening quote, and not behind the closing one.
        guard old[start] == UInt8(ascii: "\""), common < end, !token.hasLoneSurrogate else { return nil }
        var scanner = JSONStringScanner(text, at: start + 1)
        guard let newEnd = try? scanner.scan(), !scanner.hasLoneSurrogate,
            old.extracting(end...).isEqual(to: text.extracting(newEnd...))
        else { return nil }
        let new = JSONToken(start: start, end: newEnd, next: index + 1, hasEscapes: scanner.hasEscapes)
        return ChangedString(index: index, old: token, new: new)
    }

    /// Lets everything lie where it does now that the string has another length.
    private mutating func move(_ changed: ChangedString) {
        let distance = changed.new.end &- changed.old.end
        let count = self.tokenCount
        var tape = self.tape.mutableSpan
        tape[changed.index] = changed.new
        guard distance != 0 else { return }
        // What comes before ends before it, or is around it.
        for index in 0..<changed.index where tape[index].end > changed.old.end { tape[index].end &+= distance }
        for index in changed.index + 1..<count {
            tape[index].start &+= distance
            tape[index].end &+= distance
        }
    }
}

extension [UInt8] {
    fileprivate mutating func replaceAll(with bytes: Span<UInt8>) {
        self.removeAll(keepingCapacity: true)
        self.append(bytes, in: 0..<bytes.count)
    }
}

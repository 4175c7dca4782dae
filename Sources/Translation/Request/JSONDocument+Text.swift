// SPDX-License-Identifier: Apache-2.0

extension JSONDocument {
    /// Whether the string holds nothing but white space. Stops at the first visible character.
    func isBlank(_ string: JSONNode) -> Bool {
        var isEscaped = false
        for byte in self.bytes[self.contents(of: string)] {
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped: isEscaped = true
            // The characters are looked at as they are spelled: white space other than a blank stands there as an
            // escape.
            case UInt8(ascii: "n") where isEscaped, UInt8(ascii: "r") where isEscaped,
                UInt8(ascii: "t") where isEscaped:
                isEscaped = false
            case 0x20 where !isEscaped: continue
            default: return false
            }
        }
        return true
    }

    /// Whether the characters of the string, as they are spelled, begin with `prefix`.
    func hasPrefix(_ string: JSONNode, _ prefix: StaticString) -> Bool {
        let range = self.contents(of: string)
        guard range.count >= prefix.utf8CodeUnitCount else { return false }
        return unsafe self.bytes[range].starts(
            with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }

    /// `member(name, of:)` when it is a string with visible characters.
    func visibleString(_ name: StaticString, of object: JSONNode) -> JSONNode? {
        guard let node = self.member(name, of: object), self.kind(of: node) == .string, !self.isBlank(node) else {
            return nil
        }
        return node
    }

    /// `member(name, of:)` when it is neither missing nor `null`.
    func value(_ name: StaticString, of object: JSONNode) -> JSONNode? {
        guard let node = self.member(name, of: object), !self.isNull(node) else { return nil }
        return node
    }
}

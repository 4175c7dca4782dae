// SPDX-License-Identifier: Apache-2.0

/// A pattern for names: `*` stands for any characters, `?` for one, `[abc]` for one of these. Used for models and
/// routes; matching takes no longer than the product of both lengths, whatever the pattern.
public struct NamePattern: Sendable, Hashable {
    private enum Element: Sendable, Hashable {
        case byte(UInt8)
        case oneOf([UInt8])
        case any
        case run
    }

    private let elements: [Element]

    /// `*` stands for any characters, `?` for one.
    public init(_ text: String) {
        var elements: [Element] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if elements.last != .run { elements.append(.run) }
            case UInt8(ascii: "?"):
                elements.append(.any)
            case UInt8(ascii: "["):
                // Without a closing bracket it is a character like any other (`model[1m`).
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")), end > rest.startIndex else {
                    elements.append(.byte(byte))
                    continue
                }
                elements.append(.oneOf(Array(rest[..<end])))
                rest = rest[(end + 1)...]
            default:
                elements.append(.byte(byte))
            }
        }
        self.elements = elements
    }

    /// Whether the whole name matches.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var position = 0
        var element = 0
        // Where to go on when it does not fit: the last run takes one more character.
        var retry: (element: Int, position: Int)?
        while position < name.count {
            if element < self.elements.count, self.elements[element] == .run {
                retry = (element, position)
                element += 1
            } else if element < self.elements.count, Self.matches(self.elements[element], name[position]) {
                element += 1
                position += 1
            } else if let last = retry {
                // Only the last run: an earlier one could take no more than this one can, so the work stays a product
                // of the lengths.
                retry = (last.element, last.position + 1)
                element = last.element + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return self.elements[element...].allSatisfy { $0 == .run }
    }

    private static func matches(_ element: Element, _ byte: UInt8) -> Bool {
        switch element {
        case .byte(let expected): expected == byte
        case .oneOf(let bytes): bytes.contains(byte)
        case .any: true
        case .run: false
        }
    }
}

extension NamePattern: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}

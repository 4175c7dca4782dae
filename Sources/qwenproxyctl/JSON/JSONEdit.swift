// SPDX-License-Identifier: Apache-2.0

/// A JSON object's text with members added, changed and removed by their place in it. It is never written anew: what is not
/// named here stays byte for byte. A removal takes exactly what the addition of the same member put there.
struct JSONEdit: Equatable {
    private(set) var bytes: [UInt8]

    /// Throws when it is no JSON, or no object.
    init(_ bytes: [UInt8]) throws(JSONOutline.Failure) {
        self.bytes = bytes
        guard try JSONOutline(bytes).root.members != nil else { throw JSONOutline.Failure(line: 1) }
    }

    /// The text of a member's value; nil when there is none.
    func value(at path: [String]) -> String? {
        self.find(path).map { String(decoding: self.bytes[$0.range], as: UTF8.self) }
    }

    /// What stands between the braces of an object without members; nil of any other value, and of none.
    func emptyInterior(of path: [String]) -> String? {
        guard let value = self.find(path), value.members?.isEmpty == true else { return nil }
        return String(decoding: self.bytes[value.range].dropFirst().dropLast(), as: UTF8.self)
    }

    func isObject(at path: [String]) -> Bool { self.find(path)?.members != nil }

    /// Changes a member's value, or adds the member as the last one of its object, which must be there.
    /// - Parameter text: of the value, as JSON.
    mutating func set(_ key: String, in path: [String], to text: String) {
        guard let object = self.find(path), let members = object.members else { return }
        // Of a key that is there twice, the last one counts for readers, so that one is changed.
        if let member = object.member(key) {
            self.bytes.replaceSubrange(member.value.range, with: text.utf8)
        } else if let last = members.last {
            let member = "," + self.space(before: last) + Self.quoted(key) + ": " + text
            // At the end of the last value, so that the removal finds comma and space where they were put.
            self.bytes.insert(contentsOf: member.utf8, at: last.value.range.upperBound)
        } else {
            let outer = self.indentation(at: object.range.lowerBound)
            let member =
                "\(self.newline)\(outer)\(self.indentationUnit)\(Self.quoted(key)): \(text)\(self.newline)\(outer)"
            self.bytes.replaceSubrange(object.range.dropFirst().dropLast(), with: member.utf8)
        }
    }

    /// - Parameter interior: what to leave between the braces when it was the only member.
    mutating func remove(_ key: String, in path: [String], leaving interior: String) {
        guard let object = self.find(path), let members = object.members,
            let index = members.lastIndex(where: { $0.key == key })
        else { return }
        let member = members[index]
        if members.count == 1 {
            self.bytes.replaceSubrange(object.range.dropFirst().dropLast(), with: interior.utf8)
        } else if index == 0 {
            self.bytes.removeSubrange(member.keyRange.lowerBound..<members[1].keyRange.lowerBound)
        } else {
            let before = members[index - 1].value.range.upperBound
            // There is white space between the value and the comma in some files.
            let comma = self.bytes[before...].firstIndex(of: UInt8(ascii: ",")) ?? before
            self.bytes.removeSubrange(comma..<member.value.range.upperBound)
        }
    }

    /// A string as JSON.
    static func quoted(_ text: String) -> String {
        String(decoding: JSONText.line(text).dropLast(), as: UTF8.self)
    }

    private func find(_ path: [String]) -> JSONOutline.Value? {
        guard let root = try? JSONOutline(self.bytes).root else { return nil }
        return path.reduce(root as JSONOutline.Value?) { value, key in value?.member(key)?.value }
    }

    private var newline: String { self.bytes.contains(UInt8(ascii: "\r")) ? "\r\n" : "\n" }

    private func space(before member: JSONOutline.Member) -> String {
        let space = self.bytes[..<member.keyRange.lowerBound].reversed().prefix { $0 <= UInt8(ascii: " ") }
        // Between members on one line; where a person reads the file, there is a space.
        guard !space.isEmpty || !self.bytes.contains(UInt8(ascii: "\n")) else { return " " }
        return String(decoding: space.reversed(), as: UTF8.self)
    }

    /// That of the outermost members, where they stand on lines of their own.
    private var indentationUnit: String {
        let first = (try? JSONOutline(self.bytes))?.root.members?.first
        let unit = first.map { self.indentation(at: $0.keyRange.lowerBound) } ?? ""
        return unit.isEmpty ? "  " : unit
    }

    /// Of the line that this place is in.
    private func indentation(at position: Int) -> String {
        let start = self.bytes[..<position].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let space = self.bytes[start..<position].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return String(decoding: space, as: UTF8.self)
    }
}

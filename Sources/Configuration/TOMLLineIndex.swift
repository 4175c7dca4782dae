// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// Which line each key of a TOML document is on. The parser validates the document but does not say where its values were.
///
/// It reads only documents that have passed the parser, and only as much of TOML as it takes to tell keys from values. On
/// anything unexpected it stops looking: the lines after that are unknown, which costs a line number and nothing else.
struct TOMLLineIndex {
    private var lines: [[String]: Int] = [:]
    /// The lines of the headers of each table, `[[tables]]` apart.
    private var headers: [[String]: [Int]] = [:]
    /// How many `[[tables]]` of a name there were so far.
    private var tableCounts: [[String]: Int] = [:]
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ document: [UInt8]) {
        self.bytes = document
        var table: [String] = []
        while self.skipSpaceAndComments(), self.statement(in: &table) {}
    }

    /// The line where `path` was first mentioned.
    func line(of path: [String]) -> Int? {
        self.lines[path]
    }

    /// The table whose header is in `line` and where it has been begun before; nil when it has not. Also of documents that did
    /// not pass the parser, as far as they are read.
    func repeatedTable(in line: Int) -> (path: [String], firstLine: Int)? {
        guard let (path, lines) = self.headers.first(where: { $1.contains(line) }), let first = lines.first,
            first < line
        else { return nil }
        return (path, first)
    }

    /// One header or one assignment.
    private mutating func statement(in table: inout [String]) -> Bool {
        if self.take("[") {
            let isOneOfSeveral = self.take("[")
            guard let path = self.path() else { return false }
            table = self.resolved(path, isOneOfSeveral: isOneOfSeveral)
            if !isOneOfSeveral { self.headers[table, default: []].append(self.line) }
            self.record([], table)
            guard self.take("]") else { return false }
            _ = self.take("]")
            return true
        }
        return self.assignment(in: table)
    }

    private mutating func assignment(in table: [String]) -> Bool {
        guard let path = self.path() else { return false }
        self.record(table, path)
        guard self.take("=") else { return false }
        self.skipBlanks()
        return self.skipValue(table + path, depth: 0)
    }

    /// The path with the number of each `[[table]]` on the way: below one, the last that was begun is meant.
    private mutating func resolved(_ path: [String], isOneOfSeveral: Bool) -> [String] {
        var resolved: [String] = []
        for (index, part) in path.enumerated() {
            resolved.append(part)
            if isOneOfSeveral, index == path.count - 1 { self.tableCounts[resolved, default: 0] += 1 }
            if let count = self.tableCounts[resolved] { resolved.append("[\(count)]") }
        }
        return resolved
    }

    /// Every table on the way gets a line as well.
    private mutating func record(_ table: [String], _ path: [String]) {
        for count in 1...path.count {
            let key = table + path.prefix(count)
            if self.lines[key] == nil { self.lines[key] = self.line }
        }
    }

    /// A dotted key, bare or quoted.
    private mutating func path() -> [String]? {
        var path: [String] = []
        repeat {
            self.skipBlanks()
            guard let first = self.current else { return nil }
            let start = self.position
            if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                self.skipString(first)
                guard self.position - start >= 2 else { return nil }
                // A key with escapes stays as it is spelled: not found, so without a line.
                path.append(String(decoding: self.bytes[(start + 1)..<(self.position - 1)], as: UTF8.self))
            } else {
                while let byte = self.current,
                    byte.isNameCharacter
                {
                    self.position += 1
                }
                guard self.position > start else { return nil }
                path.append(String(decoding: self.bytes[start..<self.position], as: UTF8.self))
            }
            self.skipBlanks()
        } while self.take(".")
        return path
    }

    private mutating func skipValue(_ path: [String], depth: Int) -> Bool {
        guard let first = self.current, depth < 64 else { return false }
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            self.skipString(first)
            return true
        case UInt8(ascii: "["):
            self.position += 1
            return self.skipElements(until: "]") { index in index.skipValue([], depth: depth + 1) }
        case UInt8(ascii: "{"):
            self.position += 1
            return self.skipElements(until: "}") { index in
                guard let key = index.path() else { return false }
                if !path.isEmpty { index.record(path, key) }
                guard index.take("=") else { return false }
                index.skipBlanks()
                return index.skipValue(path.isEmpty ? [] : path + key, depth: depth + 1)
            }
        default:
            let start = self.position
            while let byte = self.current, !"\n#,]}".utf8.contains(byte) { self.position += 1 }
            return self.position > start
        }
    }

    private mutating func skipElements(
        until end: Unicode.Scalar,
        _ skipElement: (inout TOMLLineIndex) -> Bool,
    ) -> Bool {
        while self.skipSpaceAndComments() {
            if self.take(end) { return true }
            guard skipElement(&self), self.skipSpaceAndComments() else { return false }
            _ = self.take(",")
        }
        return false
    }

    /// A string of one of the four kinds; the position is at its first quote.
    private mutating func skipString(_ quote: UInt8) {
        let isMultiline = self.bytes[self.position...].starts(with: [quote, quote, quote])
        let end = [UInt8](repeating: quote, count: isMultiline ? 3 : 1)
        self.position += end.count
        while let byte = self.current {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                self.position += 1
            } else if self.bytes[self.position...].starts(with: end) {
                self.position += end.count
                // Up to two quotes may stand directly before the three that end the string.
                while isMultiline, self.current == quote { self.position += 1 }
                return
            }
            if self.current == UInt8(ascii: "\n") { self.line += 1 }
            self.position += 1
        }
    }

    /// Returns whether anything is left.
    private mutating func skipSpaceAndComments() -> Bool {
        while let byte = self.current {
            switch byte {
            case UInt8(ascii: "\n"):
                self.line += 1
                self.position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                self.position += 1
            case UInt8(ascii: "#"):
                while let byte = self.current, byte != UInt8(ascii: "\n") { self.position += 1 }
            default:
                return true
            }
        }
        return false
    }

    private mutating func skipBlanks() {
        while self.current == UInt8(ascii: " ") || self.current == UInt8(ascii: "\t") { self.position += 1 }
    }

    private var current: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.current == UInt8(ascii: character) else { return false }
        self.position += 1
        return true
    }
}

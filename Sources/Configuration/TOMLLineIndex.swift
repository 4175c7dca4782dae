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
    private var scanner: TOMLScanner

    init(_ document: [UInt8]) {
        self.scanner = TOMLScanner(document)
        var table: [String] = []
        while self.scanner.skipSpaceAndComments(), self.statement(in: &table) {}
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
        if self.scanner.take("[") {
            let isOneOfSeveral = self.scanner.take("[")
            guard let path = self.path() else { return false }
            table = self.resolved(path, isOneOfSeveral: isOneOfSeveral)
            if !isOneOfSeveral { self.headers[table, default: []].append(self.scanner.line) }
            self.record([], table)
            guard self.scanner.take("]") else { return false }
            _ = self.scanner.take("]")
            return true
        }
        return self.assignment(in: table)
    }

    private mutating func assignment(in table: [String]) -> Bool {
        guard let path = self.path() else { return false }
        self.record(table, path)
        guard self.scanner.take("=") else { return false }
        self.scanner.skipBlanks()
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
            // The first mention counts: a table may be named again by the tables inside it.
            if self.lines[key] == nil { self.lines[key] = self.scanner.line }
        }
    }

    /// A dotted key, bare or quoted.
    private mutating func path() -> [String]? {
        var path: [String] = []
        repeat {
            self.scanner.skipBlanks()
            guard let first = self.scanner.current else { return nil }
            let start = self.scanner.position
            if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                self.scanner.skipString(first)
                guard self.scanner.position - start >= 2 else { return nil }
                // A key with escapes stays as it is spelled: not found, so without a line.
                let name = self.scanner.bytes[(start + 1)..<(self.scanner.position - 1)]
                path.append(String(decoding: name, as: UTF8.self))
            } else {
                while let byte = self.scanner.current,
                    byte.isNameCharacter
                {
                    self.scanner.position += 1
                }
                guard self.scanner.position > start else { return nil }
                path.append(String(decoding: self.scanner.bytes[start..<self.scanner.position], as: UTF8.self))
            }
            self.scanner.skipBlanks()
        } while self.scanner.take(".")
        return path
    }

    private mutating func skipValue(_ path: [String], depth: Int) -> Bool {
        // This recurses, and a file can nest its arrays at will.
        guard let first = self.scanner.current, depth < 64 else { return false }
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            self.scanner.skipString(first)
            return true
        case UInt8(ascii: "["):
            self.scanner.position += 1
            return self.skipElements(until: "]") { index in index.skipValue([], depth: depth + 1) }
        case UInt8(ascii: "{"):
            self.scanner.position += 1
            return self.skipElements(until: "}") { index in
                guard let key = index.path() else { return false }
                if !path.isEmpty { index.record(path, key) }
                guard index.scanner.take("=") else { return false }
                index.scanner.skipBlanks()
                return index.skipValue(path.isEmpty ? [] : path + key, depth: depth + 1)
            }
        default:
            let start = self.scanner.position
            while let byte = self.scanner.current, !"\n#,]}".utf8.contains(byte) { self.scanner.position += 1 }
            return self.scanner.position > start
        }
    }

    private mutating func skipElements(
        until end: Unicode.Scalar,
        _ skipElement: (inout TOMLLineIndex) -> Bool,
    ) -> Bool {
        while self.scanner.skipSpaceAndComments() {
            if self.scanner.take(end) { return true }
            guard skipElement(&self), self.scanner.skipSpaceAndComments() else { return false }
            _ = self.scanner.take(",")
        }
        return false
    }
}

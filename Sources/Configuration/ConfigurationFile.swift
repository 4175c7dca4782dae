// SPDX-License-Identifier: Apache-2.0

internal import Shared
internal import TOMLKit

/// The configuration file, taken apart into the values that stand in it. It knows TOML but no setting's type.
struct ConfigurationFile: Sendable {
    struct Entry: Sendable, Equatable {
        var path: [String]
        var value: RawSetting
        var line: Int?
    }

    /// What every configuration fits into, a thousand times over.
    static let limit = 1 << 20

    let path: String
    let isReadableByOthers: Bool
    /// In the order of the file.
    let entries: [Entry]
    let mistakes: [ConfigurationMistake]

    /// - Parameter copy: where the content is instead, for a file that is being edited.
    static func read(_ path: String, from copy: String? = nil) throws(ConfigurationError) -> ConfigurationFile {
        do {
            let file = try RegularFile.read(copy ?? path, limit: self.limit)
            return try ConfigurationFile(path: path, bytes: file.bytes, isReadableByOthers: file.isReadableByOthers)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw Self.unusable(path, line: nil, "\(error)")
        }
    }

    init(path: String, bytes: [UInt8], isReadableByOthers: Bool) throws(ConfigurationError) {
        // The parser takes a C string and would silently end at a NUL.
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.unusable(path, line: nil, "the file is not UTF-8 text")
        }
        let table = try Self.table(path, bytes: bytes, text)
        var walk = Walk(file: path, lines: TOMLLineIndex(bytes))
        walk.visit(table, at: [])
        self.path = path
        self.isReadableByOthers = isReadableByOthers
        // The parser hands keys out in its own order; mistakes and warnings should come in the order of the file.
        self.entries = walk.entries.sorted { ($0.line ?? .max) < ($1.line ?? .max) }
        self.mistakes = walk.mistakes
    }

    private static func table(_ path: String, bytes: [UInt8], _ text: String) throws(ConfigurationError) -> TOMLTable {
        let pitfall = TOMLPitfall.first(in: bytes)
        // A mistake on a line before it is the one to mend first.
        let readable = pitfall.map { String(decoding: bytes[..<$0.position], as: UTF8.self) } ?? text
        do {
            let table = try TOMLTable(string: readable)
            guard let pitfall else { return table }
            throw Self.unusable(path, line: pitfall.line, "not valid TOML: \(pitfall.message)")
        } catch let error as ConfigurationError {
            throw error
        } catch {
            if let pitfall, (error as? TOMLParseError).map({ $0.source.begin.line >= pitfall.line }) ?? true {
                throw Self.unusable(path, line: pitfall.line, "not valid TOML: \(pitfall.message)")
            }
            throw Self.syntaxError(path, bytes: bytes, error)
        }
    }

    /// What the parser says is passed on only for the lines of settings that hold no secret.
    private static func syntaxError(_ path: String, bytes: [UInt8], _ error: any Error) -> ConfigurationError {
        guard let error = error as? TOMLParseError else { return self.unusable(path, line: nil, "not valid TOML") }
        let number = error.source.begin.line
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = number > 0 && number <= lines.count ? String(decoding: lines[number - 1], as: UTF8.self) : ""
        if let (table, first) = TOMLLineIndex(bytes).repeatedTable(in: number) {
            return self.unusable(
                path, line: number,
                "[\(Setting.display(table))] is there twice, first in line \(first): put the settings of both below one"
            )
        }
        let key = line.prefix { $0 != "=" }.trimmingSpaces()
        // The parser's message says what it expected but can also quote what it found, and that can be a key without
        // quotes or the end of one.
        let isOpen = Setting.all.contains { !$0.isSecret && !$0.isNamed && $0.segments.last == key }
        let detail = isOpen ? ": \(error.description) (at \(key))" : " (is text without its quotes?)"
        return self.unusable(path, line: number, "not valid TOML\(detail)")
    }

    private static func unusable(_ path: String, line: Int?, _ message: String) -> ConfigurationError {
        ConfigurationError(mistakes: [
            ConfigurationMistake(source: .file(path, line: line), key: nil, message: message)
        ])
    }
}

extension ConfigurationFile {
    /// Goes through the tables and meets every value once.
    private struct Walk {
        let file: String
        let lines: TOMLLineIndex
        var entries: [Entry] = []
        var mistakes: [ConfigurationMistake] = []

        mutating func visit(_ table: TOMLTable, at path: [String]) {
            for key in table.keys {
                let path = path + [key]
                // A key with a NUL in it is cut short on its way through C, and is then not found.
                guard let value = table[key] else {
                    self.refuse(path, "this key cannot be read")
                    continue
                }
                if value.type == .table, let inner = value.table {
                    self.enter(inner, at: path)
                } else if value.type == .array, let tables = self.tables(of: value, at: path) {
                    for (index, table) in tables.enumerated() { self.visit(table, at: path + ["[\(index + 1)]"]) }
                } else {
                    self.entries.append(Entry(path: path, value: RawSetting(value), line: self.lines.line(of: path)))
                }
            }
        }

        /// A table is entered as long as settings can be inside.
        private mutating func enter(_ table: TOMLTable, at path: [String]) {
            if Setting.all.contains(where: { $0.isInside(path) }) {
                self.visit(table, at: path)
            } else {
                // Entered, an unknown table would be many mistakes in place of one.
                self.entries.append(
                    Entry(path: path, value: .unusable("a table"), line: self.lines.line(of: path)))
            }
        }

        /// The tables of an array that has nothing else, where there may be one.
        private func tables(of value: any TOMLValueConvertible, at path: [String]) -> [TOMLTable]? {
            guard Setting.all.contains(where: { $0.isInside(path + ["[1]"]) && $0.segments.contains("[]") }),
                let array = value.array
            else { return nil }
            let tables = array.compactMap(\.table)
            return tables.count == array.count && !tables.isEmpty ? tables : nil
        }

        private mutating func refuse(_ path: [String], _ message: String) {
            let source = ConfigurationSource.file(self.file, line: self.lines.line(of: path))
            self.mistakes.append(
                ConfigurationMistake(source: source, key: Setting.display(path), message: message))
        }
    }
}

extension RawSetting {
    fileprivate init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = value.string.map { .string($0) } ?? .unusable("a string")
        case .int: self = value.int.map { .integer($0) } ?? .unusable("an integer")
        case .double: self = value.double.map { .number($0) } ?? .unusable("a number")
        case .bool: self = value.bool.map { .boolean($0) } ?? .unusable("a boolean")
        case .array: self = .list(value.array.map { array in array.map { RawSetting($0) } } ?? [])
        case .table: self = .unusable("a table")
        case .date, .time, .dateTime: self = .unusable("a date or time")
        }
    }
}

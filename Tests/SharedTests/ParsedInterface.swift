// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A small reader of Varlink's interface language, enough to hold a JSON value against a declaration.
struct ParsedInterface {
    indirect enum Kind: Equatable {
        case bool, int, string
        case named(String)
        case array(Kind)
        case maybe(Kind)
        case structure([String: Kind])
        case enumeration([String])
    }

    struct SyntaxError: Error {
        var near: String
    }

    var name = ""
    var types: [String: Kind] = [:]
    var methods: [String: (input: Kind, output: Kind)] = [:]
    var errors: [String: Kind] = [:]

    private var tokens: ArraySlice<String> = []

    init(_ text: String) throws {
        let code = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        self.tokens = code.matches(of: /->|\[\]|[A-Za-z][A-Za-z0-9_.]*|[(),:?]/).map { String($0.output) }[...]
        // What the tokens leave out must be white space, else the text has something this reader did not look at.
        guard code.filter({ !$0.isWhitespace }) == self.tokens.joined() else { throw SyntaxError(near: "characters") }
        try self.expect("interface")
        self.name = try self.next()
        while let keyword = self.tokens.popFirst() {
            let name = try self.next()
            switch keyword {
            case "type": self.types[name] = try self.type()
            case "error": self.errors[name] = try self.type()
            case "method":
                let input = try self.type()
                try self.expect("->")
                self.methods[name] = (input, try self.type())
            default: throw SyntaxError(near: keyword)
            }
        }
    }

    private mutating func next() throws -> String {
        guard let token = self.tokens.popFirst() else { throw SyntaxError(near: "the end") }
        return token
    }

    private mutating func expect(_ token: String) throws {
        let found = try self.next()
        guard found == token else { throw SyntaxError(near: found) }
    }

    private mutating func type() throws -> Kind {
        switch try self.next() {
        case "bool": return .bool
        case "int": return .int
        case "string": return .string
        case "[]": return .array(try self.type())
        case "?": return .maybe(try self.type())
        case "(": return try self.members()
        case let name: return .named(name)
        }
    }

    private mutating func members() throws -> Kind {
        var fields: [String: Kind] = [:]
        var cases: [String] = []
        while self.tokens.first != ")" {
            let name = try self.next()
            if self.tokens.first == ":" {
                try self.expect(":")
                fields[name] = try self.type()
            } else {
                cases.append(name)
            }
            if self.tokens.first != ")" { try self.expect(",") }
        }
        try self.expect(")")
        guard fields.isEmpty || cases.isEmpty else { throw SyntaxError(near: "a mixture") }
        return cases.isEmpty ? .structure(fields) : .enumeration(cases)
    }

    /// What does not fit, as sentences; empty when all does.
    func mismatches(of value: Any, with kind: Kind, at path: String, isComplete: Bool) -> [String] {
        switch kind {
        case .bool:
            return value is Bool ? [] : ["\(path) is no bool"]
        case .int:
            return value is Int && !(value is String) ? [] : ["\(path) is no int"]
        case .string:
            return value is String ? [] : ["\(path) is no string"]
        case .named(let name):
            guard let type = self.types[name] else { return ["\(path) has the undeclared type \(name)"] }
            return self.mismatches(of: value, with: type, at: path, isComplete: isComplete)
        case .maybe(let kind):
            return self.mismatches(of: value, with: kind, at: path, isComplete: isComplete)
        case .array(let kind):
            guard let elements = value as? [Any] else { return ["\(path) is no array"] }
            return elements.flatMap { self.mismatches(of: $0, with: kind, at: "\(path)[]", isComplete: isComplete) }
        case .enumeration(let cases):
            return cases.contains { $0 == value as? String } ? [] : ["\(path) is none of \(cases)"]
        case .structure(let fields):
            guard let object = value as? [String: Any] else { return ["\(path) is no object"] }
            let unknown = object.keys.filter { fields[$0] == nil }.map { "\(path).\($0) is not declared" }
            return unknown
                + fields.sorted { $0.key < $1.key }.flatMap { name, kind -> [String] in
                    guard let field = object[name] else {
                        if case .maybe = kind, !isComplete { return [] }
                        return ["\(path).\(name) is missing"]
                    }
                    return self.mismatches(of: field, with: kind, at: "\(path).\(name)", isComplete: isComplete)
                }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What has been written into the "env" of a settings file of Claude Code, and what was there before, so that it can be taken
/// back. Its values are on the user's screen and in the settings file anyway; the local key is the only secret among them.
struct ClientSettingsRecord: Codable, Equatable {
    struct Variable: Codable, Equatable {
        var name: String
        var written: String
        /// The value's JSON text before; nil when there was none.
        var before: String?
    }

    /// What an object was in which the first member was put.
    enum Container: Codable, Equatable {
        case missing
        /// A file of nothing but this white space.
        case blank(String)
        /// Without members, and with this white space between the braces.
        case empty(String)
        case filled
    }

    var path: String
    var file: Container
    var env: Container
    /// In the order in which they were written.
    var variables: [Variable]
}

/// Changes of the "env" in a settings file of Claude Code, on its text. A pure value.
enum ClientSettingsEdit {
    enum Failure: Error, Equatable {
        case notJSON(line: Int)
        case envIsNoObject
    }

    private static let env = "env"

    /// - Parameter contents: nil where there is no file.
    /// - Parameter earlier: what was written before, whose "before" counts.
    /// - Returns: nil for the bytes when everything is there already.
    static func write(
        _ variables: [(name: String, value: String)], to contents: [UInt8]?, at path: String,
        earlier: ClientSettingsRecord?,
    ) throws(Failure) -> (bytes: [UInt8]?, record: ClientSettingsRecord) {
        // An empty file is what some editors leave, and no JSON.
        let isBlank = contents.map { $0.allSatisfy { $0 <= UInt8(ascii: " ") } } ?? true
        var edit = try Self.edit(isBlank ? Array("{}\n".utf8) : contents ?? [])
        var record =
            earlier
            ?? ClientSettingsRecord(
                path: path, file: Self.container(contents, isBlank: isBlank, edit),
                env: edit.value(at: [Self.env]) == nil
                    ? .missing : edit.emptyInterior(of: [Self.env]).map { .empty($0) } ?? .filled,
                variables: [])
        if edit.value(at: [Self.env]) == nil { edit.set(Self.env, in: [], to: "{}") }
        for (name, value) in variables {
            let before = edit.value(at: [Self.env, name])
            // What is there already is not ours to take back later.
            guard before.flatMap(Self.string) != value else { continue }
            edit.set(name, in: [Self.env], to: JSONEdit.quoted(value))
            if let index = record.variables.firstIndex(where: { $0.name == name }) {
                // What stood there before our first change stays the value to go back to.
                record.variables[index].written = value
            } else {
                record.variables.append(.init(name: name, written: value, before: before))
            }
        }
        return (edit.bytes == contents ? nil : edit.bytes, record)
    }

    private static func container(_ contents: [UInt8]?, isBlank: Bool, _ edit: JSONEdit)
        -> ClientSettingsRecord.Container
    {
        guard let contents else { return .missing }
        guard !isBlank else { return .blank(String(decoding: contents, as: UTF8.self)) }
        return edit.emptyInterior(of: []).map { .empty($0) } ?? .filled
    }

    struct Restoration: Equatable {
        /// Nil removes the file, which did not exist before.
        var bytes: [UInt8]?
        /// Variables that have another value by now, and keep it.
        var kept: [String]
    }

    static func takeBack(
        _ record: ClientSettingsRecord, from contents: [UInt8],
    ) throws(Failure) -> Restoration {
        var edit = try Self.edit(contents)
        var kept: [String] = []
        // The last one first: each removal then finds the text as the addition left it, and leaves it byte for byte
        // as before.
        for variable in record.variables.reversed() {
            guard let now = edit.value(at: [Self.env, variable.name]) else { continue }
            guard Self.string(now) == variable.written else {
                kept.append(variable.name)
                continue
            }
            if let before = variable.before {
                edit.set(variable.name, in: [Self.env], to: before)
            } else {
                let interior: String = if case .empty(let text) = record.env { text } else { "" }
                edit.remove(variable.name, in: [Self.env], leaving: interior)
            }
        }
        if record.env == .missing, edit.emptyInterior(of: [Self.env]) != nil {
            let interior: String = if case .empty(let text) = record.file { text } else { "" }
            edit.remove(Self.env, in: [], leaving: interior)
        }
        guard edit.emptyInterior(of: []) != nil else { return Restoration(bytes: edit.bytes, kept: kept.reversed()) }
        let bytes: [UInt8]? =
            switch record.file {
            case .missing: nil
            case .blank(let text): Array(text.utf8)
            case .empty, .filled: edit.bytes
            }
        return Restoration(bytes: bytes, kept: kept.reversed())
    }

    private static func edit(_ contents: [UInt8]) throws(Failure) -> JSONEdit {
        let edit: JSONEdit
        do throws(JSONOutline.Failure) {
            edit = try JSONEdit(contents)
        } catch {
            throw .notJSON(line: error.line)
        }
        guard edit.value(at: [Self.env]) == nil || edit.isObject(at: [Self.env]) else { throw .envIsNoObject }
        return edit
    }

    private static func string(_ json: String) -> String? {
        // In a list, because not every version of the decoder takes a bare string.
        try? JSONDecoder().decode([String].self, from: Data("[\(json)]".utf8)).first
    }
}

extension ClientSettingsEdit.Failure {
    var reason: String {
        switch self {
        case .notJSON(let line): "it is not valid JSON (line \(line))"
        case .envIsNoObject: "its \"env\" is not an object"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Gives a value that a model wrote as text the type its parameter has.
enum ParameterCoercion {
    /// Writes `value` as JSON. A value that does not fit its types stays a string: the client then tells the model what
    /// is wrong with it.
    static func write(_ value: ArraySlice<UInt8>, as types: JSONTypes, to writer: inout JSONWriter) {
        if let spelled = Self.value(value, as: types) {
            writer.raw(spelled)
        } else {
            writer.raw("\"")
            writer.escaped(value.span)
            writer.raw("\"")
        }
    }

    /// The text as JSON of another type than string, when it can be read as one the parameter allows.
    static func value(_ value: ArraySlice<UInt8>, as types: JSONTypes) -> [UInt8]? {
        // Text is a string wherever one is allowed; `123` is no reason to break the other promise.
        guard !types.contains(.string) else { return nil }
        let trimmed = Self.trimmed(value)
        // Models write Python's `True` and `None` where they have no JSON before them.
        switch String(decoding: trimmed.prefix(5), as: UTF8.self).lowercased() {
        case "true" where types.contains(.boolean): return Array("true".utf8)
        case "false" where types.contains(.boolean): return Array("false".utf8)
        case "null" where types.contains(.null), "none" where types.contains(.null): return Array("null".utf8)
        default: break
        }
        guard let document = try? JSONDocument(parsing: Array(trimmed)) else {
            guard types.contains(.object), trimmed.first == UInt8(ascii: "{") else { return nil }
            return ToolArgumentRepair.object(from: Array(trimmed))
        }
        switch document.kind(of: document.root) {
        // A schema that names no type allows all: text that is a whole object or array is meant as one.
        case .object where types.contains(.object) || types.isEmpty: return document.bytes
        case .array where types.contains(.array) || types.isEmpty: return document.bytes
        case .number where types.contains(.number): return document.bytes
        case .number where types.contains(.integer) && document.integer(document.root) != nil: return document.bytes
        default: return nil
        }
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value
        while let last = value.last, last.isJSONWhitespace { value.removeLast() }
        while let first = value.first, first.isJSONWhitespace { value.removeFirst() }
        return value
    }
}

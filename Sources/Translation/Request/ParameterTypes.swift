// SPDX-License-Identifier: Apache-2.0

/// Reads from a tool's schema which JSON types its parameters may have.
struct ParameterTypes {
    let document: JSONDocument

    func parameters(of schema: JSONNode?) -> [String: JSONTypes] {
        guard let schema, let properties = self.document.member("properties", of: schema) else { return [:] }
        var types: [String: JSONTypes] = [:]
        for (name, value) in self.document.members(of: properties) {
            guard let name = self.document.string(name) else { continue }
            types[name] = self.types(of: value)
        }
        return types
    }

    /// `type` as a name or a list of names; else the alternatives of `anyOf` and `oneOf`, one level deep; else the
    /// types of `enum` and `const`. References are not followed: unknown is a good answer.
    private func types(of schema: JSONNode) -> JSONTypes {
        if let type = self.document.member("type", of: schema) { return self.named(type) }
        for name in ["anyOf", "oneOf"] as [StaticString] {
            guard let alternatives = self.document.member(name, of: schema) else { continue }
            var types: JSONTypes = []
            for alternative in self.document.elements(of: alternatives) {
                guard let type = self.document.member("type", of: alternative) else { return [] }
                types.formUnion(self.named(type))
            }
            return types
        }
        if let values = self.document.member("enum", of: schema) {
            return self.document.elements(of: values).reduce(into: []) { $0.formUnion(self.type(of: $1)) }
        }
        return self.document.member("const", of: schema).map { self.type(of: $0) } ?? []
    }

    private func named(_ type: JSONNode) -> JSONTypes {
        if self.document.kind(of: type) == .array {
            return self.document.elements(of: type).reduce(into: []) { $0.formUnion(self.named($1)) }
        }
        return switch self.document.string(type) {
        case "string": .string
        case "integer": .integer
        case "number": .number
        case "boolean": .boolean
        case "object": .object
        case "array": .array
        case "null": .null
        default: []
        }
    }

    private func type(of value: JSONNode) -> JSONTypes {
        switch self.document.kind(of: value) {
        case .string: .string
        case .number: self.document.integer(value) == nil ? .number : .integer
        case .boolean: .boolean
        case .object: .object
        case .array: .array
        case .null: .null
        }
    }
}

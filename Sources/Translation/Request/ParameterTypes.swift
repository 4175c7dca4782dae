// SPDX-License-Identifier: Apache-2.0

/// Reads from a tool's schema which JSON types its parameters may have.
struct ParameterTypes {
    let document: JSONDocument

    /// Bytes as spelled. A model does not repeat a longer name in a call, and to put one of megabytes into a dictionary takes a
    /// second.
    private static let longestName = 4 << 10

    func parameters(of schema: JSONNode?) -> [String: JSONTypes] {
        guard let schema, let properties = self.document.member("properties", of: schema) else { return [:] }
        var types: [String: JSONTypes] = [:]
        for (name, value) in self.document.members(of: properties) {
            guard self.document.contents(of: name).count <= Self.longestName,
                let name = self.document.string(name)
            else { continue }
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
                // One alternative without a type allows everything, so nothing may be converted.
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
        return switch self.document.shortString(type) {
        case ShortString("string"): .string
        case ShortString("integer"): .integer
        case ShortString("number"): .number
        case ShortString("boolean"): .boolean
        case ShortString("object"): .object
        case ShortString("array"): .array
        case ShortString("null"): .null
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

/// The JSON types a schema allows for one parameter. Empty when the schema does not say, which allows everything.
public struct JSONTypes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A text.
    public static let string = Self(rawValue: 1 << 0)
    /// A number without a fraction.
    public static let integer = Self(rawValue: 1 << 1)
    /// Any number.
    public static let number = Self(rawValue: 1 << 2)
    /// `true` or `false`.
    public static let boolean = Self(rawValue: 1 << 3)
    /// An object.
    public static let object = Self(rawValue: 1 << 4)
    /// An array.
    public static let array = Self(rawValue: 1 << 5)
    /// `null`.
    public static let null = Self(rawValue: 1 << 6)
}

/// A function the model was offered, as far as reading its calls needs it.
public struct DeclaredTool: Sendable, Equatable {
    /// The name the client knows.
    public var name: String
    /// The name the model was told; another one only where the upstream would refuse the client's.
    public var upstreamName: String
    /// What the schema says about each parameter, so that a call recovered from text, where every value is text, gets
    /// its numbers and booleans back.
    public var parameters: [String: JSONTypes]

    public init(name: String, upstreamName: String? = nil, parameters: [String: JSONTypes] = [:]) {
        self.name = name
        self.upstreamName = upstreamName ?? name
        self.parameters = parameters
    }
}

extension [DeclaredTool] {
    /// The one that the model was told of by this name.
    func tool(called upstreamName: String) -> DeclaredTool? {
        self.first { $0.upstreamName == upstreamName }
    }

    /// Its place, for a name that is part of a longer text.
    func index(called upstreamName: ArraySlice<UInt8>) -> Int? {
        self.firstIndex { tool in
            let name = tool.upstreamName.utf8
            return name.count == upstreamName.count && name.elementsEqual(upstreamName)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One call as it travels. The flags are absent rather than false, which is what Varlink's own tools write.
public struct VarlinkCall<Parameters: Codable & Sendable>: Codable, Sendable {
    /// The interface, a dot, the method.
    public var method: String
    /// Absent means none.
    public var parameters: Parameters?
    /// The caller takes several replies.
    public var more: Bool?
    /// The caller waits for no reply at all.
    public var oneway: Bool?
    /// The caller wants another protocol on this connection after the reply. No method of ours does that.
    public var upgrade: Bool?

    public init(method: String, parameters: Parameters?, more: Bool = false) {
        self.method = method
        self.parameters = parameters
        self.more = more ? true : nil
    }
}

/// The parameters of a method that takes none; also stands for "not looked at yet".
public struct NoParameters: Codable, Sendable, Equatable {
    public init() {}
}

/// The names of the parameters a caller sent, whatever their values.
///
/// A misspelt name must be refused: taken for absent, it would mean the default, and the call would do something else.
struct ParameterNames: Codable, Sendable {
    var names: [String]

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        self.names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for name in self.names {
            try container.encodeNil(forKey: Name(stringValue: name))
        }
    }
}

/// Accepts any value: the name of a call or of an error counts also when its parameters have a wrong type.
struct IgnoredParameters: Codable, Sendable {
    init(from decoder: any Decoder) throws {}
    func encode(to encoder: any Encoder) throws {}
}

/// One reply as it travels.
public struct VarlinkReply<Parameters: Codable & Sendable>: Codable, Sendable {
    /// Absent means none.
    public var parameters: Parameters?
    /// More replies to the same call follow.
    public var continues: Bool?
    /// The full name of an error; `parameters` are then the error's.
    public var error: String?

    public init(parameters: Parameters?, continues: Bool = false) {
        self.parameters = parameters
        self.continues = continues ? true : nil
    }

    public init(error: String, parameters: Parameters?) {
        self.error = error
        self.parameters = parameters
    }
}

// SPDX-License-Identifier: Apache-2.0

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

// SPDX-License-Identifier: Apache-2.0

/// What the user's routes say about a request, whatever the client asked for. Nil leaves the client's word.
public struct ParameterOverrides: Sendable, Equatable {
    /// False switches thinking off.
    public var thinking: Bool?
    /// In place of the request's.
    public var temperature: Double?
    /// In place of the request's.
    public var topP: Double?
    /// In place of the request's.
    public var topK: Int?
    /// An upper limit: what the client asked for beyond it is lowered.
    public var maximumTokens: Int?

    public init(
        thinking: Bool? = nil, temperature: Double? = nil, topP: Double? = nil, topK: Int? = nil,
        maximumTokens: Int? = nil,
    ) {
        self.thinking = thinking
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.maximumTokens = maximumTokens
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A request to count tokens: the same body without the parameters of an answer.
public struct CountTokensRequest: Sendable {
    /// As the client spelled it.
    public let model: String
    /// A guess, see `RequestFacts.estimatedInputTokens`.
    public let inputTokens: Int

    /// Throws the mistake with its place in the body.
    public init(parsing body: [UInt8]) throws(InvalidRequest) {
        var reader = try RequestReader(parsing: body)
        self.model = try reader.model()
        _ = try reader.system()
        _ = try reader.messages()
        _ = try reader.tools()
        self.inputTokens = reader.estimator.tokens
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A request to count tokens: the same body without the parameters of an answer.
public struct CountTokensRequest: Sendable {
    /// As the client spelled it.
    public let model: String
    /// What routing asks about the request.
    public let features: RequestFeatures
    /// What there is to count.
    public let size: PromptSize

    /// Without knowing the model, see `RequestFacts.estimatedInputTokens`.
    public var inputTokens: Int { self.size.estimate }

    /// Throws the mistake with its place in the body.
    /// - Parameter weights: knows texts of earlier requests, so that only new ones are weighed.
    public init(parsing body: [UInt8], _ weights: (any TextWeightMemory)? = nil) throws(InvalidRequest) {
        var reader = try RequestReader(parsing: body)
        self.model = try reader.model()
        // Messages before tools: blocks in them say which tools were taken away.
        let (systemTexts, messages) = (try reader.system(), try reader.messages())
        let (tools, serverTools) = try reader.tools()
        self.features = RequestFeatures(
            containsImages: reader.containsImages,
            wantsThinking: RequestedThinking(reader.fields, of: reader.document).isWanted,
            toolNames: tools.map(\.declared.name), serverTools: serverTools)
        self.size = PromptMeasure.size(
            of: reader.document, systemTexts: systemTexts, messages: messages, blocks: reader.blocks, tools: tools,
            weights)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A request of the Messages API: parsed once, validated, and ready to be asked of a Chat Completions upstream. It keeps
/// the client's bytes and notes where things are; texts, schemas and images are copied from there and never decoded.
///
/// A class because it is handed from one step of an exchange to the next, and has a dozen parts to copy.
public final class MessagesRequest: Sendable {
    /// What is kept when the content is given up.
    public let facts: RequestFacts

    let document: JSONDocument
    let fields: RequestFields
    /// Where the characters of the system prompt stand; nil when there is none.
    let systemTexts: [Range<Int>]?
    let messages: [Message]
    /// Of all messages, in their order.
    let blocks: [ContentBlock]
    let tools: [ToolOffer]

    /// Checks the whole body. Throws the first mistake with its place, like `messages.3.content.0.type`.
    /// - Parameter weights: knows texts of earlier requests, so that only new ones are weighed.
    public init(parsing body: [UInt8], _ weights: (any TextWeightMemory)? = nil) throws(InvalidRequest) {
        var reader = try RequestReader(parsing: body)
        // First of all: without its earlier messages anything else that is wrong with the request would be
        // misleading.
        try reader.refuseThread()
        let model = try reader.model()
        let maximumTokens = try reader.maximumTokens()
        self.systemTexts = try reader.system()
        self.messages = try reader.messages()
        self.blocks = reader.blocks
        let (tools, serverTools) = try reader.tools()
        self.tools = tools
        self.document = reader.document
        self.fields = reader.fields
        let size = PromptMeasure.size(
            of: reader.document, systemTexts: self.systemTexts, messages: self.messages, blocks: self.blocks,
            tools: tools, weights)
        let isParallelDisabled = reader.fields.toolChoice
            .flatMap { reader.document.member("disable_parallel_tool_use", of: $0) }
            .flatMap { reader.document.boolean($0) }
        let context = ResponseContext(
            requestedModel: model,
            tools: tools.map(\.declared),
            stopSequences: SamplingParameters.stopSequences(reader.fields, of: reader.document),
            renamedTools: reader.renamedTools,
            allowsParallelCalls: isParallelDisabled != true,
            maximumTokens: maximumTokens)
        self.facts = RequestFacts(
            isStreaming: reader.fields.isStreaming.flatMap { reader.document.boolean($0) } ?? false,
            features: RequestFeatures(
                containsImages: reader.containsImages,
                wantsThinking: RequestedThinking(reader.fields, of: reader.document).isWanted,
                toolNames: tools.map(\.declared.name),
                serverTools: serverTools),
            responseContext: context,
            size: size)
    }

    /// Whether the answer has to be fetched as a stream: the client wants one, or the upstream gives no other for this
    /// request. A body for `stream: false` is acceptable all the same, but thinks less.
    public func needsUpstreamStream(for profile: ModelProfile) -> Bool {
        self.facts.isStreaming || RequestTranslator(self, profile: profile).needsStream
    }

    /// The body to send to `/chat/completions`. The bytes of a conversation's beginning do not depend on what was said
    /// later, nor on where the client put its cache marks: upstreams cache by prefix.
    public func chatCompletionsBody(for profile: ModelProfile, stream: Bool) -> SplicedBytes {
        RequestTranslator(self, profile: profile).body(stream: stream)
    }
}

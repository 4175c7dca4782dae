// SPDX-License-Identifier: Apache-2.0

/// What is said about a model wherever it is asked. Nil: nothing is said, and less important sources or the assumptions
/// about an unknown model count.
public struct ModelTraits: Sendable, Equatable {
    /// Tokens the prompt may have.
    public var contextWindow: Int?
    /// The upper end of the range of `max_tokens`.
    public var maximumOutputTokens: Int?
    /// Whether images may be sent.
    public var acceptsImages: Bool?
    /// How thinking is switched on and off.
    public var thinking: ModelProfile.ThinkingControl?
    /// The words of `reasoning_effort` that the model knows.
    public var effortScale: ModelProfile.EffortScale?
    /// Cannot be told not to think.
    public var alwaysThinks: Bool?
    /// Which thinking is sent back.
    public var reasoningReplay: ModelProfile.ReasoningReplay?
    /// The strongest `tool_choice`.
    public var toolChoice: ModelProfile.ToolChoiceSupport?
    /// The strongest form of `response_format`.
    public var structuredOutput: ModelProfile.StructuredOutput?
    /// Where the upstream takes marks at all.
    public var cacheForm: ModelProfile.CacheForm?

    public init(
        contextWindow: Int? = nil, maximumOutputTokens: Int? = nil, acceptsImages: Bool? = nil,
        thinking: ModelProfile.ThinkingControl? = nil, effortScale: ModelProfile.EffortScale? = nil,
        alwaysThinks: Bool? = nil, reasoningReplay: ModelProfile.ReasoningReplay? = nil,
        toolChoice: ModelProfile.ToolChoiceSupport? = nil, structuredOutput: ModelProfile.StructuredOutput? = nil,
        cacheForm: ModelProfile.CacheForm? = nil,
    ) {
        self.contextWindow = contextWindow
        self.maximumOutputTokens = maximumOutputTokens
        self.acceptsImages = acceptsImages
        self.thinking = thinking
        self.effortScale = effortScale
        self.alwaysThinks = alwaysThinks
        self.reasoningReplay = reasoningReplay
        self.toolChoice = toolChoice
        self.structuredOutput = structuredOutput
        self.cacheForm = cacheForm
    }

    /// What `self` does not say is taken from `other`.
    public func filled(from other: ModelTraits) -> ModelTraits {
        ModelTraits(
            contextWindow: self.contextWindow ?? other.contextWindow,
            maximumOutputTokens: self.maximumOutputTokens ?? other.maximumOutputTokens,
            acceptsImages: self.acceptsImages ?? other.acceptsImages,
            thinking: self.thinking ?? other.thinking,
            effortScale: self.effortScale ?? other.effortScale,
            alwaysThinks: self.alwaysThinks ?? other.alwaysThinks,
            reasoningReplay: self.reasoningReplay ?? other.reasoningReplay,
            toolChoice: self.toolChoice ?? other.toolChoice,
            structuredOutput: self.structuredOutput ?? other.structuredOutput,
            cacheForm: self.cacheForm ?? other.cacheForm)
    }
}

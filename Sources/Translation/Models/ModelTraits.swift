// SPDX-License-Identifier: Apache-2.0

/// What a model can do wherever it is asked. The defaults are what an unknown model is trusted with.
struct ModelTraits: Sendable {
    var contextWindow = 262_144
    var maximumOutputTokens = 32_768
    var acceptsImages = false
    var thinking = ModelProfile.ThinkingControl.none
    var toolChoice = ModelProfile.ToolChoiceSupport.function
    var structuredOutput = ModelProfile.StructuredOutput.jsonObject
    var reasoningReplay = ModelProfile.ReasoningReplay.none
    /// Where the upstream takes marks at all.
    var cacheForm = ModelProfile.CacheForm.automatic
    var effortScale = ModelProfile.EffortScale.lowToHigh
    /// Cannot be told not to think.
    var alwaysThinks = false

    /// A window of a million tokens; 983,616 of them are for the input.
    static func million(
        maximumOutputTokens: Int = 65_536, acceptsImages: Bool, thinking: ModelProfile.ThinkingControl,
        reasoningReplay: ModelProfile.ReasoningReplay = .none,
        cacheForm: ModelProfile.CacheForm = .marks, effortScale: ModelProfile.EffortScale = .lowToHigh,
    ) -> Self {
        Self(
            contextWindow: 983_616, maximumOutputTokens: maximumOutputTokens, acceptsImages: acceptsImages,
            thinking: thinking, toolChoice: .required, reasoningReplay: reasoningReplay,
            cacheForm: cacheForm, effortScale: effortScale)
    }
}

// SPDX-License-Identifier: Apache-2.0

package import Translation

/// What the user says about a model, where the built-in knowledge is wrong or missing. Nil: nothing was said.
package struct ModelOverride: Sendable, Equatable {
    /// How thinking is switched on and off.
    package typealias Thinking = ModelProfile.ThinkingControl
    /// The form of the system message.
    package typealias System = ModelProfile.SystemMessageForm
    /// The form of structured output.
    package typealias StructuredOutput = ModelProfile.StructuredOutput
    /// The strongest `tool_choice`.
    package typealias ToolChoice = ModelProfile.ToolChoiceSupport

    /// In tokens.
    package var contextWindow: Int?
    /// In tokens.
    package var maxOutputTokens: Int?
    /// Whether the model takes images.
    package var vision: Bool?
    /// How the model is told to think.
    package var thinking: Thinking?
    /// The form of the one system message.
    package var system: System?
    /// Whether `parallel_tool_calls` is sent.
    package var parallelToolCalls: Bool?
    /// The form in which structured output is asked for.
    package var structuredOutput: StructuredOutput?
    /// The strongest `tool_choice` that the model takes.
    package var toolChoice: ToolChoice?

    /// What `self` does not say is taken from `other`.
    func filled(from other: ModelOverride) -> ModelOverride {
        ModelOverride(
            contextWindow: self.contextWindow ?? other.contextWindow,
            maxOutputTokens: self.maxOutputTokens ?? other.maxOutputTokens,
            vision: self.vision ?? other.vision,
            thinking: self.thinking ?? other.thinking,
            system: self.system ?? other.system,
            parallelToolCalls: self.parallelToolCalls ?? other.parallelToolCalls,
            structuredOutput: self.structuredOutput ?? other.structuredOutput,
            toolChoice: self.toolChoice ?? other.toolChoice,
        )
    }
}

/// The `[models."pattern"]` tables.
package struct ModelOverrides: Sendable, Equatable {
    private var overrides: [Glob: ModelOverride] = [:]

    /// The table of exactly this pattern.
    subscript(pattern: String) -> ModelOverride {
        get { self.overrides[Glob(pattern)] ?? ModelOverride() }
        set { self.overrides[Glob(pattern)] = newValue }
    }

    /// What is said about `model`: for each key the most specific pattern that has it wins.
    package func override(for model: String) -> ModelOverride {
        self.overrides.keys
            .filter { $0.matches(model) }
            .sorted(by: Glob.isMoreSpecific)
            .reduce(ModelOverride()) { $0.filled(from: self.overrides[$1] ?? ModelOverride()) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Which parameters beside OpenAI's own an upstream knows. `ModelCatalog.dialects` says which hosts speak it; the raw value
/// is the word for it there.
public enum UpstreamDialect: String, Sendable, Equatable, CaseIterable {
    /// The endpoint of Qwen's OAuth login.
    case portal
    /// Alibaba's Model Studio in all its regions, brands and plans.
    case dashScope = "dashscope"
    /// OpenRouter, which passes on what it does not know.
    case openRouter = "openrouter"
    /// OpenAI itself, which refuses what it does not know.
    case openAI = "openai"
    /// Any other: vLLM, llama.cpp, Ollama.
    case standard

    /// `enable_thinking` and `thinking_budget`.
    var takesThinkingSwitch: Bool {
        switch self {
        case .portal, .dashScope: true
        case .openRouter, .openAI, .standard: false
        }
    }

    /// `cache_control` on content parts: Model Studio's explicit cache, its plans and the portal; OpenRouter hands the marks
    /// on to Alibaba.
    var takesCacheMarks: Bool {
        switch self {
        case .portal, .dashScope, .openRouter: true
        case .openAI, .standard: false
        }
    }

    /// Prompt and answer have limits of their own, whatever a refusal says.
    var separatesLimits: Bool {
        switch self {
        case .portal, .dashScope: true
        case .openRouter, .openAI, .standard: false
        }
    }

    /// One named function may be forced by an object.
    var namesForcedTool: Bool {
        // Other servers read "required" more often than the object, which llama.cpp takes for "auto" (measured) and
        // LM Studio refuses.
        switch self {
        case .portal, .dashScope, .openAI: true
        case .openRouter, .standard: false
        }
    }

    /// It is the server, and not the model, that decides about forced tools and structured output.
    var isForAnyModel: Bool {
        switch self {
        case .portal, .dashScope, .openAI: false
        case .openRouter, .standard: true
        }
    }
}

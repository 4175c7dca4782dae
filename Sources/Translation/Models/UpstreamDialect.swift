// SPDX-License-Identifier: Apache-2.0

/// Which parameters beside OpenAI's own an upstream knows, told from its host.
enum UpstreamDialect: Sendable, Equatable {
    /// The endpoint of Qwen's OAuth login.
    case portal
    /// Alibaba's Model Studio in all its regions and plans.
    case dashScope
    /// OpenAI itself, which refuses what it does not know.
    case openAI
    /// Any other: vLLM, llama.cpp, Ollama, OpenRouter.
    case standard

    /// Without a host Model Studio is assumed: the names of the catalogue are its names.
    init(host: String?) {
        guard let host = host?.lowercased() else {
            self = .dashScope
            return
        }
        if Self.isHost(host, in: "qwen.ai") {
            self = .portal
        } else if Self.isHost(host, in: "aliyuncs.com") {
            self = .dashScope
        } else if Self.isHost(host, in: "openai.com") {
            self = .openAI
        } else {
            self = .standard
        }
    }

    /// `enable_thinking` and `thinking_budget`.
    var takesThinkingSwitch: Bool {
        switch self {
        case .portal, .dashScope: true
        case .openAI, .standard: false
        }
    }

    /// `cache_control` on content parts: Model Studio's explicit cache, its plans, and the portal.
    var takesCacheMarks: Bool {
        switch self {
        case .portal, .dashScope: true
        case .openAI, .standard: false
        }
    }

    /// Prompt and answer have limits of their own, whatever a refusal says.
    var separatesLimits: Bool {
        switch self {
        case .portal, .dashScope: true
        case .openAI, .standard: false
        }
    }

    /// One named function may be forced by an object. Other servers read `required` more often than the object, which
    /// llama.cpp takes for `auto` (measured) and LM Studio refuses.
    var namesForcedTool: Bool {
        switch self {
        case .portal, .dashScope, .openAI: true
        case .standard: false
        }
    }

    private static func isHost(_ host: String, in domain: String) -> Bool {
        host == domain || host.hasSuffix("." + domain)
    }
}

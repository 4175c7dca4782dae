// SPDX-License-Identifier: Apache-2.0

/// What is known about models, as data. A name is matched against the patterns from top to bottom; the first row
/// counts. The user's configuration may overrule every field.
public enum ModelCatalog {
    /// - Parameter host: where the model is asked. Qwen's own hosts take parameters nobody else knows.
    public static func profile(for name: String, at host: String? = nil) -> ModelProfile {
        let dialect = UpstreamDialect(host: host)
        // A vendor's prefix (`qwen/qwen3-coder`) says nothing about the model; case differs from host to host.
        let key = String(name.split(separator: "/").last ?? "").lowercased()
        let traits = Self.rows.first { $0.pattern.matches(key) }?.traits ?? ModelTraits()
        return ModelProfile(
            name: name,
            contextWindow: traits.contextWindow,
            maximumOutputTokens: traits.maximumOutputTokens,
            acceptsImages: traits.acceptsImages,
            thinking: dialect.takesThinkingSwitch || traits.thinking != .enableThinking ? traits.thinking : .none,
            systemMessage: dialect == .portal ? .cachedParts : .string,
            toolChoice: dialect == .standard ? .required : traits.toolChoice,
            structuredOutput: traits.structuredOutput,
            sendsParallelToolCalls: true,
            acceptsTopK: dialect != .openAI,
            replaysReasoning: traits.replaysReasoning,
        )
    }

    private static let rows: [(pattern: NamePattern, traits: ModelTraits)] = [
        // Qwen's coders do not think and do not see.
        ("qwen3-coder-plus*", ModelTraits(contextWindow: 997_952, maximumOutputTokens: 65_536)),
        ("qwen3-coder-flash*", ModelTraits(contextWindow: 997_952, maximumOutputTokens: 65_536)),
        ("qwen3-coder-next*", ModelTraits(maximumOutputTokens: 65_536)),
        ("qwen3-coder*", ModelTraits()),
        // The portal's names: whichever model is the best at the time.
        ("coder-model", .million(acceptsImages: true, thinking: .enableThinking)),
        ("vision-model", ModelTraits(contextWindow: 129_024, acceptsImages: true)),
        // A model that always thinks refuses to be told so; one that never thinks refuses to be told to.
        ("*-thinking*", ModelTraits()),
        ("*-instruct*", ModelTraits()),
        ("qwq*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 8_192)),
        ("qwen*-vl-*", ModelTraits(acceptsImages: true, thinking: .enableThinking)),
        ("qwen-vl*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 8_192, acceptsImages: true)),
        ("qwen3.8-max*", .million(acceptsImages: false, thinking: .reasoningEffort, replaysReasoning: true)),
        ("qwen3.8-*", .million(acceptsImages: false, thinking: .enableThinking, replaysReasoning: true)),
        ("qwen3.7-plus*", .million(acceptsImages: true, thinking: .enableThinking, replaysReasoning: true)),
        ("qwen3.7-*", .million(acceptsImages: false, thinking: .enableThinking, replaysReasoning: true)),
        ("qwen3.[56]-plus*", .million(acceptsImages: true, thinking: .enableThinking)),
        ("qwen3.[56]-flash*", .million(acceptsImages: false, thinking: .enableThinking)),
        ("qwen3-max-2026*", ModelTraits(contextWindow: 258_048, thinking: .enableThinking)),
        ("qwen3-max*", ModelTraits(contextWindow: 258_048)),
        ("qwen-plus*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 16_384, thinking: .enableThinking)),
        ("qwen-flash*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 16_384, thinking: .enableThinking)),
        ("qwen-turbo*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 16_384, thinking: .enableThinking)),
        ("qwen*", ModelTraits(thinking: .enableThinking)),
        // Others that Model Studio serves.
        (
            "glm-*",
            ModelTraits(
                contextWindow: 202_752, maximumOutputTokens: 16_384, thinking: .enableThinking, replaysReasoning: true)
        ),
        ("kimi-k2*", ModelTraits(acceptsImages: true, thinking: .enableThinking, replaysReasoning: true)),
        ("kimi-*", ModelTraits(thinking: .enableThinking, replaysReasoning: true)),
        ("deepseek-v4*", ModelTraits(thinking: .enableThinking, replaysReasoning: true)),
        ("minimax-m*", ModelTraits(contextWindow: 196_608, maximumOutputTokens: 24_576, replaysReasoning: true)),
    ]
}

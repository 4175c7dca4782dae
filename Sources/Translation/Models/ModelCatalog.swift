// SPDX-License-Identifier: Apache-2.0

/// What is known about models, as data. A name is matched against the patterns from top to bottom; the first row
/// counts. The user's configuration may overrule every field.
public enum ModelCatalog {
    /// - Parameters:
    ///   - host: where the model is asked. Qwen's own hosts take parameters that no other upstream knows.
    ///   - learned: what that upstream told about it. The user's configuration goes before this.
    public static func profile(
        for name: String, at host: String? = nil, learned: LearnedTraits = LearnedTraits(),
    ) -> ModelProfile {
        let dialect = UpstreamDialect(host: host)
        // A vendor's prefix (`qwen/qwen3-coder`) says nothing about the model; case differs from host to host.
        let key = String(name.split(separator: "/").last ?? "").lowercased()
        let known = Self.rows.first { $0.pattern.matches(key) }?.traits
        let traits = known ?? ModelTraits()
        let server = learned.server.traits
        var profile = ModelProfile(
            name: name,
            contextWindow: learned.contextWindow ?? traits.contextWindow,
            maximumOutputTokens: learned.maximumOutputTokens ?? traits.maximumOutputTokens,
            acceptsImages: learned.acceptsImages ?? traits.acceptsImages,
            thinking: Self.thinking(of: known, to: dialect, server),
            systemMessage: dialect == .portal ? .cachedParts : .string,
            toolChoice: dialect == .standard ? .required : traits.toolChoice,
            structuredOutput: dialect == .standard ? server.structuredOutput : traits.structuredOutput,
            sendsParallelToolCalls: true,
            acceptsTopK: dialect != .openAI && server.acceptsTopK,
            reasoningReplay: traits.reasoningReplay,
            cacheForm: dialect.takesCacheMarks ? traits.cacheForm : .automatic,
        )
        profile.windowIsShared =
            learned.contextWindow != nil && !dialect.separatesLimits && (learned.windowIsShared || server.sharesWindow)
        profile.effortScale = traits.effortScale
        profile.namesForcedTool = dialect.namesForcedTool
        profile.alwaysStreams = dialect.takesThinkingSwitch && traits.alwaysThinks
        profile.leaveOut(learned.refusedParameters)
        return profile
    }

    /// A server of one's own serves models under any name, and their templates ignore arguments that they do not know:
    /// there a model that is not known is told as a hybrid one is.
    private static func thinking(
        of known: ModelTraits?, to dialect: UpstreamDialect, _ server: ServerTraits,
    ) -> ModelProfile.ThinkingControl {
        if let known, known.thinking != .enableThinking || dialect.takesThinkingSwitch { return known.thinking }
        return server.takesTemplateArguments && !dialect.takesThinkingSwitch ? .chatTemplateKwargs : .none
    }

    private static let rows: [(pattern: NamePattern, traits: ModelTraits)] = [
        // Qwen's coders do not think and do not see.
        ("qwen3-coder-plus*", ModelTraits(contextWindow: 997_952, maximumOutputTokens: 65_536, cacheForm: .marks)),
        ("qwen3-coder-flash*", ModelTraits(contextWindow: 997_952, maximumOutputTokens: 65_536, cacheForm: .marks)),
        ("qwen3-coder-next*", ModelTraits(maximumOutputTokens: 65_536, cacheForm: .marks)),
        ("qwen3-coder*", ModelTraits()),
        // The portal's names: whichever model is the best at the time.
        ("coder-model", .million(acceptsImages: true, thinking: .enableThinking)),
        ("vision-model", ModelTraits(contextWindow: 129_024, acceptsImages: true)),
        // A model that always thinks refuses to be told so; one that never thinks refuses to be told to.
        ("*-thinking*", ModelTraits(alwaysThinks: true)),
        ("*-instruct*", ModelTraits()),
        ("qwq*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 8_192, alwaysThinks: true)),
        ("qwen*-vl-*", ModelTraits(acceptsImages: true, thinking: .enableThinking)),
        ("qwen-vl*", ModelTraits(contextWindow: 129_024, maximumOutputTokens: 8_192, acceptsImages: true)),
        (
            "qwen4-*",
            .million(
                maximumOutputTokens: 384_000, acceptsImages: true, thinking: .reasoningEffort, reasoningReplay: .toolLoop,
                cacheForm: .marksWithTTL, effortScale: .noneToMax)
        ),
        (
            "qwen3.8-max*",
            .million(
                acceptsImages: false, thinking: .reasoningEffort, reasoningReplay: .toolLoop, effortScale: .noneToMax)
        ),
        ("qwen3.8-*", .million(acceptsImages: false, thinking: .enableThinking, reasoningReplay: .toolLoop)),
        ("qwen3.7-plus*", .million(acceptsImages: true, thinking: .enableThinking, reasoningReplay: .toolLoop)),
        ("qwen3.7-*", .million(acceptsImages: false, thinking: .enableThinking, reasoningReplay: .toolLoop)),
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
                contextWindow: 202_752, maximumOutputTokens: 16_384, thinking: .enableThinking, reasoningReplay: .toolLoop)
        ),
        ("kimi-k2*", ModelTraits(acceptsImages: true, thinking: .enableThinking, reasoningReplay: .toolLoop)),
        ("kimi-*", ModelTraits(thinking: .enableThinking, reasoningReplay: .toolLoop)),
        ("deepseek-v4*", ModelTraits(thinking: .enableThinking, reasoningReplay: .everyTurn)),
        ("minimax-m*", ModelTraits(contextWindow: 196_608, maximumOutputTokens: 24_576, reasoningReplay: .toolLoop)),
    ]
}

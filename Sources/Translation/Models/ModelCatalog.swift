// SPDX-License-Identifier: Apache-2.0

/// What is known about models wherever they are asked, and which hosts speak which dialect. A value that others read from
/// files: the names of models and hosts are data.
public struct ModelCatalog: Sendable, Equatable {
    /// What is said about all models whose name matches.
    public struct Row: Sendable, Equatable {
        /// One of them has to match.
        public let patterns: [NamePattern]
        /// What is said.
        public let traits: ModelTraits

        public init(_ patterns: [NamePattern], _ traits: ModelTraits) {
            self.patterns = patterns
            self.traits = traits
        }

        /// - Parameter key: of a name, as `ModelCatalog.key(of:)` makes it.
        public func matches(_ key: String) -> Bool { self.patterns.contains { $0.matches(key) } }
    }

    /// The rows of each source, the most important source first. Of one source the first row that matches counts.
    public let layers: [[Row]]
    /// A domain speaks the dialect with all hosts below it, but for those that have a row of their own.
    public let dialects: [String: UpstreamDialect]

    /// - Parameters:
    ///   - layers: the most important source first.
    ///   - dialects: by domain, in lower case.
    public init(layers: [[Row]], dialects: [String: UpstreamDialect]) {
        self.layers = layers
        self.dialects = dialects
    }

    /// What rows are matched against: a vendor's prefix (`qwen/qwen3-coder`) says nothing about the model, and case differs
    /// from host to host.
    public static func key(of name: String) -> String { String(name.split(separator: "/").last ?? "").lowercased() }

    /// Nil when no row matches.
    public func traits(of name: String) -> ModelTraits? {
        let key = Self.key(of: name)
        let rows = self.layers.compactMap { layer in layer.first { $0.matches(key) }?.traits }
        guard let first = rows.first else { return nil }
        return rows.dropFirst().reduce(first) { $0.filled(from: $1) }
    }

    /// Without a host Model Studio is assumed: the names of the catalogue are its names.
    public func dialect(of host: String?) -> UpstreamDialect {
        guard var domain = host?.lowercased()[...] else { return .dashScope }
        while !domain.isEmpty {
            if let dialect = self.dialects[String(domain)] { return dialect }
            domain = domain.firstIndex(of: ".").map { domain[domain.index(after: $0)...] } ?? ""
        }
        return .standard
    }

    /// - Parameters:
    ///   - host: where the model is asked. Qwen's own hosts take parameters that no other upstream knows.
    ///   - learned: what that upstream told about it. The user's configuration goes before this.
    public func profile(
        for name: String, at host: String? = nil, learned: LearnedTraits = LearnedTraits(),
    ) -> ModelProfile {
        let dialect = self.dialect(of: host)
        let known = self.traits(of: name)
        let traits = known ?? ModelTraits()
        let server = learned.server.traits
        var profile = ModelProfile(
            name: name,
            contextWindow: learned.contextWindow ?? traits.contextWindow ?? ModelProfile.assumedWindow,
            maximumOutputTokens: learned.maximumOutputTokens ?? traits.maximumOutputTokens
                ?? ModelProfile.assumedOutput,
            acceptsImages: learned.acceptsImages ?? traits.acceptsImages ?? false,
            thinking: Self.thinking(of: known, to: dialect, server),
            // The portal answers 400 to any other form.
            systemMessage: dialect == .portal ? .cachedParts : .string,
            toolChoice: dialect.isForAnyModel ? .required : traits.toolChoice ?? .function,
            structuredOutput: dialect.isForAnyModel
                ? server.structuredOutput : traits.structuredOutput ?? .jsonObject,
            sendsParallelToolCalls: true,
            // It is no part of OpenAI's API, and `transformers serve` refuses fields that it does not know.
            acceptsTopK: dialect != .openAI && server.acceptsTopK,
            reasoningReplay: traits.reasoningReplay ?? .none,
            cacheForm: dialect.takesCacheMarks ? traits.cacheForm ?? .automatic : .automatic,
        )
        profile.windowIsShared =
            learned.contextWindow != nil && !dialect.separatesLimits && (learned.windowIsShared || server.sharesWindow)
        profile.effortScale = traits.effortScale ?? .lowToHigh
        profile.namesForcedTool = dialect.namesForcedTool
        profile.alwaysStreams = dialect.takesThinkingSwitch && traits.alwaysThinks == true
        // First what works, then what is refused: a refusal is certain, and must win.
        profile.use(learned.takenParameters)
        profile.leaveOut(learned.refusedParameters)
        return profile
    }

    /// A server of one's own serves models under any name, and their templates ignore arguments that they do not know:
    /// there a model that is not known is told as a hybrid one is.
    private static func thinking(
        of known: ModelTraits?, to dialect: UpstreamDialect, _ server: ServerTraits,
    ) -> ModelProfile.ThinkingControl {
        let control = known?.thinking ?? .none
        if known != nil, control != .enableThinking || dialect.takesThinkingSwitch { return control }
        return server.takesTemplateArguments && !dialect.takesThinkingSwitch ? .chatTemplateKwargs : .none
    }
}

// SPDX-License-Identifier: Apache-2.0

import Catalog
import Configuration
import Knowledge
import Shared
import Translation

/// One model as the Models API describes it (`ModelInfo` of the official SDK, version 2.14).
struct ModelInformation: Sendable, Equatable {
    let id: String
    let displayName: String
    /// What is known about the model that answers.
    let profile: ModelProfile
    /// When it came out, as `YYYY-MM-DD`; nil when that is not known.
    let released: String?
    /// Nil while the product has it and has not said until when.
    let retirement: Retirement?

    /// The model that answers for `id`, as far as that can be told before a request is seen.
    init(_ id: String, in configuration: Configuration, _ knowledge: KnowledgeStore) {
        let first = configuration.route(RouteQuery(model: id)).candidates[0]
        self.init(id, isAlias: first.model != id, first, in: configuration, knowledge)
    }

    /// A model of an upstream under its own name.
    init(
        _ model: String, at upstream: UpstreamDefinition, in configuration: Configuration, _ knowledge: KnowledgeStore,
    ) {
        self.init(model, isAlias: false, .init(upstream: upstream, model: model), in: configuration, knowledge)
    }

    private init(
        _ id: String, isAlias: Bool, _ candidate: RouteDecision.Candidate, in configuration: Configuration,
        _ knowledge: KnowledgeStore,
    ) {
        let address = candidate.upstream.baseURL
        let key = KnowledgeKey(upstream: candidate.upstream.name, baseURL: address ?? "", model: candidate.model)
        self.id = id
        self.displayName = isAlias ? "\(candidate.model) (as \(id))" : id
        self.profile = configuration.profile(of: candidate.model, at: address, learned: knowledge.traits(for: key))
        self.released = configuration.catalog.released(candidate.model)
        self.retirement = address.flatMap { HTTPAddress($0) }
            .flatMap { configuration.catalog.product(ofHost: $0.host) }?.retirement(of: candidate.model)
    }

    func write(to writer: inout JSONWriter) {
        writer.raw(#"{"type":"model","id":"#)
        writer.string(self.id)
        writer.raw(#","display_name":"#)
        writer.string(self.displayName)
        // An epoch value stands for a date that is not known.
        writer.raw(#","created_at":"#)
        writer.string("\(self.released ?? "1970-01-01")T00:00:00Z")
        writer.raw(#","lifecycle":"#)
        let isRetired = self.retirement?.isOver(at: .now()) == true
        writer.string(isRetired ? "retired" : self.retirement == nil ? "active" : "deprecated")
        // When a retirement to come was told is not known.
        let days = [(#","deprecated_at":"#, isRetired), (#","retires_at":"#, true)] as [(StaticString, Bool)]
        for (name, isKnown) in days {
            writer.raw(name)
            if isKnown, let day = self.retirement?.on { writer.string("\(day)T00:00:00Z") } else { writer.raw("null") }
        }
        writer.raw(#","line":"#)
        if let line = self.line { writer.string(line) } else { writer.raw("null") }
        writer.raw(#","max_input_tokens":"#)
        writer.integer(self.profile.contextWindow)
        writer.raw(#","max_tokens":"#)
        writer.integer(self.profile.maximumOutputTokens)
        writer.raw(#","capabilities":{"#)
        for (index, capability) in self.capabilities.enumerated() {
            if index > 0 { writer.raw(",") }
            capability.write(to: &writer)
        }
        writer.raw("}}")
    }

    /// The client's own names belong to lines of models.
    private var line: String? {
        guard self.id.lowercased().hasPrefix("claude-") else { return nil }
        return ["haiku", "sonnet", "opus", "fable", "mythos"].first { self.id.lowercased().contains($0) }
    }

    /// What a request through this daemon can do, and not what the model could do elsewhere.
    private var capabilities: [Capability] {
        let thinks = self.profile.thinking != .none || self.profile.alwaysStreams
        return [
            Capability("batch", false), Capability("citations", false), Capability("code_execution", false),
            Capability(
                "context_management", false,
                [
                    Capability("clear_thinking_20251015", false), Capability("clear_tool_uses_20250919", false),
                    Capability("compact_20260112", false),
                ]),
            self.effort, Capability("image_input", self.profile.acceptsImages), Capability("pdf_input", false),
            Capability("server_tools", false, [Capability("code_execution", false), Capability("web_search", false)]),
            Capability("structured_outputs", self.profile.structuredOutput != .none),
            Capability(
                "thinking", thinks,
                [
                    Capability("adaptive", thinks), Capability("between_tools", thinks),
                    Capability("disabled", !self.profile.alwaysStreams), Capability("enabled", thinks),
                ], inside: "types"),
        ]
    }

    /// Efforts become a word of the model's scale, or a budget; the highest ones leave the model to decide.
    private var effort: Capability {
        let (supported, highest): (Bool, Bool) =
            switch self.profile.thinking {
            case .none, .chatTemplateKwargs: (false, false)
            case .enableThinking: (true, true)
            case .reasoningEffort: (true, self.profile.effortScale == .noneToMax)
            }
        return Capability(
            "effort", supported,
            [("high", supported), ("low", supported), ("max", highest), ("medium", supported), ("xhigh", highest)]
                .map { Capability($0.0, $0.1) })
    }
}

/// A capability, and the parts of it that are told apart.
private struct Capability {
    private let name: String
    private let isSupported: Bool
    private let parts: [Capability]
    /// Nil: the parts are members of the capability itself.
    private let container: String?

    init(_ name: String, _ isSupported: Bool, _ parts: [Capability] = [], inside container: String? = nil) {
        self.name = name
        self.isSupported = isSupported
        self.parts = parts
        self.container = container
    }

    func write(to writer: inout JSONWriter) {
        writer.string(self.name)
        writer.raw(#":{"supported":"#)
        writer.raw(self.isSupported ? "true" : "false")
        if let container = self.container {
            writer.raw(",")
            writer.string(container)
            writer.raw(":{")
        }
        for (index, part) in self.parts.enumerated() {
            if index > 0 || self.container == nil { writer.raw(",") }
            part.write(to: &writer)
        }
        writer.raw(self.container == nil ? "}" : "}}")
    }
}

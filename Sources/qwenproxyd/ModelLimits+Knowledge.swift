// SPDX-License-Identifier: Apache-2.0

import Catalog
import Configuration
import Gateway
import Knowledge
import Shared
import Translation

extension ModelLimits {
    /// What holds for `model` there, and how that is known.
    /// - Parameter baseURL: where the upstream is now; nil while that is not known.
    init(
        of model: String, at upstream: UpstreamDefinition, baseURL: String?, _ configuration: Configuration,
        _ knowledge: KnowledgeStore,
    ) {
        let key = KnowledgeKey(upstream: upstream.name, baseURL: baseURL ?? "", model: model)
        let traits = knowledge.traits(for: key)
        let facts = knowledge.facts(for: key)
        let profile = configuration.profile(of: model, at: baseURL, learned: traits)
        let said = configuration.models.override(for: model)
        let window = facts.first { $0.lesson.subject == .window }
        let output = facts.first { $0.lesson.subject == .output }
        let catalogue = configuration.catalog.fields(of: model)
        func unlearned(_ field: String) -> Origin {
            Origin(catalogue.first { $0.name == field }?.origin, unlearnedAt: upstream.product)
        }
        self.init(
            contextWindow: profile.contextWindow,
            contextWindowOrigin: said.contextWindow != nil
                ? .configuration : window.map { Origin($0.origin) } ?? unlearned("context_window"),
            contextWindowLearnedAt: said.contextWindow != nil ? nil : window?.learnedAt,
            maxOutputTokens: profile.maximumOutputTokens,
            maxOutputTokensOrigin: said.maxOutputTokens != nil
                ? .configuration : output.map { Origin($0.origin) } ?? unlearned("max_output_tokens"),
            maxOutputTokensLearnedAt: said.maxOutputTokens != nil ? nil : output?.learnedAt,
            server: traits.server == .unknown ? nil : traits.server.rawValue,
            refuses: (traits.acceptsImages == false ? ["images"] : [])
                + traits.refusedParameters.map(\.rawValue).sorted(),
            examinedAt: facts.first { $0.lesson.subject == .examination }?.learnedAt)
    }
}

extension ModelLimits.Origin {
    /// Of a limit that was not learned. What came with the program describes Qwen's own products; elsewhere the same model may
    /// be served in another way. Who writes a file knows for which upstreams.
    fileprivate init(_ catalogue: ModelExplanation.Field.Origin?, unlearnedAt product: UpstreamProduct) {
        let isQwens =
            switch product {
            case .portal, .modelStudio, .codingPlan, .tokenPlan: true
            case .openRouter, .local, .other: false
            }
        switch catalogue {
        case .shipped: self = isQwens ? .shipped : .assumed
        case .updated: self = isQwens ? .updated : .assumed
        case .administrator: self = .administrator
        case .user: self = .user
        case .assumed, .host, .learned, .configured, nil: self = .assumed
        }
    }

    fileprivate init(_ origin: FactOrigin) {
        switch origin {
        case .modelList: self = .modelList
        case .properties: self = .properties
        case .runningModels: self = .runningModels
        case .modelCard: self = .modelCard
        case .loadedModels: self = .loadedModels
        case .modelInfo: self = .modelInfo
        case .errorMessage: self = .errorMessage
        // Usage teaches how the model counts, and never a limit.
        case .examination, .usage: self = .examination
        }
    }
}

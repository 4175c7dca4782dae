// SPDX-License-Identifier: Apache-2.0

import Catalog
import Configuration
import Gateway
import Knowledge
import Shared
import Translation

extension ModelExplanation {
    /// What holds for `model` there: the catalogue's word, then what the upstream told, then the user's.
    /// - Parameter baseURL: where the upstream is now; nil while that is not known.
    init(
        of model: String, at upstream: UpstreamDefinition, baseURL: String?, _ configuration: Configuration,
        _ knowledge: KnowledgeStore,
    ) {
        let key = KnowledgeKey(upstream: upstream.name, baseURL: baseURL ?? "", model: model)
        let profile = configuration.profile(of: model, at: baseURL, learned: knowledge.traits(for: key))
        let said = configuration.models.override(for: model)
        let facts = knowledge.facts(for: key)
        let catalogue = configuration.catalog.fields(of: model)
        func fact(_ subject: FactSubject) -> Fact? { facts.first { $0.lesson.subject == subject } }

        let effective: [(name: String, value: String, isConfigured: Bool, fact: Fact?)] = [
            ("context_window", "\(profile.contextWindow)", said.contextWindow != nil, fact(.window)),
            ("max_output_tokens", "\(profile.maximumOutputTokens)", said.maxOutputTokens != nil, fact(.output)),
            ("images", "\(profile.acceptsImages)", said.vision != nil, fact(.images)),
            ("thinking", profile.thinking.rawValue, said.thinking != nil, nil),
            ("reasoning_replay", profile.reasoningReplay.rawValue, false, nil),
            ("tool_choice", profile.toolChoice.rawValue, said.toolChoice != nil, nil),
            ("structured_output", profile.structuredOutput.rawValue, said.structuredOutput != nil, nil),
            ("cache", profile.cacheForm.rawValue, false, nil),
        ]
        let names = effective.map(\.name)
        var fields = effective.map { field in
            Field(
                field.name, field.value, isConfigured: field.isConfigured, learned: field.fact,
                catalogue: catalogue.first { $0.name == field.name })
        }
        fields += catalogue.filter { !names.contains($0.name) }
        fields += facts.filter { !names.contains($0.lesson.fieldName) }.map { fact in
            Field(
                name: fact.lesson.fieldName, value: fact.lesson.fieldValue, origin: .learned,
                source: fact.origin.rawValue, date: fact.learnedAt.description)
        }
        self.init(model: model, upstream: upstream.name, fields: fields)
    }
}

extension ModelExplanation.Field {
    fileprivate init(
        _ name: String, _ value: String, isConfigured: Bool, learned: Fact?, catalogue: ModelExplanation.Field?,
    ) {
        if isConfigured {
            self.init(name: name, value: value, origin: .configured, source: "models table of the configuration")
        } else if let learned {
            self.init(
                name: name, value: value, origin: .learned, source: learned.origin.rawValue,
                date: learned.learnedAt.description)
        } else if let catalogue, catalogue.value == value {
            // Only where it is the value in force; else a rule of the host has changed it.
            self = catalogue
        } else {
            self.init(name: name, value: value, origin: catalogue == nil ? .assumed : .host)
        }
    }
}

extension Lesson {
    /// Of the field that the lesson is about, as in the files of the catalogue where they have it.
    fileprivate var fieldName: String {
        switch self {
        case .contextWindow, .promptLimit: "context_window"
        case .maximumOutputTokens: "max_output_tokens"
        case .refusesImages, .acceptsImages: "images"
        case .refusesParameter: "refuses"
        case .takesParameter: "takes"
        case .examined: "tested"
        case .server: "server"
        case .tokenScale: "token_scale"
        }
    }

    fileprivate var fieldValue: String {
        switch self {
        case .contextWindow(let tokens), .promptLimit(let tokens), .maximumOutputTokens(let tokens): "\(tokens)"
        case .refusesImages: "false"
        case .acceptsImages: "true"
        case .examined: "deep"
        case .refusesParameter(let parameter), .takesParameter(let parameter): parameter.rawValue
        case .server(let server): server.rawValue
        case .tokenScale(let thousandths): "\(thousandths) for 1000 estimated"
        }
    }
}

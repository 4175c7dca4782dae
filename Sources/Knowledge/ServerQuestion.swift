// SPDX-License-Identifier: Apache-2.0

internal import Shared
package import Translation

/// One thing that a server can be asked about a model: what to send, and what the answer says. Pure.
package enum ServerQuestion: Sendable, Hashable, CaseIterable {
    /// Answered by nearly everything that speaks OpenAI's API, and the one that is asked first.
    case modelList
    case llamaProperties
    case ollamaRunningModels
    case ollamaModelCard
    case lmStudioModels
    case liteLLMModels

    /// What the answer's facts are marked with.
    package var origin: FactOrigin {
        switch self {
        case .modelList: .modelList
        case .llamaProperties: .properties
        case .ollamaRunningModels: .runningModels
        case .ollamaModelCard: .modelCard
        case .lmStudioModels: .loadedModels
        case .liteLLMModels: .modelInfo
        }
    }

    /// Where to ask.
    /// - Parameters:
    ///   - baseURL: to which `/chat/completions` or `/v1/messages` is appended.
    ///   - model: as the upstream calls it.
    ///   - isMessagesAPI: whether it is the base of `/v1/messages`.
    package func url(at baseURL: String, model: String, isMessagesAPI: Bool = false) -> String {
        let base = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        // The servers' own paths stand beside `/v1`, not below it.
        let root = base.hasSuffix("/v1") ? String(base.dropLast(3)) : base
        return switch self {
        case .modelList: base + (isMessagesAPI ? "/v1/models" : "/models")
        // A router tells of one model, and is not to load it for our sake; a single server ignores the query.
        case .llamaProperties: root + "/props?model=\(model.percentEncoded(keeping: "-._~"))&autoload=false"
        case .ollamaRunningModels: root + "/api/ps"
        case .ollamaModelCard: root + "/api/show"
        case .lmStudioModels: root + "/api/v0/models"
        case .liteLLMModels: root + "/v1/model/info"
        }
    }

    /// What to send with it; nil for a `GET`.
    package func body(model: String) -> [UInt8]? {
        switch self {
        case .ollamaModelCard:
            var writer = JSONWriter()
            writer.raw(#"{"model":"#)
            writer.string(model)
            writer.raw("}")
            return writer.take()
        case .modelList, .llamaProperties, .ollamaRunningModels, .lmStudioModels, .liteLLMModels:
            return nil
        }
    }

    /// What an answer with status 200 says about `model`; nothing when it is not what was asked for.
    package func lessons(in bytes: [UInt8], about model: String) -> [Lesson] {
        switch self {
        case .modelList: return ModelList(parsing: bytes).lessons(for: model)
        case .llamaProperties: return LlamaProperties.lessons(in: bytes)
        case .ollamaModelCard: return OllamaModelCard.lessons(in: bytes)
        case .ollamaRunningModels, .lmStudioModels: return ModelList(parsing: bytes).lessons(for: model)
        case .liteLLMModels:
            let lessons = ModelList(parsing: bytes).lessons(for: model)
            // Only a list with the model in it is LiteLLM's for sure.
            return lessons.isEmpty ? [] : lessons + [.server(.liteLLM)]
        }
    }
}

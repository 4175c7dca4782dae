// SPDX-License-Identifier: Apache-2.0

/// How much a model takes and gives at an upstream, and how that is known.
public struct ModelLimits: Codable, Sendable, Equatable {
    /// How a figure is known.
    public enum Origin: String, Codable, Sendable, CaseIterable {
        /// Nothing was said: what is usual for the name.
        case assumed
        /// The catalogue that came with the program. It describes the models of Qwen's own products.
        case shipped
        /// The catalogue that `qwenproxyctl models update` brought.
        case updated
        /// The administrator's own file of the catalogue.
        case administrator
        /// The user's own file of the catalogue.
        case user
        /// The user said so.
        case configuration
        /// `GET /v1/models`.
        case modelList
        /// llama.cpp's `GET /props`.
        case properties
        /// Ollama's `GET /api/ps`.
        case runningModels
        /// Ollama's `POST /api/show`.
        case modelCard
        /// LM Studio's `GET /api/v0/models`.
        case loadedModels
        /// LiteLLM's `GET /v1/model/info`.
        case modelInfo
        /// The upstream refused a request and said why.
        case errorMessage
        /// `qwenproxyctl upstream test --deep`
        case examination
    }

    /// In tokens: of the prompt, or of prompt and answer together.
    public var contextWindow: Int
    /// How `contextWindow` is known.
    public var contextWindowOrigin: Origin
    /// When the upstream said so; absent when it did not.
    public var contextWindowLearnedAt: Timestamp?
    /// The most tokens of an answer.
    public var maxOutputTokens: Int
    /// How `maxOutputTokens` is known.
    public var maxOutputTokensOrigin: Origin
    /// When the upstream said so; absent when it did not.
    public var maxOutputTokensLearnedAt: Timestamp?
    /// The program that answers there, such as llama.cpp; absent when it is not known.
    public var server: String?
    /// What the upstream said that it does not take: `images`, and parameters of requests.
    public var refuses: [String]
    /// When a deep test was made; absent while the abilities of the model are assumed.
    public var examinedAt: Timestamp?

    public init(
        contextWindow: Int, contextWindowOrigin: Origin, contextWindowLearnedAt: Timestamp? = nil,
        maxOutputTokens: Int, maxOutputTokensOrigin: Origin, maxOutputTokensLearnedAt: Timestamp? = nil,
        server: String? = nil, refuses: [String] = [], examinedAt: Timestamp? = nil,
    ) {
        self.contextWindow = contextWindow
        self.contextWindowOrigin = contextWindowOrigin
        self.contextWindowLearnedAt = contextWindowLearnedAt
        self.maxOutputTokens = maxOutputTokens
        self.maxOutputTokensOrigin = maxOutputTokensOrigin
        self.maxOutputTokensLearnedAt = maxOutputTokensLearnedAt
        self.server = server
        self.refuses = refuses
        self.examinedAt = examinedAt
    }
}

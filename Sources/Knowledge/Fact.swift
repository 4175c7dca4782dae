// SPDX-License-Identifier: Apache-2.0

package import Shared
package import Translation

/// Something an upstream told about a model, with how and when it was told.
package struct Fact: Sendable, Equatable {
    /// What was told.
    package var lesson: Lesson
    /// How it was told.
    package var origin: FactOrigin
    /// When it was told last.
    package var learnedAt: Timestamp

    package init(_ lesson: Lesson, from origin: FactOrigin, at learnedAt: Timestamp) {
        self.lesson = lesson
        self.origin = origin
        self.learnedAt = learnedAt
    }

    /// Servers are started with other windows and other models under old names. What is older than this is asked again,
    /// and gives way to anything newer.
    package static let lifetime: Int64 = 30 * 86_400

    /// Whether it is older than `lifetime`.
    package func isExpired(at now: Timestamp) -> Bool {
        now.secondsSinceEpoch - self.learnedAt.secondsSinceEpoch > Self.lifetime
    }

    /// Nothing but another refused request would confirm an old refusal, so it is given another chance.
    func isUseless(at now: Timestamp) -> Bool { self.origin == .errorMessage && self.isExpired(at: now) }
}

/// How a fact was learned. The raw value is shown to people and kept in the file.
package enum FactOrigin: String, Sendable, CaseIterable {
    /// `GET /v1/models`.
    case modelList = "the model list"
    /// `GET /props` of llama.cpp.
    case properties = "/props"
    /// `GET /api/ps` of Ollama: the models in memory.
    case runningModels = "/api/ps"
    /// `POST /api/show` of Ollama.
    case modelCard = "/api/show"
    /// `GET /api/v0/models` of LM Studio: its models, with what is loaded.
    case loadedModels = "/api/v0/models"
    /// `GET /v1/model/info` of LiteLLM: its own table, which knows nothing of the server behind it.
    case modelInfo = "/v1/model/info"
    case errorMessage = "an error message"
    /// `qwenproxyctl upstream test --deep`: small requests whose answers were looked at.
    case examination = "a test"
    /// What answers said about the tokens of their requests.
    case usage = "reported usage"

    /// Of two origins that contradict each other the more exact one is right. What describes the model that is in memory,
    /// or refused a request, is more exact than what describes an offer.
    var exactness: Int {
        switch self {
        case .modelInfo: 0
        case .modelList, .modelCard: 1
        case .properties, .runningModels, .loadedModels, .errorMessage, .examination, .usage: 2
        }
    }
}

/// What a lesson is about. Of lessons about the same, one is in force.
package enum FactSubject: Sendable, Hashable {
    /// The tokens of a prompt, or of prompt and answer.
    case window
    case output
    case images
    case parameter(RequestParameter)
    case server
    case examination
    case tokenScale
}

extension Lesson {
    /// What the lesson is about.
    package var subject: FactSubject {
        switch self {
        case .contextWindow, .promptLimit: .window
        case .maximumOutputTokens: .output
        case .refusesImages, .acceptsImages: .images
        case .refusesParameter(let parameter), .takesParameter(let parameter): .parameter(parameter)
        case .server: .server
        case .examined: .examination
        case .tokenScale: .tokenScale
        }
    }

    /// Whether `LearnedTraits` believes it.
    var isPlausible: Bool {
        var traits = LearnedTraits()
        return traits.learn(self)
    }
}

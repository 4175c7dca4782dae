// SPDX-License-Identifier: Apache-2.0

package import Translation

/// Which questions to ask a server about one model, one after the other. Pure: the caller sends what `next`
/// says and tells it what came back.
package struct ServerInterview: Sendable {
    private let model: String
    private let isOwn: Bool
    private var server = ServerKind.unknown
    private var knowsWindow = false
    private var asked: Set<ServerQuestion> = []

    /// - Parameters:
    ///   - model: as the upstream calls it.
    ///   - isOwn: whether the server is the user's own.
    package init(about model: String, isOwn: Bool) {
        self.model = model
        self.isOwn = isOwn
    }

    /// Nil when there is nothing more to ask.
    package mutating func next() -> ServerQuestion? {
        let question = self.questions.first { !self.asked.contains($0) }
        if let question { self.asked.insert(question) }
        return question
    }

    /// - Parameter answer: the body of an answer with status 200; nil for any other.
    /// - Returns: what it teaches about the model.
    package mutating func answered(_ question: ServerQuestion, _ answer: [UInt8]?) -> [Lesson] {
        guard let answer else { return [] }
        // The list tells which program answers even when the model is not in it.
        if question == .modelList { self.server = ModelList(parsing: answer).server }
        let lessons = question.lessons(in: answer, about: self.model)
        for lesson in lessons {
            if case .server(let server) = lesson { self.server = server }
            if lesson.subject == .window { self.knowsWindow = true }
        }
        return lessons
    }

    /// The model list comes first, then what is for the program that answers. A program that is not known is asked all
    /// that there is, but only where a question too many costs nothing, which is at a server of one's own.
    private var questions: [ServerQuestion] {
        guard self.asked.contains(.modelList) else { return [.modelList] }
        return switch self.server {
        case .llamaCpp: [.llamaProperties]
        case .ollama: [.ollamaModelCard, .ollamaRunningModels]
        case .lmStudio: [.lmStudioModels]
        case .liteLLM: [.liteLLMModels]
        case .vLLM, .sgLang, .transformers, .tensorRT: []
        case .unknown: self.isOwn && !self.knowsWindow ? [.llamaProperties, .ollamaModelCard, .liteLLMModels] : []
        }
    }
}

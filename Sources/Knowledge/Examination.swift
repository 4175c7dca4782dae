// SPDX-License-Identifier: Apache-2.0

package import Translation

/// Which tiny requests find out what a server and a model really do, one after the other, and what the answers mean. Pure: the
/// caller sends what `next` says and tells it what came back.
package struct Examination: Sendable {
    /// What one request found out.
    package struct Finding: Sendable, Equatable {
        package enum Outcome: String, Sendable, CaseIterable {
            case yes
            /// Refused, or taken without effect.
            case no
            /// The answer allows both.
            case unclear
        }

        /// What was asked about, for people.
        package let name: String
        /// Whether it works.
        package let outcome: Outcome
        /// What was seen, for people.
        package let detail: String
        /// What future requests can use of it.
        package let lessons: [Lesson]
    }

    private let api: ExaminedAPI
    private let isOwn: Bool
    private var asked: Set<ExaminationQuestion> = []
    /// The first request was refused for a parameter, and is made once more without it.
    private var asksAnew = false
    /// Nil until the question about thinking was answered.
    private var thinks: Bool?
    private var hasSwitch = false
    private var cache = Cache.unknown
    /// The first request was not answered: there is nothing to find out.
    package private(set) var isHopeless = false

    private enum Cache {
        case unknown
        /// A prompt with marks was answered.
        case takesMarks
        /// The server said that it kept the prompt for its marks.
        case keepsMarked
        /// The prompt came from a cache; whether for its marks is not clear.
        case reads
    }

    /// - Parameter isOwn: whether the server is the user's own, which no question can offend.
    package init(of api: ExaminedAPI, isOwn: Bool) {
        self.api = api
        self.isOwn = isOwn
    }

    /// Nil when there is nothing more to ask.
    package mutating func next() -> ExaminationQuestion? {
        guard !self.isHopeless else { return nil }
        let question = ExaminationQuestion.allCases.first { question in
            !self.asked.contains(question) && question.isAsked(in: self.api) && self.makesSense(question)
        }
        if let question { self.asked.insert(question) }
        return question
    }

    /// Takes an answer in.
    package mutating func answered(_ question: ExaminationQuestion, _ answer: ExaminationAnswer) -> Finding {
        let finding = question.finding(in: answer)
        let works = finding.outcome == .yes
        switch question {
        case .answer:
            // Once only: a server that refuses one parameter after the other would be asked without end.
            let isCorrected = !self.asksAnew && finding.lessons.contains(where: \.isRefusal)
            self.isHopeless = finding.outcome == .no && !isCorrected
            if finding.outcome == .no, isCorrected {
                self.asksAnew = true
                self.asked.remove(.answer)
            }
        case .thinking: self.thinks = works
        case .enableThinking, .templateArguments, .reasoningEffort: if works { self.hasSwitch = true }
        case .cacheMarks: if works { self.cache = finding.lessons.isEmpty ? .takesMarks : .keepsMarked }
        case .cacheMarksAgain: if works, self.cache == .takesMarks { self.cache = .reads }
        case .stream, .tools, .namedTool, .requiredTool, .parallelTools, .systemInTheMiddle, .images, .jsonSchema,
            .jsonObject, .stop, .topK, .cacheAlone, .cacheAloneAgain, .countTokens, .limits:
            break
        }
        return self.api == .chatCompletions ? finding : finding.forRelay
    }

    /// What is not asked about in this API.
    package var passedOver: [ExaminationQuestion] {
        ExaminationQuestion.allCases.filter { $0.isAsked(in: .chatCompletions) && !$0.isAsked(in: self.api) }
    }

    /// A switch is looked for where there is something to switch off, and until one is found. Whether marks are needed is
    /// asked where a marked prompt was kept and the server does not say why.
    private func makesSense(_ question: ExaminationQuestion) -> Bool {
        switch question {
        case .enableThinking, .reasoningEffort: self.thinks == true && !self.hasSwitch
        case .templateArguments: self.thinks == true && !self.hasSwitch && self.isOwn
        case .cacheMarksAgain: self.cache != .unknown
        case .cacheAlone, .cacheAloneAgain: self.cache == .reads
        case .answer, .stream, .tools, .namedTool, .requiredTool, .parallelTools, .systemInTheMiddle, .images,
            .thinking, .jsonSchema, .jsonObject, .stop, .topK, .cacheMarks, .countTokens, .limits:
            true
        }
    }
}

extension Examination.Finding {
    /// Requests pass through as they are: only what is told about the model is of use.
    fileprivate var forRelay: Self {
        let lessons = self.lessons.filter { lesson in
            switch lesson {
            case .contextWindow, .promptLimit, .maximumOutputTokens, .refusesImages, .acceptsImages: true
            case .refusesParameter, .takesParameter, .examined, .server, .tokenScale: false
            }
        }
        return Self(name: self.name, outcome: self.outcome, detail: self.detail, lessons: lessons)
    }
}

extension Lesson {
    /// Whether the same request may be answered in another form.
    fileprivate var isRefusal: Bool {
        if case .refusesParameter = self { true } else { false }
    }
}

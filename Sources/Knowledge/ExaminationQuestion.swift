// SPDX-License-Identifier: Apache-2.0

import Translation

/// One thing that is tried with a tiny request. The order is that of the requests.
package enum ExaminationQuestion: Sendable, Hashable, CaseIterable {
    case answer
    case stream
    case tools
    case namedTool
    case requiredTool
    case parallelTools
    case systemInTheMiddle
    case images
    case thinking
    case enableThinking
    case templateArguments
    case reasoningEffort
    case jsonSchema
    case jsonObject
    case stop
    case topK
    case cacheMarks
    /// The same once more: it may come from a cache.
    case cacheMarksAgain
    /// Another text, without marks: it may be kept by itself.
    case cacheAlone
    case cacheAloneAgain
    case countTokens
    /// So much is asked for that a server that checks it names its limits.
    case limits

    /// For people.
    package var name: String {
        switch self {
        case .answer: "answers"
        case .stream: "streaming"
        case .tools: "tools"
        case .namedTool: "a forced tool"
        case .requiredTool: "tool_choice required"
        case .parallelTools: "parallel calls"
        case .systemInTheMiddle: "system messages in the middle"
        case .images: "images"
        case .thinking: "thinking"
        case .enableThinking: "enable_thinking switches it off"
        case .templateArguments: "chat_template_kwargs switch it off"
        case .reasoningEffort: "reasoning_effort switches it off"
        case .jsonSchema: "json_schema"
        case .jsonObject: "json_object"
        case .stop: "stop sequences"
        case .topK: "top_k"
        case .cacheMarks: "cache marks"
        case .cacheMarksAgain: "cache marks, once more"
        case .cacheAlone: "a long prompt without marks"
        case .cacheAloneAgain: "a long prompt without marks, once more"
        case .countTokens: "counting tokens"
        case .limits: "limits"
        }
    }

    /// Whether there is something to find out in the API. What passes through as clients send it is not asked about
    /// unless a client may want to know.
    package func isAsked(in api: ExaminedAPI) -> Bool {
        switch self {
        case .answer, .stream, .tools, .namedTool, .requiredTool, .parallelTools, .images, .thinking, .jsonSchema,
            .stop,
            .cacheMarks, .cacheMarksAgain, .limits:
            true
        case .systemInTheMiddle, .enableThinking, .templateArguments, .reasoningEffort, .jsonObject, .topK, .cacheAlone,
            .cacheAloneAgain:
            api == .chatCompletions
        case .countTokens: api == .messages
        }
    }

    var isAboutThinking: Bool {
        switch self {
        case .thinking, .enableThinking, .templateArguments, .reasoningEffort: true
        case .answer, .stream, .tools, .namedTool, .requiredTool, .parallelTools, .systemInTheMiddle, .images,
            .jsonSchema, .jsonObject, .stop, .topK, .cacheMarks, .cacheMarksAgain, .cacheAlone, .cacheAloneAgain,
            .countTokens, .limits:
            false
        }
    }

    /// Room for a thinking model to come to an end, and no more: it is paid for.
    var maximumTokens: Int {
        switch self {
        case .answer, .stream, .systemInTheMiddle, .topK, .cacheMarks, .cacheMarksAgain, .cacheAlone, .cacheAloneAgain,
            .countTokens:
            32
        case .stop: 128
        case .tools, .namedTool, .requiredTool, .parallelTools, .images, .thinking, .enableThinking,
            .templateArguments, .reasoningEffort, .jsonSchema, .jsonObject:
            512
        // More than any model writes, so that the refusal names the limit.
        case .limits: 100_000_000
        }
    }
}

// MARK: - What an answer means

extension ExaminationQuestion {
    package func finding(in answer: ExaminationAnswer) -> Examination.Finding {
        if let failure = answer.failure { return self.refusal(failure, answer.status) }
        let (outcome, detail, lessons) = self.reading(answer)
        return Examination.Finding(name: self.name, outcome: outcome, detail: detail, lessons: lessons)
    }

    /// What a refusal tells.
    private func refusal(_ failure: UpstreamFailure, _ status: Int) -> Examination.Finding {
        // Here the refusal is the answer that was hoped for.
        if self == .limits { return self.limits(in: failure, status) }
        // Only what was refused as such is known: a server that is overloaded says nothing about images.
        let isRefused: Bool =
            switch failure.category {
            case .parameterRefused, .imagesRefused, .invalidRequest: true
            // Of a place to ask that is not there, the same is said as of a model.
            case .modelNotFound: self == .answer || self == .countTokens
            case .invalidCredentials, .permissionDenied, .hardQuota, .billing, .rateLimited,
                .contextTooLong, .outputDoesNotFit, .outputLimitTooHigh, .contentRejected, .requestTooLarge,
                .overloaded, .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted, .agentsOnly:
                self == .answer
            }
        // To be refused in parts is the same as to be refused images, and says nothing of them where there are none.
        let told = failure.lesson == .refusesImages && self != .images ? nil : failure.lesson
        let meant = self == .images ? .refusesImages : self.parameter.map { Lesson.refusesParameter($0) }
        let lessons = [told ?? (isRefused ? meant : nil)].compactMap(\.self)
        return Examination.Finding(
            name: self.name, outcome: isRefused ? .no : .unclear, detail: "status \(status): \(failure.message)",
            lessons: lessons)
    }

    /// What the refusal of an answer that is too long tells.
    private func limits(in failure: UpstreamFailure, _ status: Int) -> Examination.Finding {
        let (outcome, figure, lessons): (Examination.Finding.Outcome, String, [Lesson]) =
            switch failure.lesson {
            // What was asked for is no limit.
            case .contextWindow(self.maximumTokens...), .promptLimit(self.maximumTokens...),
                .maximumOutputTokens(self.maximumTokens...):
                (.unclear, "status \(status)", [])
            // The prompt is tiny, so what is too long is prompt and answer together.
            case .contextWindow(let tokens), .promptLimit(let tokens):
                (.yes, "a window of \(tokens) tokens", [.contextWindow(tokens)])
            case .maximumOutputTokens(let tokens): (.yes, "\(tokens) tokens out", [.maximumOutputTokens(tokens)])
            case .refusesImages, .acceptsImages, .refusesParameter, .takesParameter, .examined, .server, .tokenScale,
                nil:
                (.unclear, "status \(status)", [])
            }
        return Examination.Finding(
            name: self.name, outcome: outcome, detail: "\(figure): \(failure.message)", lessons: lessons)
    }

    /// The parameter that the question is about.
    private var parameter: RequestParameter? {
        switch self {
        case .namedTool: .toolChoiceFunction
        case .requiredTool: .toolChoiceRequired
        case .parallelTools: .parallelToolCalls
        case .enableThinking: .enableThinking
        case .templateArguments: .chatTemplateKwargs
        case .reasoningEffort: .reasoningEffort
        case .jsonSchema: .jsonSchema
        case .jsonObject: .jsonObject
        case .stop: .stop
        case .topK: .topK
        case .stream: .streamOptions
        case .cacheMarks, .cacheMarksAgain: .cacheControl
        case .answer, .tools, .systemInTheMiddle, .images, .thinking, .cacheAlone, .cacheAloneAgain, .countTokens,
            .limits:
            nil
        }
    }

    private typealias Reading = (Examination.Finding.Outcome, String, [Lesson])

    private func reading(_ answer: ExaminationAnswer) -> Reading {
        switch self {
        case .answer, .systemInTheMiddle: return (.yes, "taken", [])
        case .topK: return self.taken("taken")
        case .stream:
            guard answer.isStream else { return (.no, "the answer came in one piece", []) }
            return answer.hasUsage ? self.taken("with the usage") : (.yes, "without the usage", [])
        case .tools:
            return self.call(answer, isExpected: !answer.calls.isEmpty, isForced: false)
        case .namedTool:
            return self.call(answer, isExpected: answer.calls.contains("get_time"), isForced: true)
        case .requiredTool:
            return self.call(answer, isExpected: !answer.calls.isEmpty, isForced: true)
        case .parallelTools:
            return answer.calls.count > 1
                ? self.taken("\(answer.calls.count) calls in one answer")
                : (.unclear, "\(answer.calls.count) calls in one answer", [])
        case .images:
            // Some servers take images and leave them out.
            return answer.text.lowercased().contains("red")
                ? (.yes, "seen as \(Self.excerpt(answer.text))", [.acceptsImages])
                : (.unclear, "taken, and seen as \(Self.excerpt(answer.text))", [])
        case .thinking:
            return (answer.showsThinking ? .yes : .no, answer.showsThinking ? "by itself" : "not by itself", [])
        case .enableThinking, .templateArguments, .reasoningEffort:
            return answer.showsThinking ? (.no, "it thinks all the same", []) : self.taken("no thinking came")
        case .jsonSchema: return self.json(answer, member: "zebra_count")
        case .jsonObject: return self.json(answer, member: nil)
        case .stop:
            // The model was asked to count to nine and to stop before 5.
            if answer.text.contains("6") { return (.no, "it went on", []) }
            if answer.stopSequence != nil { return self.taken("it stopped, and says where") }
            return answer.text.contains("4") ? self.taken("it stopped") : (.unclear, Self.excerpt(answer.text), [])
        case .cacheMarks:
            let written = answer.cacheWrittenTokens
            return written > 0 ? self.taken("\(written) tokens were kept") : (.yes, "taken", [])
        case .cacheMarksAgain:
            guard let cached = answer.cachedTokens else { return (.unclear, "the usage says nothing of a cache", []) }
            return cached > 0
                ? (.yes, "\(cached) tokens came from a cache", []) : (.unclear, "nothing came from a cache", [])
        case .cacheAlone: return (.yes, "taken", [])
        case .cacheAloneAgain:
            // Only asked where the same text with marks did come from a cache.
            if let cached = answer.cachedTokens, cached > 0 {
                return (.yes, "\(cached) tokens came from a cache: marks are not needed", [])
            }
            return (.no, "nothing came from a cache: it is the marks that keep it", [.takesParameter(.cacheControl)])
        case .countTokens:
            return answer.inputTokens.map { (.yes, "\($0) tokens", []) } ?? (.unclear, "the answer has no figure", [])
        case .limits: return (.unclear, "any max_tokens is taken", [])
        }
    }

    private func taken(_ detail: String) -> Reading {
        (.yes, detail, self.parameter.map { [.takesParameter($0)] } ?? [])
    }

    /// A model that was cut while it thought may have called later.
    private func call(_ answer: ExaminationAnswer, isExpected: Bool, isForced: Bool) -> Reading {
        if isExpected { return self.taken("called \(answer.calls.joined(separator: ", "))") }
        if answer.isCut { return (.unclear, "the answer was cut before a call", []) }
        let detail = answer.calls.isEmpty ? "no call" : "called \(answer.calls.joined(separator: ", "))"
        let lessons = isForced ? self.parameter.map { [Lesson.refusesParameter($0)] } ?? [] : []
        return (isForced ? .no : .unclear, detail, lessons)
    }

    private func json(_ answer: ExaminationAnswer, member: StaticString?) -> Reading {
        guard let document = try? JSONDocument(parsing: Array(answer.text.utf8)) else {
            return answer.isCut ? (.unclear, "the answer was cut", []) : (.no, "the answer is no JSON", [])
        }
        guard let member else { return self.taken("the answer is JSON") }
        return document.member(member, of: document.root) != nil
            ? self.taken("the answer is as it was wanted")
            : (.no, "taken without effect", [.refusesParameter(.jsonSchema)])
    }

    private static func excerpt(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.isEmpty ? "nothing" : "\"\(line.prefix(40))\""
    }
}

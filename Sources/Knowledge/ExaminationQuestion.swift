// SPDX-License-Identifier: Apache-2.0

package import Translation

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
    case outputLimit

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
        case .outputLimit: "the output limit"
        }
    }

    /// A request of Chat Completions, made as far as is known the way requests of clients are: a model that thinks refuses
    /// to be forced to call a tool.
    package func body(for profile: ModelProfile) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"model":"#)
        writer.string(profile.name)
        writer.raw(#","stream":"#)
        writer.raw(self == .stream || profile.alwaysStreams ? "true" : "false")
        writer.raw(#","max_tokens":"#)
        writer.integer(self.maximumTokens)
        writer.raw(",")
        if !self.isAboutThinking { writer.raw(Self.quiet(profile)) }
        writer.raw(self.members)
        writer.raw("}")
        return writer.take()
    }

    private var isAboutThinking: Bool {
        switch self {
        case .thinking, .enableThinking, .templateArguments, .reasoningEffort: true
        case .answer, .stream, .tools, .namedTool, .requiredTool, .parallelTools, .systemInTheMiddle, .images,
            .jsonSchema,
            .jsonObject, .stop, .topK, .cacheMarks, .outputLimit:
            false
        }
    }

    private static func quiet(_ profile: ModelProfile) -> StaticString {
        switch (profile.thinking, profile.effortScale) {
        case (.none, _): ""
        case (.enableThinking, _): #""enable_thinking":false,"#
        case (.chatTemplateKwargs, _): #""chat_template_kwargs":{"enable_thinking":false},"#
        case (.reasoningEffort, .noneToMax): #""reasoning_effort":"none","#
        case (.reasoningEffort, .lowToHigh): #""reasoning_effort":"low","#
        }
    }

    /// Room for a thinking model to come to an end, and no more: it is paid for.
    private var maximumTokens: Int {
        switch self {
        case .answer, .stream, .systemInTheMiddle, .topK, .cacheMarks: 32
        case .stop: 128
        case .tools, .namedTool, .requiredTool, .parallelTools, .images, .thinking, .enableThinking,
            .templateArguments, .reasoningEffort, .jsonSchema, .jsonObject:
            512
        // More than any model writes, so that the refusal names the limit.
        case .outputLimit: 100_000_000
        }
    }

    private var members: StaticString {
        switch self {
        case .answer, .outputLimit: #""messages":[{"role":"user","content":"Answer with the word OK."}]"#
        case .stream:
            #""stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Answer with the word OK."}]"#
        case .tools:
            #""tools":[{"type":"function","function":{"name":"get_weather","description":"The weather now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],"messages":[{"role":"user","content":"What is the weather in Paris? Use the tool."}]"#
        case .namedTool:
            #""tools":[{"type":"function","function":{"name":"get_weather","description":"The weather now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"get_time","description":"The time now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],"tool_choice":{"type":"function","function":{"name":"get_time"}},"messages":[{"role":"user","content":"What is the weather in Paris?"}]"#
        case .requiredTool:
            #""tools":[{"type":"function","function":{"name":"get_weather","description":"The weather now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],"tool_choice":"required","messages":[{"role":"user","content":"Answer with the word OK."}]"#
        case .parallelTools:
            #""tools":[{"type":"function","function":{"name":"get_weather","description":"The weather now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],"parallel_tool_calls":true,"messages":[{"role":"user","content":"What is the weather in Paris and in Rome? Call the tool for both at once."}]"#
        case .systemInTheMiddle:
            #""messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello."},{"role":"assistant","content":"Hello."},{"role":"system","content":"Answer in English."},{"role":"user","content":"Answer with the word OK."}]"#
        case .images:
            // A red square of 16 by 16: smaller ones are refused.
            #""messages":[{"role":"user","content":[{"type":"text","text":"Which colour is this? One word."},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4z8BAEmIY1TCqYfhqAACQ+f8B8u7oVwAAAABJRU5ErkJggg=="}}]}]"#
        case .thinking: #""messages":[{"role":"user","content":"Is 91 a prime number? Answer yes or no."}]"#
        case .enableThinking:
            #""enable_thinking":false,"messages":[{"role":"user","content":"Is 91 a prime number? Answer yes or no."}]"#
        case .templateArguments:
            #""chat_template_kwargs":{"enable_thinking":false},"messages":[{"role":"user","content":"Is 91 a prime number? Answer yes or no."}]"#
        case .reasoningEffort:
            #""reasoning_effort":"none","messages":[{"role":"user","content":"Is 91 a prime number? Answer yes or no."}]"#
        case .jsonSchema:
            // A name that no model would choose by itself shows that the schema was followed.
            #""response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object","properties":{"zebra_count":{"type":"integer"}},"required":["zebra_count"],"additionalProperties":false}}},"messages":[{"role":"user","content":"Name a number, as JSON."}]"#
        case .jsonObject:
            #""response_format":{"type":"json_object"},"messages":[{"role":"user","content":"Name a number, as JSON: an object with the member n."}]"#
        case .stop:
            #""stop":["5"],"messages":[{"role":"user","content":"Write exactly this: 1 2 3 4 5 6 7 8 9"}]"#
        case .topK: #""top_k":20,"messages":[{"role":"user","content":"Answer with the word OK."}]"#
        case .cacheMarks:
            #""messages":[{"role":"system","content":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"Answer with the word OK."}]"#
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

    /// Only what was refused as such is known: a server that is overloaded says nothing about images.
    private func refusal(_ failure: UpstreamFailure, _ status: Int) -> Examination.Finding {
        if self == .outputLimit, let lesson = failure.lesson {
            return Examination.Finding(name: self.name, outcome: .yes, detail: failure.message, lessons: [lesson])
        }
        let isRefused: Bool =
            switch failure.category {
            case .parameterRefused, .imagesRefused, .invalidRequest: true
            case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .rateLimited,
                .contextTooLong, .outputDoesNotFit, .outputLimitTooHigh, .contentRejected, .requestTooLarge,
                .overloaded,
                .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted, .agentsOnly:
                self == .answer
            }
        let lessons: [Lesson]
        switch (failure.lesson, self.parameter) {
        case (let lesson?, _): lessons = [lesson]
        case (nil, let parameter?) where isRefused: lessons = [.refusesParameter(parameter)]
        case (nil, _): lessons = isRefused && self == .images ? [.refusesImages] : []
        }
        return Examination.Finding(
            name: self.name, outcome: isRefused ? .no : .unclear, detail: "status \(status): \(failure.message)",
            lessons: lessons)
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
        case .answer, .tools, .systemInTheMiddle, .images, .thinking, .cacheMarks, .outputLimit: nil
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
            if answer.text.contains("6") { return (.no, "it went on", []) }
            return answer.text.contains("4") ? self.taken("it stopped") : (.unclear, Self.excerpt(answer.text), [])
        case .cacheMarks:
            return (.yes, answer.cachedTokens == nil ? "taken; the usage says nothing of a cache" : "taken", [])
        case .outputLimit: return (.unclear, "any max_tokens is taken", [])
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

// SPDX-License-Identifier: Apache-2.0

package import Translation

/// The language in which a server is examined.
package enum ExaminedAPI: Sendable, CaseIterable {
    case chatCompletions
    case messages
}

/// What is sent to find an answer to a question.
package struct ExaminationRequest: Sendable {
    private let question: ExaminationQuestion
    private let profile: ModelProfile
    /// Makes the prompt of this examination one that no cache can have from an earlier one.
    private let seed: String

    /// - Parameters:
    ///   - profile: of the model, as far as it is known.
    ///   - seed: different for each examination.
    package init(_ question: ExaminationQuestion, for profile: ModelProfile, seed: String) {
        self.question = question
        self.profile = profile
        self.seed = seed
    }

    /// Made as far as is known the way requests of clients are: a model that thinks refuses to be forced to call a tool.
    package func body(in api: ExaminedAPI) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"model":"#)
        writer.string(self.profile.name)
        switch api {
        case .chatCompletions: self.writeCompletion(to: &writer)
        case .messages: self.writeMessage(to: &writer)
        }
        writer.raw("}")
        return writer.take()
    }

    private func writePrompt(_ question: String, to writer: inout JSONWriter) {
        writer.raw(#","messages":[{"role":"user","content":"#)
        writer.string(question)
        writer.raw("}]")
    }

    /// Long enough to be kept by caches that keep nothing shorter.
    /// - Parameter lines: of ten tokens and more.
    private func longText(_ name: StaticString, lines: Int) -> String {
        "\(name) \(self.seed). Be brief.\n"
            + (1...lines).map { "Line \($0) of a text that says nothing else.\n" }.joined()
    }
}

// MARK: - Chat Completions

extension ExaminationRequest {
    private func writeCompletion(to writer: inout JSONWriter) {
        let isStream = self.question == .stream || self.profile.alwaysStreams
        writer.raw(isStream ? #","stream":true"# : #","stream":false"#)
        // The usage is wanted wherever there is one.
        if self.question == .stream || isStream && !self.profile.refusedParameters.contains(.streamOptions) {
            writer.raw(#","stream_options":{"include_usage":true}"#)
        }
        let takesOldName = !self.profile.refusedParameters.contains(.maximumTokens)
        writer.raw(takesOldName ? #","max_tokens":"# : #","max_completion_tokens":"#)
        writer.integer(self.question.maximumTokens)
        // Thoughts cost tokens, and would use up the little room before an answer.
        if !self.question.isAboutThinking { writer.raw(self.quiet) }
        self.writeCompletionMembers(to: &writer)
    }

    private var quiet: StaticString {
        switch (self.profile.thinking, self.profile.effortScale) {
        case (.none, _): ""
        case (.enableThinking, _): #","enable_thinking":false"#
        case (.chatTemplateKwargs, _): #","chat_template_kwargs":{"enable_thinking":false}"#
        case (.reasoningEffort, .noneToMax): #","reasoning_effort":"none""#
        case (.reasoningEffort, .lowToHigh): #","reasoning_effort":"low""#
        }
    }

    private func writeCompletionMembers(to writer: inout JSONWriter) {
        switch self.question {
        case .answer, .stream, .limits, .countTokens: self.writePrompt(Self.simple, to: &writer)
        case .tools:
            writer.raw(Self.functions)
            self.writePrompt("What is the weather in Paris? Use the tool.", to: &writer)
        case .namedTool:
            writer.raw(Self.functions)
            // Not the tool that the question suggests, so that a call of it was forced.
            writer.raw(#","tool_choice":{"type":"function","function":{"name":"get_time"}}"#)
            self.writePrompt("What is the weather in Paris?", to: &writer)
        case .requiredTool:
            writer.raw(Self.functions)
            writer.raw(#","tool_choice":"required""#)
            self.writePrompt(Self.simple, to: &writer)
        case .parallelTools:
            writer.raw(Self.functions)
            writer.raw(#","parallel_tool_calls":true"#)
            self.writePrompt(Self.twoCities, to: &writer)
        case .systemInTheMiddle:
            writer.raw(
                #","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello."},{"role":"assistant","content":"Hello."},{"role":"system","content":"Answer in English."},{"role":"user","content":"Answer with the word OK."}]"#
            )
        case .images:
            writer.raw(
                #","messages":[{"role":"user","content":[{"type":"text","text":"Which colour is this? One word."},{"type":"image_url","image_url":{"url":"data:image/png;base64,"#
            )
            writer.raw(Self.redSquare)
            writer.raw(#""}}]}]"#)
        case .thinking: self.writePrompt(Self.puzzle, to: &writer)
        case .enableThinking:
            writer.raw(#","enable_thinking":false"#)
            self.writePrompt(Self.puzzle, to: &writer)
        case .templateArguments:
            writer.raw(#","chat_template_kwargs":{"enable_thinking":false}"#)
            self.writePrompt(Self.puzzle, to: &writer)
        case .reasoningEffort:
            writer.raw(#","reasoning_effort":"none""#)
            self.writePrompt(Self.puzzle, to: &writer)
        case .jsonSchema:
            writer.raw(
                #","response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":"#)
            writer.raw(Self.schema)
            writer.raw("}}")
            self.writePrompt("Name a number, as JSON.", to: &writer)
        case .jsonObject:
            writer.raw(#","response_format":{"type":"json_object"}"#)
            self.writePrompt("Name a number, as JSON: an object with the member n.", to: &writer)
        case .stop:
            writer.raw(#","stop":["5"]"#)
            self.writePrompt(Self.counting, to: &writer)
        case .topK:
            writer.raw(#","top_k":20"#)
            self.writePrompt(Self.simple, to: &writer)
        case .cacheMarks, .cacheMarksAgain: self.writeLongCompletion("Text", isMarked: true, to: &writer)
        case .cacheAlone, .cacheAloneAgain: self.writeLongCompletion("Other text", isMarked: false, to: &writer)
        }
    }

    private func writeLongCompletion(_ name: StaticString, isMarked: Bool, to writer: inout JSONWriter) {
        writer.raw(#","messages":[{"role":"system","content":[{"type":"text","text":"#)
        writer.string(self.longText(name, lines: 160))
        if isMarked { writer.raw(#","cache_control":{"type":"ephemeral"}"#) }
        writer.raw(#"}]},{"role":"user","content":"Answer with the word OK."}]"#)
    }

    private static let functions: StaticString =
        #","tools":[{"type":"function","function":{"name":"get_weather","description":"The weather now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"get_time","description":"The time now.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]"#
}

// MARK: - The Messages API

extension ExaminationRequest {
    private func writeMessage(to writer: inout JSONWriter) {
        if self.question != .countTokens {
            writer.raw(#","max_tokens":"#)
            // The API wants `max_tokens` above the budget, and no budget below 1,024.
            writer.integer(self.question == .thinking ? 2048 : self.question.maximumTokens)
        }
        switch self.question {
        case .answer, .limits, .countTokens: self.writePrompt(Self.simple, to: &writer)
        case .stream:
            writer.raw(#","stream":true"#)
            self.writePrompt(Self.simple, to: &writer)
        case .tools:
            writer.raw(Self.tools)
            self.writePrompt("What is the weather in Paris? Use the tool.", to: &writer)
        case .namedTool:
            writer.raw(Self.tools)
            writer.raw(#","tool_choice":{"type":"tool","name":"get_time"}"#)
            self.writePrompt("What is the weather in Paris?", to: &writer)
        case .requiredTool:
            writer.raw(Self.tools)
            writer.raw(#","tool_choice":{"type":"any"}"#)
            self.writePrompt(Self.simple, to: &writer)
        case .parallelTools:
            writer.raw(Self.tools)
            self.writePrompt(Self.twoCities, to: &writer)
        case .images:
            writer.raw(
                #","messages":[{"role":"user","content":[{"type":"text","text":"Which colour is this? One word."},{"type":"image","source":{"type":"base64","media_type":"image/png","data":""#
            )
            writer.raw(Self.redSquare)
            writer.raw(#""}}]}]"#)
        case .thinking:
            writer.raw(#","thinking":{"type":"enabled","budget_tokens":1024}"#)
            self.writePrompt(Self.puzzle, to: &writer)
        case .jsonSchema:
            writer.raw(#","output_config":{"format":{"type":"json_schema","schema":"#)
            writer.raw(Self.schema)
            writer.raw("}}")
            self.writePrompt("Name a number, as JSON.", to: &writer)
        case .stop:
            writer.raw(#","stop_sequences":["5"]"#)
            self.writePrompt(Self.counting, to: &writer)
        case .cacheMarks, .cacheMarksAgain: self.writeLongMessage("Text", isMarked: true, to: &writer)
        case .cacheAlone, .cacheAloneAgain: self.writeLongMessage("Other text", isMarked: false, to: &writer)
        // Not asked there.
        case .systemInTheMiddle, .enableThinking, .templateArguments, .reasoningEffort, .jsonObject, .topK:
            self.writePrompt(Self.simple, to: &writer)
        }
    }

    /// Some models there keep nothing below 4,096 tokens.
    private func writeLongMessage(_ name: StaticString, isMarked: Bool, to writer: inout JSONWriter) {
        writer.raw(#","system":[{"type":"text","text":"#)
        writer.string(self.longText(name, lines: 480))
        if isMarked { writer.raw(#","cache_control":{"type":"ephemeral"}"#) }
        writer.raw("}]")
        self.writePrompt(Self.simple, to: &writer)
    }

    private static let tools: StaticString =
        #","tools":[{"name":"get_weather","description":"The weather now.","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},{"name":"get_time","description":"The time now.","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]"#
}

// MARK: - Both

extension ExaminationRequest {
    private static let simple = "Answer with the word OK."
    private static let puzzle = "Is 91 a prime number? Answer yes or no."
    private static let counting = "Write exactly this: 1 2 3 4 5 6 7 8 9"
    private static let twoCities = "What is the weather in Paris and in Rome? Call the tool for both at once."

    private static let schema: StaticString =
        #"{"type":"object","properties":{"zebra_count":{"type":"integer"}},"required":["zebra_count"],"additionalProperties":false}"#

    /// A PNG of 16 by 16: smaller ones are refused.
    private static let redSquare: StaticString =
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4z8BAEmIY1TCqYfhqAACQ+f8B8u7oVwAAAABJRU5ErkJggg=="
}

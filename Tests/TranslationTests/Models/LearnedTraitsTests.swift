// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct LearnedTraitsTests {
    private func learned(_ lessons: Lesson...) -> LearnedTraits {
        var traits = LearnedTraits()
        for lesson in lessons { _ = traits.learn(lesson) }
        return traits
    }

    private func local(_ lessons: Lesson..., model: String = "qwen3-32b") -> ModelProfile {
        var traits = LearnedTraits()
        for lesson in lessons { _ = traits.learn(lesson) }
        return ModelCatalog.sample.profile(for: model, at: "127.0.0.1", learned: traits)
    }

    @Test(arguments: [
        Lesson.contextWindow(32_768), .promptLimit(32_768), .maximumOutputTokens(8192), .refusesImages,
        .refusesParameter(.topK), .server(.vLLM), .acceptsImages, .takesParameter(.topK), .examined,
    ])
    func `a lesson is new once`(_ lesson: Lesson) {
        var traits = LearnedTraits()
        #expect(traits.isEmpty)
        let isNew = traits.learn(lesson)
        let isNewAgain = traits.learn(lesson)
        #expect(isNew && !isNewAgain)
        #expect(!traits.isEmpty)
    }

    @Test(arguments: [
        Lesson.contextWindow(0), .contextWindow(-5), .contextWindow(255), .contextWindow(.max), .promptLimit(1),
        .promptLimit(1 << 40), .maximumOutputTokens(0), .maximumOutputTokens(.min), .maximumOutputTokens(.max),
    ])
    func `figures that no model has are not believed`(_ lesson: Lesson) {
        var traits = LearnedTraits()
        let isNew = traits.learn(lesson)
        #expect(!isNew)
        #expect(traits.isEmpty)
    }

    @Test func `what was learned goes before what is assumed`() {
        let profile = self.local(
            .contextWindow(40_960), .maximumOutputTokens(4096), .refusesImages, .refusesParameter(.topK),
            .refusesParameter(.parallelToolCalls), model: "qwen3-vl-8b")
        #expect((profile.contextWindow, profile.windowIsShared, profile.maximumOutputTokens) == (40_960, true, 4096))
        #expect((profile.acceptsImages, profile.acceptsTopK, profile.sendsParallelToolCalls) == (false, false, false))
        #expect(self.local() == ModelCatalog.sample.profile(for: "qwen3-32b", at: "127.0.0.1"))
    }

    @Test func `a window is shared where that is known`() {
        #expect(!self.local().windowIsShared)
        #expect(!self.local(.server(.llamaCpp)).windowIsShared)
        #expect(self.local(.server(.llamaCpp), .promptLimit(8192)).windowIsShared)
        #expect(!self.local(.promptLimit(8192)).windowIsShared)
        #expect(!self.local(.server(.liteLLM), .promptLimit(8192)).windowIsShared)
        #expect(self.local(.promptLimit(8192), .contextWindow(8192)).windowIsShared)
        let dashScope = ModelCatalog.sample.profile(
            for: "qwen3-32b", at: "dashscope.aliyuncs.com", learned: self.learned(.contextWindow(129_024)))
        #expect((dashScope.contextWindow, dashScope.windowIsShared) == (129_024, false))
    }

    @Test func `a server is asked in its own way`() {
        let llama = self.local(.server(.llamaCpp))
        #expect((llama.thinking, llama.structuredOutput) == (.chatTemplateKwargs, .jsonSchema))
        #expect((llama.toolChoice, llama.namesForcedTool) == (.required, false))
        #expect(self.local(.server(.llamaCpp), model: "qwen3-coder-30b").thinking == .none)
        let transformers = self.local(.server(.transformers))
        #expect((transformers.thinking, transformers.acceptsTopK) == (.none, false))
        #expect((self.local().thinking, self.local().structuredOutput) == (.none, .jsonObject))
        // Model Studio is known by its host.
        let dashScope = ModelCatalog.sample.profile(
            for: "qwen3-32b", at: "dashscope.aliyuncs.com", learned: self.learned(.server(.vLLM)))
        #expect((dashScope.thinking, dashScope.structuredOutput) == (.enableThinking, .jsonObject))
        #expect(dashScope.namesForcedTool)
        for server in ServerKind.allCases { #expect(!server.traits.source.description.isEmpty) }
    }

    @Test func `a refusal falls back to the next best`() {
        #expect(self.local(.server(.vLLM), .refusesParameter(.jsonSchema)).structuredOutput == .jsonObject)
        #expect(self.local(.refusesParameter(.jsonObject)).structuredOutput == .jsonSchema)
        #expect(self.local(.refusesParameter(.jsonObject), .refusesParameter(.jsonSchema)).structuredOutput == .none)
        #expect(self.local(.refusesParameter(.responseFormat)).structuredOutput == .none)
        #expect(self.local(.server(.vLLM), .refusesParameter(.chatTemplateKwargs)).thinking == .none)
        let named = self.local(.refusesParameter(.toolChoiceRequired))
        #expect((named.toolChoice, named.namesForcedTool) == (.function, true))
        let words = self.local(.refusesParameter(.toolChoiceRequired), .refusesParameter(.toolChoiceFunction))
        #expect(words.toolChoice == .auto)
        #expect(self.local(.refusesParameter(.toolChoiceForced)).toolChoice == .auto)
    }

    @Test func `what was seen to work goes before what is assumed, and a refusal before that`() {
        #expect(self.local(.takesParameter(.jsonSchema)).structuredOutput == .jsonSchema)
        #expect(self.local(.takesParameter(.toolChoiceFunction)).namesForcedTool)
        #expect(self.local(.takesParameter(.enableThinking)).thinking == .enableThinking)
        #expect(self.local(.takesParameter(.chatTemplateKwargs)).thinking == .chatTemplateKwargs)
        let effort = self.local(.takesParameter(.reasoningEffort))
        #expect((effort.thinking, effort.effortScale) == (.reasoningEffort, .noneToMax))
        #expect(self.local(.acceptsImages, model: "made-up").acceptsImages)
        #expect(self.local(.acceptsImages, .refusesImages, model: "made-up").acceptsImages == false)
        #expect(self.local(.takesParameter(.topK), .refusesParameter(.topK)).acceptsTopK == false)
        #expect(self.local(.refusesParameter(.topK), .takesParameter(.topK)).acceptsTopK)
        let dashScope = ModelCatalog.sample.profile(
            for: "qwen3-32b", at: "dashscope.aliyuncs.com",
            learned: self.learned(.takesParameter(.toolChoiceRequired), .takesParameter(.reasoningEffort)))
        #expect((dashScope.toolChoice, dashScope.thinking) == (.required, .enableThinking))
    }

    @Test func `every refusal changes what is sent`() {
        for parameter in RequestParameter.allCases {
            let traits = self.learned(.refusesParameter(parameter))
            let changed = [
                ("qwen3.7-max", "dashscope.aliyuncs.com"), ("qwen3.8-max", "dashscope.aliyuncs.com"),
                ("qwen3-32b", "127.0.0.1"),
            ].filter {
                ModelCatalog.sample.profile(for: $0.0, at: $0.1, learned: traits)
                    != ModelCatalog.sample.profile(for: $0.0, at: $0.1)
            }
            let isTemplate = parameter == .chatTemplateKwargs || parameter == .jsonSchema
            #expect(isTemplate || parameter == .toolChoiceFunction || !changed.isEmpty, "\(parameter)")
        }
    }

    @Test func `models that always think are asked in streams at Model Studio`() {
        func alwaysStreams(_ name: String, _ host: String) -> Bool {
            ModelCatalog.sample.profile(for: name, at: host).alwaysStreams
        }
        #expect(alwaysStreams("qwq-32b", "dashscope.aliyuncs.com"))
        #expect(alwaysStreams("qwen3-235b-a22b-thinking-2507", "dashscope.aliyuncs.com"))
        #expect(!alwaysStreams("qwen3-32b", "dashscope.aliyuncs.com"))
        #expect(!alwaysStreams("qwq-32b", "127.0.0.1"))
        #expect(self.local(.refusesParameter(.thinkingWithoutStreaming)).alwaysStreams)
    }

    @Test func `a refusal is a lesson where it teaches something`() {
        func lesson(_ category: UpstreamFailure.Category) -> Lesson? {
            UpstreamFailure(category: category, message: "").lesson
        }
        #expect(lesson(.contextTooLong(tokens: 9, maximum: 8192)) == .promptLimit(8192))
        #expect(lesson(.contextTooLong(tokens: 9, maximum: nil)) == nil)
        #expect(lesson(.outputDoesNotFit(promptTokens: nil, window: 8192)) == .contextWindow(8192))
        #expect(lesson(.outputLimitTooHigh(maximum: 4096)) == .maximumOutputTokens(4096))
        #expect(lesson(.imagesRefused) == .refusesImages)
        #expect(lesson(.parameterRefused(.stop)) == .refusesParameter(.stop))
        #expect(lesson(.rateLimited) == nil)
    }
}

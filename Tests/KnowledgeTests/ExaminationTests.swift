// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Knowledge

/// What small requests find out.
@Suite struct ExaminationTests {
    private let profile = ModelProfile(name: "m\"odel")

    private func answer(_ content: String, finish: String = "stop", more: String = "") -> ExaminationAnswer {
        self.body(
            #"{"choices":[{"message":{"role":"assistant","content":\#(content)\#(more)},"finish_reason":"\#(finish)"}],"usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":0}}}"#
        )
    }

    private func calls(_ names: String...) -> ExaminationAnswer {
        let calls = names.map { #"{"id":"c","type":"function","function":{"name":"\#($0)","arguments":"{}"}}"# }
        return self.answer("null", finish: "tool_calls", more: #","tool_calls":[\#(calls.joined(separator: ","))]"#)
    }

    private func body(_ text: String, status: Int = 200) -> ExaminationAnswer {
        ExaminationAnswer(status: status, contentType: "application/json", body: Array(text.utf8))
    }

    private func refusal(_ message: String, status: Int = 400) -> ExaminationAnswer {
        self.body(#"{"error":{"message":"\#(message)","type":"invalid_request_error"}}"#, status: status)
    }

    private func body(
        of question: ExaminationQuestion, for profile: ModelProfile? = nil, in api: ExaminedAPI, seed: String = "s",
    ) -> [UInt8] {
        ExaminationRequest(question, for: profile ?? self.profile, seed: seed).body(in: api)
    }

    @Test(arguments: ExaminedAPI.allCases, ExaminationQuestion.allCases)
    func `every question is a request of its own, in every form of thinking`(
        api: ExaminedAPI, question: ExaminationQuestion,
    ) throws {
        guard question.isAsked(in: api) else { return }
        for thinking in ModelProfile.ThinkingControl.allCases {
            var profile = self.profile
            profile.thinking = thinking
            let document = try JSONDocument(parsing: self.body(of: question, for: profile, in: api))
            #expect(document.string("model", of: document.root) == "m\"odel")
            #expect(document.member("messages", of: document.root) != nil)
            let names = document.members(of: document.root).compactMap { document.string($0.0) }
            #expect(Set(names).count == names.count, "\(names)")
        }
        #expect(!question.name.isEmpty)
        let repetitions: Set<ExaminationQuestion> = [.cacheMarksAgain, .cacheAloneAgain]
        let others = ExaminationQuestion.allCases.filter {
            $0 != question && $0.isAsked(in: api) && repetitions.isDisjoint(with: [$0, question])
        }
        #expect(!others.contains { self.body(of: $0, in: api) == self.body(of: question, in: api) })
    }

    @Test(arguments: ExaminedAPI.allCases)
    func `only a prompt that is asked twice can come from a cache`(api: ExaminedAPI) {
        let first = self.body(of: .cacheMarks, in: api)
        #expect(first == self.body(of: .cacheMarksAgain, in: api))
        #expect(first != self.body(of: .cacheMarks, in: api, seed: "t"))
        let alone = self.body(of: .cacheAlone, in: api)
        #expect(alone == self.body(of: .cacheAloneAgain, in: api))
        let text = String(decoding: alone, as: UTF8.self)
        // Not even the beginning of the text with marks.
        #expect(text.contains("Other text s.") && !text.contains("cache_control"))
        #expect(String(decoding: first, as: UTF8.self).contains("cache_control"))
    }

    @Test func `a model that takes other names and streams only is asked in its way`() throws {
        var profile = self.profile
        profile.refusedParameters = [.maximumTokens]
        profile.alwaysStreams = true
        let text = String(decoding: self.body(of: .tools, for: profile, in: .chatCompletions), as: UTF8.self)
        #expect(text.contains(#""stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":512"#))
        profile.refusedParameters.insert(.streamOptions)
        let other = String(decoding: self.body(of: .tools, for: profile, in: .chatCompletions), as: UTF8.self)
        #expect(other.contains(#""stream":true,"max_completion_tokens":512"#))
    }

    /// All that is asked of a server that answers so.
    private func questions(
        of api: ExaminedAPI = .chatCompletions, isOwn: Bool = true,
        _ reply: (ExaminationQuestion) -> ExaminationAnswer,
    ) -> (asked: [ExaminationQuestion], lessons: [Lesson]) {
        var examination = Examination(of: api, isOwn: isOwn)
        var all: [ExaminationQuestion] = []
        var lessons: [Lesson] = []
        while let question = examination.next() {
            all.append(question)
            lessons += examination.answered(question, reply(question)).lessons
        }
        return (all, lessons)
    }

    @Test func `some fifteen requests are made, and a switch is only looked for where there is something to switch`() {
        let plain = self.questions { _ in self.answer(#""OK""#) }.asked
        #expect(plain.count == 16)
        #expect(
            Set(ExaminationQuestion.allCases).subtracting(plain) == [
                .enableThinking, .templateArguments, .reasoningEffort, .cacheAlone, .cacheAloneAgain, .countTokens,
            ])
        let thinking = #","reasoning_content":"hm""#
        let stubborn = self.questions { _ in self.answer(#""no""#, more: thinking) }.asked
        #expect(stubborn.count == 19)
        let foreign = self.questions(isOwn: false) { _ in self.answer(#""no""#, more: thinking) }.asked
        #expect(!foreign.contains(.templateArguments))
        let switched = self.questions { self.answer(#""no""#, more: $0 == .enableThinking ? "" : thinking) }.asked
        #expect(switched.contains(.enableThinking) && !switched.contains(.templateArguments))
        #expect(self.questions { _ in self.refusal("no such model", status: 404) }.asked == [.answer])
    }

    @Test func `a first request that is refused for a parameter is made once more without it`() {
        let refusal = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        var count = 0
        let corrected = self.questions { question in
            count += 1
            return question == .answer && count == 1 ? self.refusal(refusal) : self.answer(#""OK""#)
        }
        #expect(Array(corrected.asked.prefix(3)) == [.answer, .answer, .stream])
        #expect(corrected.lessons.contains(.refusesParameter(.maximumTokens)))
        #expect(self.questions { _ in self.refusal(refusal) }.asked == [.answer, .answer])
    }

    /// What a server says of its cache.
    private func usage(_ details: String) -> ExaminationAnswer {
        self.body(
            #"{"choices":[{"message":{"content":"OK"},"finish_reason":"stop"}],"usage":{"prompt_tokens":2000,"prompt_tokens_details":{\#(details)}}}"#
        )
    }

    @Test func `marks are learned where they are what keeps a prompt`() {
        func lessons(
            _ marks: ExaminationAnswer, _ again: ExaminationAnswer, alone: ExaminationAnswer? = nil,
        ) -> (asked: Int, Lesson?) {
            let all = self.questions { question in
                switch question {
                case .cacheMarks: marks
                case .cacheMarksAgain: again
                case .cacheAloneAgain: alone ?? self.answer(#""OK""#)
                default: self.answer(#""OK""#)
                }
            }
            let cache: Set<ExaminationQuestion> = [.cacheMarks, .cacheMarksAgain, .cacheAlone, .cacheAloneAgain]
            return (
                all.asked.count { cache.contains($0) },
                all.lessons.first { $0.subject == .parameter(.cacheControl) }
            )
        }
        let nothing = self.usage(#""cached_tokens":0"#)
        let read = self.usage(#""cached_tokens":1984"#)
        let takes = Lesson.takesParameter(.cacheControl)
        // It says itself that it keeps the text for its mark.
        #expect(lessons(self.usage(#""cached_tokens":0,"cache_creation_input_tokens":1990"#), read) == (2, takes))
        // Kept with marks, and not without.
        #expect(lessons(nothing, read, alone: nothing) == (4, takes))
        #expect(lessons(nothing, read, alone: self.answer(#""OK""#)) == (4, takes))
        // Kept in any case.
        #expect(lessons(nothing, read, alone: read) == (4, nil))
        #expect(lessons(nothing, nothing) == (2, nil))
        #expect(lessons(self.answer(#""OK""#), self.answer(#""OK""#)) == (2, nil))
        let refused = self.refusal("Unrecognized request argument supplied: cache_control")
        #expect(lessons(refused, nothing) == (1, .refusesParameter(.cacheControl)))
        #expect(lessons(self.refusal("content must be a string"), nothing) == (1, .refusesParameter(.cacheControl)))
        #expect(lessons(self.refusal("busy", status: 503), nothing) == (1, nil))
    }

    @Test func `what is learned of marks is what requests are made with`() {
        let catalog = ModelCatalog(layers: [], dialects: ["dash.example": .dashScope])
        func form(at host: String, _ lessons: Lesson...) -> ModelProfile.CacheForm {
            var learned = LearnedTraits()
            for lesson in lessons { _ = learned.learn(lesson) }
            return catalog.profile(for: "m", at: host, learned: learned).cacheForm
        }
        #expect(form(at: "other.example") == .automatic)
        #expect(form(at: "other.example", .takesParameter(.cacheControl)) == .marks)
        #expect(form(at: "dash.example", .takesParameter(.cacheControl)) == .marks)
        #expect(
            form(at: "other.example", .takesParameter(.cacheControl), .refusesParameter(.cacheControl)) == .automatic)
    }

    @Test func `what an answer shows is learned`() {
        func expect(
            _ question: ExaminationQuestion, _ answer: ExaminationAnswer, _ outcome: Examination.Finding.Outcome,
            _ lessons: [Lesson] = [],
        ) {
            let finding = question.finding(in: answer)
            #expect((finding.outcome, finding.lessons) == (outcome, lessons), "\(question): \(finding)")
            #expect(!finding.detail.isEmpty)
        }
        expect(.namedTool, self.calls("get_time"), .yes, [.takesParameter(.toolChoiceFunction)])
        expect(.namedTool, self.calls("get_weather"), .no, [.refusesParameter(.toolChoiceFunction)])
        expect(.namedTool, self.answer(#""It is sunny.""#), .no, [.refusesParameter(.toolChoiceFunction)])
        expect(.namedTool, self.answer(#""I thi""#, finish: "length"), .unclear)
        expect(.requiredTool, self.calls("get_weather"), .yes, [.takesParameter(.toolChoiceRequired)])
        expect(.tools, self.answer(#""Sunny""#), .unclear)
        expect(.parallelTools, self.calls("get_weather", "get_weather"), .yes, [.takesParameter(.parallelToolCalls)])
        expect(.parallelTools, self.calls("get_weather"), .unclear)
        expect(.images, self.answer(#""Red.""#), .yes, [.acceptsImages])
        expect(.images, self.answer(#""I see no image.""#), .unclear)
        expect(.images, self.refusal("image input is not supported"), .no, [.refusesImages])
        expect(.jsonSchema, self.answer(#""{\"zebra_count\":3}""#), .yes, [.takesParameter(.jsonSchema)])
        expect(.jsonSchema, self.answer(#""{\"n\":3}""#), .no, [.refusesParameter(.jsonSchema)])
        expect(.jsonSchema, self.answer(#""{\"zebra""#, finish: "length"), .unclear)
        expect(.jsonObject, self.answer(#""{}""#), .yes, [.takesParameter(.jsonObject)])
        expect(.stop, self.answer(#""1 2 3 4 ""#), .yes, [.takesParameter(.stop)])
        expect(.stop, self.answer(#""1 2 3 4 5 6 7 8 9""#), .no)
        expect(.enableThinking, self.answer(#""no""#), .yes, [.takesParameter(.enableThinking)])
        expect(.enableThinking, self.answer(#""<think>hm</think>no""#), .no)
        expect(.limits, self.refusal("Range of max_tokens should be [1, 65536]"), .yes, [.maximumOutputTokens(65_536)])
        expect(.limits, self.answer(#""OK""#), .unclear)
        expect(.limits, self.refusal("too much"), .unclear)
        expect(.topK, self.refusal("Unexpected fields in the request: {'top_k'}"), .no, [.refusesParameter(.topK)])
    }

    /// What servers say to a hundred million tokens. The prompt is tiny: what they call its length is that of both together.
    @Test(arguments: [
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 100000000. This model's maximum context length is 32768 tokens and your request has 15 input tokens (100000000 > 32768 - 15).",
            Lesson.contextWindow(32_768)
        ),
        (
            "max_tokens=100000000 cannot be greater than max_model_len=max_total_tokens=40960. Please request fewer output tokens.",
            .contextWindow(40_960)
        ),
        (
            "This model's maximum context length is 131072 tokens. However, you requested 100000014 tokens (14 in the messages, 100000000 in the completion). Please reduce the length of the messages or completion.",
            .contextWindow(131_072)
        ),
        (
            "Requested token count exceeds the model's maximum context length of 262144 tokens. You requested a total of 100000015 tokens: 15 tokens from the input messages and 100000000 tokens for the completion.",
            .contextWindow(262_144)
        ),
        (
            "Invalid request: Your request exceeded model token limit: 262144 (requested: 100000011)",
            .contextWindow(262_144)
        ),
        ("max_total_tokens (100000014) must be less than or equal to max_seq_len (98304)", .contextWindow(98_304)),
        (
            "This endpoint's maximum context length is 1000000 tokens. However, you requested about 100000014 tokens (14 of text input, 100000000 in the output).",
            .contextWindow(1_000_000)
        ),
        (
            "max_tokens is too large: 100000000. This model supports at most 16384 completion tokens, whereas you provided 100000000.",
            .maximumOutputTokens(16_384)
        ),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 393216]", .maximumOutputTokens(393_216)),
        (
            "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 131072]",
            .maximumOutputTokens(131_072)
        ),
        (
            "max_tokens: 100000000 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-5",
            .maximumOutputTokens(64_000)
        ),
        (
            "`max_tokens` must be less than or equal to `40960`, the maximum value for `max_tokens` is less than the `context_window` for this model",
            .maximumOutputTokens(40_960)
        ),
        ("max_tokens (100000000) exceeds the maximum allowed value of 8192", .maximumOutputTokens(8_192)),
        ("max_tokens must be between 1 and 8192", .maximumOutputTokens(8_192)),
        ("The value of max_tokens is invalid: the maximum is 16384.", .maximumOutputTokens(16_384)),
        ("max_completion_tokens must not exceed 32768", .maximumOutputTokens(32_768)),
        ("max_output_tokens is limited to 65536 for this model", .maximumOutputTokens(65_536)),
        ("max_tokens 参数非法: 最大值为 98304", .maximumOutputTokens(98_304)),
    ])
    func `a refusal of very much names a limit`(message: String, lesson: Lesson) {
        let finding = ExaminationQuestion.limits.finding(in: self.refusal(message))
        #expect((finding.outcome, finding.lessons) == (.yes, [lesson]), "\(finding)")
    }

    @Test(arguments: [
        (
            402,
            "This request requires more credits, or fewer max_tokens. You requested up to 100000000 tokens, but can only afford 2666."
        ),
        (429, "Request too large: tokens per min (TPM): Limit 30000, Requested 100000014."),
        (400, "max_tokens is not a valid number (error 1210, request 20261126)"),
        (400, "max_tokens is above the maximum: 100000000"),
    ])
    func `what is no limit of the model is not learned`(status: Int, message: String) {
        let finding = ExaminationQuestion.limits.finding(in: self.refusal(message, status: status))
        #expect((finding.outcome, finding.lessons) == (.unclear, []), "\(finding)")
    }

    @Test(arguments: [429, 500, 503])
    func `a server in trouble teaches nothing`(status: Int) {
        for question in ExaminationQuestion.allCases where question != .answer {
            let finding = question.finding(in: self.refusal("busy", status: status))
            #expect((finding.outcome, finding.lessons) == (.unclear, []), "\(question)")
        }
    }

    @Test func `a stream is told from an answer in one piece, with or without the usage`() {
        let chunk = #"{"choices":[{"delta":{"content":"OK"},"finish_reason":null}],"usage":null}"#
        let usage = #"{"choices":[],"usage":{"prompt_tokens":3}}"#
        let with = ExaminationQuestion.stream.finding(
            in: self.body("data: \(chunk)\n\ndata:\(usage)\r\n\ndata: [DONE]\n\n"))
        #expect(with.lessons == [.takesParameter(.streamOptions)])
        let without = ExaminationQuestion.stream.finding(in: self.body("data: \(chunk)\n\ndata: [DONE]\n\n"))
        #expect((without.outcome, without.lessons) == (.yes, []))
        #expect(ExaminationQuestion.stream.finding(in: self.answer(#""OK""#)).outcome == .no)
    }

    @Test func `what was found out counts until an error says otherwise, and is kept`() throws {
        let key = KnowledgeKey(upstream: "u", baseURL: "http://h/v1", model: "m")
        var table = KnowledgeTable()
        func observe(_ lesson: Lesson, _ origin: FactOrigin, at second: Int64) {
            _ = table.observe(Fact(lesson, from: origin, at: .init(secondsSinceEpoch: second)), of: key)
        }
        observe(.takesParameter(.jsonSchema), .examination, at: 100)
        observe(.acceptsImages, .examination, at: 100)
        observe(.examined, .examination, at: 100)
        let bytes = KnowledgeFormat.bytes(of: table)
        let read = try KnowledgeFormat.table(from: bytes, at: .init(secondsSinceEpoch: 200))
        #expect(read.models[key]?.traits == table.models[key]?.traits)
        #expect(read.models[key]?.traits.isExamined == true && read.models[key]?.traits.acceptsImages == true)
        #expect(table.models[key]?.traits.takenParameters == [.jsonSchema])
        observe(.refusesParameter(.jsonSchema), .errorMessage, at: 300)
        #expect(table.models[key]?.traits.takenParameters == [])
        #expect(table.models[key]?.traits.refusedParameters == [.jsonSchema])
        observe(.takesParameter(.jsonSchema), .examination, at: 400)
        #expect(table.models[key]?.traits.refusedParameters == [])
    }
}

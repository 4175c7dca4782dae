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

    @Test(arguments: ExaminationQuestion.allCases)
    func `every question is a request of its own, in every form of thinking`(question: ExaminationQuestion) throws {
        for thinking in ModelProfile.ThinkingControl.allCases {
            var profile = self.profile
            profile.thinking = thinking
            let document = try JSONDocument(parsing: question.body(for: profile))
            #expect(document.string("model", of: document.root) == "m\"odel")
            #expect(document.member("messages", of: document.root) != nil)
            let names = document.members(of: document.root).compactMap { document.string($0.0) }
            #expect(Set(names).count == names.count, "\(names)")
        }
        #expect(!question.name.isEmpty)
        let others = ExaminationQuestion.allCases.filter { $0 != question }
        #expect(!others.contains { $0.body(for: self.profile) == question.body(for: self.profile) && $0 != .answer })
    }

    @Test func `some fifteen requests are made, and a switch is only looked for where there is something to switch`() {
        func questions(isOwn: Bool, _ reply: (ExaminationQuestion) -> ExaminationAnswer) -> [ExaminationQuestion] {
            var examination = Examination(isOwn: isOwn)
            var all: [ExaminationQuestion] = []
            while let question = examination.next() {
                all.append(question)
                _ = examination.answered(question, reply(question))
            }
            return all
        }
        let plain = questions(isOwn: true) { _ in self.answer(#""OK""#) }
        #expect(plain.count == 15)
        #expect(
            Set(ExaminationQuestion.allCases).subtracting(plain) == [
                .enableThinking, .templateArguments, .reasoningEffort,
            ])
        let thinking = #","reasoning_content":"hm""#
        let stubborn = questions(isOwn: true) { _ in self.answer(#""no""#, more: thinking) }
        #expect(stubborn.count == 18)
        #expect(!questions(isOwn: false) { _ in self.answer(#""no""#, more: thinking) }.contains(.templateArguments))
        let switched = questions(isOwn: true) { self.answer(#""no""#, more: $0 == .enableThinking ? "" : thinking) }
        #expect(switched.contains(.enableThinking) && !switched.contains(.templateArguments))
        #expect(questions(isOwn: true) { _ in self.refusal("no such model", status: 404) } == [.answer])
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
        expect(
            .outputLimit, self.refusal("Range of max_tokens should be [1, 65536]"), .yes, [.maximumOutputTokens(65_536)]
        )
        expect(.outputLimit, self.answer(#""OK""#), .unclear)
        expect(.topK, self.refusal("Unexpected fields in the request: {'top_k'}"), .no, [.refusesParameter(.topK)])
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

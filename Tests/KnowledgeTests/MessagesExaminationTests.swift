// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Knowledge

/// What small requests find out at a server that speaks the Messages API itself.
@Suite struct MessagesExaminationTests {
    private func body(_ text: String, status: Int = 200) -> ExaminationAnswer {
        ExaminationAnswer(status: status, contentType: "application/json", body: Array(text.utf8))
    }

    private func message(_ content: String, stop: String = "end_turn", more: String = "") -> ExaminationAnswer {
        self.body(
            #"{"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[\#(content)],"stop_reason":"\#(stop)","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":2\#(more)}}"#
        )
    }

    private func text(_ text: String, more: String = "") -> ExaminationAnswer {
        self.message(#"{"type":"text","text":"\#(text)"}"#, more: more)
    }

    private func refusal(_ message: String, type: String = "invalid_request_error", status: Int = 400)
        -> ExaminationAnswer
    {
        self.body(#"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"}}"#, status: status)
    }

    private func finding(_ question: ExaminationQuestion, _ answer: ExaminationAnswer) -> Examination.Finding {
        var examination = Examination(of: .messages, isOwn: false)
        return examination.answered(question, answer)
    }

    @Test func `what is asked, and what is not`() {
        var examination = Examination(of: .messages, isOwn: true)
        var asked: [ExaminationQuestion] = []
        while let question = examination.next() {
            asked.append(question)
            _ = examination.answered(question, self.text("OK"))
        }
        #expect(
            asked == [
                .answer, .stream, .tools, .namedTool, .requiredTool, .parallelTools, .images, .thinking, .jsonSchema,
                .stop, .cacheMarks, .cacheMarksAgain, .countTokens, .limits,
            ])
        #expect(
            examination.passedOver == [
                .systemInTheMiddle, .enableThinking, .templateArguments, .reasoningEffort, .jsonObject, .topK,
                .cacheAlone, .cacheAloneAgain,
            ])
        #expect(Examination(of: .chatCompletions, isOwn: true).passedOver == [])
    }

    @Test func `what an answer shows`() {
        func expect(
            _ question: ExaminationQuestion, _ answer: ExaminationAnswer, _ outcome: Examination.Finding.Outcome,
            _ lessons: [Lesson] = [],
        ) {
            let finding = self.finding(question, answer)
            #expect((finding.outcome, finding.lessons) == (outcome, lessons), "\(question): \(finding)")
        }
        let call = #"{"type":"tool_use","id":"t","name":"get_time","input":{}}"#
        expect(.tools, self.message(call, stop: "tool_use"), .yes)
        expect(.namedTool, self.message(call, stop: "tool_use"), .yes)
        expect(.namedTool, self.text("It is late."), .no)
        expect(.namedTool, self.message("", stop: "max_tokens"), .unclear)
        expect(.parallelTools, self.message("\(call),\(call)", stop: "tool_use"), .yes)
        expect(.images, self.text("Red"), .yes, [.acceptsImages])
        expect(.images, self.refusal("image input is not supported"), .no, [.refusesImages])
        expect(.thinking, self.message(#"{"type":"thinking","thinking":"hm","signature":""}"#), .yes)
        expect(.thinking, self.text("no"), .no)
        expect(.jsonSchema, self.text(#"{\"zebra_count\":3}"#), .yes)
        expect(.stop, self.text("1 2 3 4 5 6 7"), .no)
        expect(.stop, self.text("1 2 3 4 "), .yes)
        expect(.cacheMarks, self.text("OK", more: #","cache_creation_input_tokens":4800"#), .yes)
        expect(.cacheMarksAgain, self.text("OK", more: #","cache_read_input_tokens":4800"#), .yes)
        expect(.cacheMarksAgain, self.text("OK", more: #","cache_read_input_tokens":0"#), .unclear)
        expect(.countTokens, self.body(#"{"input_tokens":14}"#), .yes)
        expect(.countTokens, self.refusal("Not found", type: "not_found_error", status: 404), .no)
        expect(
            .limits,
            self.refusal("max_tokens: 100000000 > 64000, which is the maximum allowed number of output tokens"),
            .yes, [.maximumOutputTokens(64_000)])
        expect(
            .limits, self.refusal("input length and `max_tokens` exceed context limit: 14 + 100000000 > 200000"), .yes,
            [.contextWindow(200_000)])
        expect(.limits, self.refusal("Overloaded", type: "overloaded_error", status: 529), .unclear)
    }

    @Test func `a stream tells the same`() {
        let events = #"""
            event: message_start
            data: {"type":"message_start","message":{"type":"message","model":"m-1","content":[],"usage":{"input_tokens":9,"cache_read_input_tokens":5,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"OK"}}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"get_time","input":{}}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"5"},"usage":{"output_tokens":7}}

            event: message_stop
            data: {"type":"message_stop"}

            """#
        let answer = self.body(events)
        #expect(answer.isStream && answer.hasUsage && answer.failure == nil)
        #expect((answer.text, answer.reasoning, answer.calls) == ("OK", "hm", ["get_time"]))
        #expect((answer.finishReason, answer.stopSequence) == ("stop_sequence", "5"))
        #expect((answer.model, answer.inputTokens, answer.outputTokens, answer.cachedTokens) == ("m-1", 14, 7, 5))
        #expect(self.finding(.stream, answer).detail == "with the usage")
    }

    @Test(arguments: [
        #"{"code":"InvalidApiKey","message":"No such key."}"#, #"{"error":"no"}"#, "[]", #""OK""#, "<html>", "",
        #"{"type":"error","error":{"type":"api_error","message":"broken"}}"#, #"{"usage":{"input_tokens":5}}"#,
    ])
    func `what is no answer is a failure, whatever its status says`(text: String) {
        #expect(self.body(text).failure != nil)
    }

    @Test func `an answer without counts has none`() {
        let answer = self.body(#"{"choices":[{"message":{"content":"OK"}}],"error":null}"#)
        #expect(answer.failure == nil && answer.inputTokens == nil && answer.outputTokens == nil && answer.model == nil)
    }
}

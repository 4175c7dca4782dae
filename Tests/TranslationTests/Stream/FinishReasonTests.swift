// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// What the end of an answer means: every reason, with and without content before it.
@Suite struct FinishReasonTests {
    private static let usage = Usage(
        inputTokens: 30, outputTokens: 7, cacheReadInputTokens: 60, cacheCreationInputTokens: 10)

    private func answer(
        _ reason: String, after content: String = text("x"), native: String? = nil,
        context: ResponseContext = sampleContext(),
    ) -> MessageStreamTranslator<RecordingSink> {
        let native = native.map { ",\"native_finish_reason\":\"\($0)\"" } ?? ""
        let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"\(reason)\"\(native)}]}\n\n"
        return translate(content + end + usageChunk + done, context: context)
    }

    private func stopReason(_ outcome: StreamOutcome) -> StopReason? {
        guard case .completed(_, let reason) = outcome else { return nil }
        return reason
    }

    @Test(arguments: [
        ("stop", StopReason.endTurn), ("STOP", .endTurn), ("eos", .endTurn), ("eos_token", .endTurn),
        ("end_turn", .endTurn), ("COMPLETE", .endTurn), ("completed", .endTurn), ("tool_calls", .endTurn),
        ("length", .maximumTokens), ("max_tokens", .maximumTokens), ("MAX_TOKENS", .maximumTokens),
        ("FINISH_REASON_MAX_TOKENS", .maximumTokens), ("max_output_tokens", .maximumTokens),
        ("model_length", .contextWindowExceeded), ("model_context_window_exceeded", .contextWindowExceeded),
        ("contextLengthReached", .contextWindowExceeded), ("content_filter", .refusal), ("content-filter", .refusal),
        ("SAFETY", .refusal), ("sensitive", .refusal), ("refusal", .refusal),
    ])
    func `an answer that stopped ends with what its reason means`(_ reason: String, _ expected: StopReason) {
        let translator = self.answer(reason)
        #expect(self.stopReason(translator.outcome) == expected)
        #expect(translator.sink.transcript.first == "text: x")
        #expect(translator.unknownFinishReason == nil && translator.interventions.isEmpty)
    }

    @Test(arguments: [
        ("abort", UpstreamFailure.Category.interrupted), ("ABORTED", .interrupted), ("cancelled", .interrupted),
        ("network_error", .interrupted), ("insufficient_system_resource", .overloaded), ("load", .overloaded),
        ("unload", .overloaded), ("modelUnloaded", .overloaded), ("timeout", .timedOut), ("time_limit", .timedOut),
        ("error", .internalError), ("ERROR", .internalError), ("failed", .internalError),
        ("MALFORMED_FUNCTION_CALL", .invalidOutput), ("error_finish", .internalError),
    ])
    func `an answer that the server gave up is a failure, with content and without`(
        _ reason: String, _ expected: UpstreamFailure.Category,
    ) {
        for content in ["", text("half an ans"), call(0, function("a", "Bash", #"{\"command\":\"ls\"}"#))] {
            let translator = self.answer(reason, after: content)
            guard case .failed(let failure) = translator.outcome else {
                Issue.record("\(translator.outcome) after \(content)")
                continue
            }
            #expect(failure.category == expected)
            #expect(failure.isRetryable && failure.message.contains(reason))
            #expect(translator.isFinal)
            // No block is closed: a client would run a call and take half an answer for a whole one.
            #expect(!translator.sink.events.contains { if case .blockStop = $0 { true } else { false } })
        }
    }

    @Test func `the text of an answer does not become the text of an error`() {
        let body = chunk(#"{"content":"my secret"}"#, finish: "error") + done
        guard case .failed(let failure) = translate(body).outcome else {
            Issue.record("no failure")
            return
        }
        #expect(!failure.message.contains("secret"))
    }

    @Test func `a reason in an object is the type in it`() {
        let end = #"data: {"choices":[{"delta":{},"finish_reason":{"type":"abort","message":"gone"}}]}"# + "\n\n"
        #expect(translate(text("x") + end).result == ["text: x (open)", "failed: interrupted"])
    }

    @Test(arguments: [
        ("stop", "MAX_TOKENS", StopReason.maximumTokens),
        ("stop", "model_context_window_exceeded", .contextWindowExceeded),
        ("length", "model_context_window_exceeded", .contextWindowExceeded), ("length", "stop", .maximumTokens),
        ("stop", "SAFETY", .refusal), ("stop", "end_turn", .endTurn), ("stop", "whatever", .endTurn),
        ("whatever", "length", .maximumTokens), ("content_filter", "stop", .refusal),
    ])
    func `the more serious of the gateway's and its upstream's reason counts`(
        _ reason: String, _ native: String, _ expected: StopReason,
    ) {
        let translator = self.answer(reason, native: native)
        #expect(self.stopReason(translator.outcome) == expected)
        #expect(translator.unknownFinishReason == nil)
    }

    @Test func `the usual reasons mean what the table says`() {
        for (name, meaning) in FinishReasonRow.usual {
            let row = FinishReasonRow.table.first { $0.names.contains(name.filter { $0 != "_" }) }
            #expect(row?.meaning == meaning, "\(name)")
        }
    }

    @Test func `a gateway's stop for an answer that its upstream gave up is a failure`() {
        #expect(self.answer("stop", native: "abort").result == ["text: x (open)", "failed: interrupted"])
    }

    @Test func `an unknown reason counts as finished only after content, and is told in few characters`() {
        let name = #"tired\u001b[31m\u202e "# + String(repeating: "y", count: 100)
        let translator = self.answer(name)
        #expect(translator.result == ["text: x", "end_turn 30+60+10/7"])
        #expect(translator.unknownFinishReason == "tired[31m " + String(repeating: "y", count: 52))
        #expect(translator.interventions.all.map(\.intervention) == [.unknownFinishReason])
        #expect(self.answer("tired", after: "").outcome == .empty(endedProperly: false))
        let cut = self.answer("tired", after: call(0, function("a", "Bash", #"{\"command\":\"ls"#)))
        #expect(cut.result == [#"toolu_1 Bash: {"command":"ls (open)"#, "max_tokens 30+60+10/7"])
    }

    @Test func `an answer without content ended properly only if it gives a reason we know`() {
        let empty = chunk(#"{"role":"assistant","content":""}"#)
        #expect(self.answer("stop", after: empty).outcome == .empty(endedProperly: true))
        #expect(self.answer("tool_calls", after: empty).outcome == .empty(endedProperly: true))
        for body in ["", empty, empty + usageChunk + done, done, ": wait\n\n"] {
            #expect(translate(body).outcome == .empty(endedProperly: false), "\(body)")
        }
    }

    @Test func `an accepted empty answer is a message without content, but never one without a reason`() {
        let context = sampleContext(acceptsEmptyAnswer: true)
        let accepted = self.answer("stop", after: "", context: context)
        #expect(accepted.outcome == .completed(Self.usage, .endTurn))
        #expect(accepted.sink.transcript == ["end_turn 30+60+10/7"])
        #expect(accepted.interventions[.emptyAnswerAccepted] == 1)
        #expect(translate(usageChunk + done, context: context).outcome == .empty(endedProperly: false))
        #expect(translate("", context: context).outcome == .empty(endedProperly: false))
    }

    @Test func `length means the window where the window set the limit`() {
        let context = sampleContext(maximumTokens: 100, isLimitedByWindow: true)
        #expect(self.stopReason(self.answer("length", context: context).outcome) == .contextWindowExceeded)
        #expect(self.stopReason(self.answer("stop", context: context).outcome) == .endTurn)
    }

    @Test(
        arguments: [
            // Window, max_tokens, and what `length` behind 100 and 7 tokens means.
            (nil, nil, StopReason.maximumTokens), (107, 8, .contextWindowExceeded), (107, nil, .contextWindowExceeded),
            (171, 100, .contextWindowExceeded), (172, 100, .maximumTokens), (107, 7, .maximumTokens),
            (nil, 100, .maximumTokens), (107, Int.max, .contextWindowExceeded),
        ] as [(Int?, Int?, StopReason)])
    func `length far below the limit means the window, if it is full`(
        _ window: Int?, _ maximum: Int?, _ expected: StopReason,
    ) {
        let context = sampleContext(maximumTokens: maximum, contextWindow: window)
        #expect(self.stopReason(self.answer("length", context: context).outcome) == expected)
    }

    @Test func `a cache warm-up gets the usage and nothing else`() {
        let context = sampleContext(maximumTokens: 0)
        let content = text("x") + chunk(#"{"reasoning_content":"r"}"#) + call(0, function("a", "Bash", "{}"))
        for reason in ["stop", "length", "tool_calls"] {
            #expect(self.answer(reason, after: content, context: context).result == ["max_tokens 30+60+10/7"])
        }
        #expect(self.answer("abort", after: content, context: context).result == ["failed: interrupted"])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// An error made from nothing but what a row looks for.
private struct RowSample {
    let message: String
    let code: String?
    let category: UpstreamFailure.Category

    static let window = 32_768

    /// `prompt` is the size of the prompt where the wording tells it.
    init?(_ rule: FailureRule, prompt: Int) {
        self.code = rule.names.first
        self.message = rule.words.map { Self.text($0, prompt: prompt) }.joined(separator: " ")
        func has(_ slot: MessagePattern.Slot) -> Bool {
            rule.words.contains { $0.text.contains("{\(slot.rawValue)}") }
        }
        let window = has(.window) ? Self.window : nil
        switch rule.meaning {
        case .category(let category):
            self.category = category
        case .promptTooLong:
            self.category = .contextTooLong(tokens: has(.prompt) ? prompt : nil, maximum: window)
        case .answerDoesNotFit:
            let isTold = has(.prompt) || has(.total) && has(.output)
            let tokens = isTold || has(.promptAtLeast) ? prompt : nil
            self.category =
                tokens.map { $0 >= Self.window } ?? false
                ? .contextTooLong(tokens: tokens, maximum: window)
                : .outputDoesNotFit(promptTokens: isTold ? prompt : nil, window: window)
        case .outputLimit:
            let limit = has(.limit) ? 8192 : has(.limitExclusive) ? 8191 : nil
            self.category = .outputLimitTooHigh(maximum: limit)
        case .parameter:
            // Where the row does not name it, the message does.
            self.category = .parameterRefused(.topK)
        }
    }

    private static func text(_ pattern: MessagePattern, prompt: Int) -> String {
        let numbers: [MessagePattern.Slot: Int] = [
            .prompt: prompt, .promptAtLeast: prompt, .window: Self.window, .output: 32_000,
            .total: prompt + 32_000, .limit: 8192, .limitExclusive: 8192, .ignored: 1,
        ]
        var text = pattern.text
        for (slot, number) in numbers { text = text.replacing("{\(slot.rawValue)}", with: "\(number)") }
        return text.replacing("{parameter}", with: "'top_k'").replacing(" * ", with: " and so on ")
    }
}

@Suite struct FailureTableTests {
    /// Rows about the request itself, which may come in any form and with any status.
    private static let requestRules = FailureRule.limits + FailureRule.refusals

    @Test func `every row about a request is understood in every form and however it arrives`() throws {
        for rule in Self.requestRules {
            try self.expectUnderstood(rule, prompt: 40_000)
            // A prompt that fits by itself is told apart only where the answer beside it is spoken of.
            if case .answerDoesNotFit = rule.meaning { try self.expectUnderstood(rule, prompt: 12_000) }
        }
    }

    private func expectUnderstood(_ rule: FailureRule, prompt: Int) throws {
        let sample = try #require(RowSample(rule, prompt: prompt))
        var message = sample.message
        if case .parameter = rule.meaning, !message.contains("top_k") { message += ": top_k" }
        for form in ErrorForm.allCases where sample.code == nil || form.hasCode {
            let body = form.body("It is so: " + message + ".", code: sample.code)
            for arrival in ErrorArrival.allCases {
                #expect(
                    arrival.category(of: body) == sample.category,
                    "\(rule.words.map(\.text)) as \(form) by \(arrival)")
            }
        }
    }

    @Test func `no row stands where another one is always faster`() throws {
        for (index, rule) in FailureRule.table.enumerated() {
            let sample = try #require(RowSample(rule, prompt: 40_000))
            let status = if case .oneOf(let statuses) = rule.statuses { statuses[0] } else { 400 }
            var message = sample.message
            if case .parameter = rule.meaning, !message.contains("top_k") { message += ": top_k" }
            let report = ErrorReport(httpStatus: status, code: sample.code, message: message)
            let first = FailureRule.table.firstIndex { $0.category(of: report) != nil }
            #expect(first == index, "\(rule.words.map(\.text)) \(rule.names)")
        }
    }

    @Test func `the other rows are understood with their status, in every form`() throws {
        for rule in FailureRule.others {
            let sample = try #require(RowSample(rule, prompt: 1))
            let statuses = if case .oneOf(let statuses) = rule.statuses { statuses } else { [400] }
            for status in statuses {
                for form in ErrorForm.allCases where sample.code == nil || form.hasCode {
                    let body = form.body(sample.message, code: sample.code)
                    let failure = UpstreamFailure(status: status, contentType: nil, body: body)
                    #expect(failure.category == sample.category, "\(rule.words.map(\.text)) \(rule.names) \(form)")
                }
            }
        }
    }

    @Test func `every row says where its wording is from, and asks for something`() {
        for rule in FailureRule.table {
            #expect(!rule.source.description.isEmpty)
            #expect(!rule.names.isEmpty || !rule.words.isEmpty)
            for pattern in rule.words {
                #expect(pattern.text == pattern.text.lowercased())
                for part in pattern.text.split(separator: "{").dropFirst() {
                    let name = part.prefix { $0 != "}" }
                    #expect(MessagePattern.Slot(rawValue: String(name)) != nil || name == "parameter", "\(name)")
                }
            }
        }
    }

    @Test func `what an account or a server suffers from is no fault of the request`() {
        for status in [401, 402, 403, 429] {
            let body = ErrorForm.openAI.body("top_k must be small: maximum context length is 10 tokens")
            let failure = UpstreamFailure(status: status, contentType: nil, body: body)
            #expect(failure.lesson == nil)
        }
    }
}

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

    private let isOwn: Bool
    private var asked: Set<ExaminationQuestion> = []
    /// Nil until the question about thinking was answered.
    private var thinks: Bool?
    private var hasSwitch = false
    /// The first request was not answered: there is nothing to find out.
    package private(set) var isHopeless = false

    /// - Parameter isOwn: whether the server is the user's own, which no question can offend.
    package init(isOwn: Bool) {
        self.isOwn = isOwn
    }

    /// Nil when there is nothing more to ask.
    package mutating func next() -> ExaminationQuestion? {
        guard !self.isHopeless else { return nil }
        let question = ExaminationQuestion.allCases.first { !self.asked.contains($0) && self.makesSense($0) }
        if let question { self.asked.insert(question) }
        return question
    }

    /// Takes an answer in.
    package mutating func answered(_ question: ExaminationQuestion, _ answer: ExaminationAnswer) -> Finding {
        let finding = question.finding(in: answer)
        switch question {
        case .answer: self.isHopeless = finding.outcome == .no
        case .thinking: self.thinks = finding.outcome == .yes
        case .enableThinking, .templateArguments, .reasoningEffort:
            if finding.outcome == .yes { self.hasSwitch = true }
        case .stream, .tools, .namedTool, .requiredTool, .parallelTools, .systemInTheMiddle, .images, .jsonSchema,
            .jsonObject, .stop, .topK, .cacheMarks, .outputLimit:
            break
        }
        return finding
    }

    /// A switch is looked for where there is something to switch off, and until one is found.
    private func makesSense(_ question: ExaminationQuestion) -> Bool {
        switch question {
        case .enableThinking, .reasoningEffort: self.thinks == true && !self.hasSwitch
        case .templateArguments: self.thinks == true && !self.hasSwitch && self.isOwn
        case .answer, .stream, .tools, .namedTool, .requiredTool, .parallelTools, .systemInTheMiddle, .images,
            .thinking,
            .jsonSchema, .jsonObject, .stop, .topK, .cacheMarks, .outputLimit:
            true
        }
    }
}

/// What a server sent back, as far as an examination looks at it.
package struct ExaminationAnswer: Sendable {
    /// Of the response.
    package let status: Int
    /// Why there is no answer; nil for one.
    package let failure: UpstreamFailure?
    private(set) var text = ""
    private(set) var reasoning = ""
    /// The names of the tools that were called.
    private(set) var calls: [String] = []
    private(set) var finishReason: String?
    private(set) var hasUsage = false
    private(set) var cachedTokens: Int?
    private(set) var isStream = false

    /// - Parameter contentType: of the response, if it has one.
    package init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        let events = body.split(separator: UInt8(ascii: "\n")).compactMap { line -> ArraySlice<UInt8>? in
            line.starts(with: Array("data:".utf8)) ? line.dropFirst(5) : nil
        }
        let isStream = !events.isEmpty
        let documents = (isStream ? events.map(Array.init) : [body]).compactMap { try? JSONDocument(parsing: $0) }
        let answers = documents.filter { $0.member("choices", of: $0.root) != nil }
        guard (200..<300).contains(status), !answers.isEmpty else {
            self.failure = UpstreamFailure(status: status, contentType: contentType, body: body)
            return
        }
        self.failure = nil
        self.isStream = isStream
        for document in answers { self.read(document) }
    }

    private mutating func read(_ document: JSONDocument) {
        let choices = document.member("choices", of: document.root).map { document.elements(of: $0) }
        if let choice = choices?.first(where: { _ in true }),
            let message = document.member("message", of: choice) ?? document.member("delta", of: choice)
        {
            self.text += document.string("content", of: message) ?? ""
            self.reasoning +=
                document.string("reasoning_content", of: message) ?? document.string("reasoning", of: message) ?? ""
            for call in document.member("tool_calls", of: message).map({ Array(document.elements(of: $0)) }) ?? [] {
                guard let name = document.member("function", of: call).flatMap({ document.string("name", of: $0) }),
                    !name.isEmpty
                else { continue }
                self.calls.append(name)
            }
            self.finishReason = document.string("finish_reason", of: choice) ?? self.finishReason
        }
        guard let usage = document.member("usage", of: document.root), document.kind(of: usage) == .object else {
            return
        }
        self.hasUsage = true
        self.cachedTokens = document.member("prompt_tokens_details", of: usage)
            .flatMap { document.member("cached_tokens", of: $0) }.flatMap { document.integer($0) }
    }

    /// Models that think may write their thoughts into the answer.
    var showsThinking: Bool {
        !self.reasoning.isEmpty || self.text.contains("<think>") || self.text.contains("</think>")
    }

    /// The answer ended because it had become too long.
    var isCut: Bool { self.finishReason == "length" }
}

// SPDX-License-Identifier: Apache-2.0

/// Writes the upstream's body from top to bottom.
struct RequestTranslator {
    private let request: MessagesRequest
    private let profile: ModelProfile
    private let toolChoice: ToolChoice?
    private let responseFormat: ResponseFormat?

    init(_ request: MessagesRequest, profile: ModelProfile) {
        self.request = request
        self.profile = profile
        self.toolChoice = ToolChoice(
            request.fields.toolChoice, of: request.document, offering: request.tools, to: profile)
        self.responseFormat = ResponseFormat(request.fields, of: request.document, for: profile)
    }

    func body(stream: Bool) -> SplicedBytes {
        // Short texts and the punctuation of calls, which grows. Room that is not needed costs nothing while it is not
        // touched, and growing would copy what is there.
        let size = self.request.document.bytes.count
        var writer = JSONWriter(reservingCapacity: size / 2 + 4096, splicing: self.request.document)
        writer.raw(#"{"model":"#)
        writer.string(self.profile.name)
        writer.raw(stream ? #","stream":true,"stream_options":{"include_usage":true}"# : #","stream":false"#)
        self.writeParameters(to: &writer)
        self.writeTools(to: &writer)
        writer.raw(#","messages":["#)
        var conversation = ConversationTranslator(
            self.request, profile: self.profile, closing: self.closingInstructions, writer: writer)
        // One owner at a time, or the growing text would be copied.
        writer = JSONWriter()
        conversation.translate()
        writer = conversation.finish()
        writer.raw("]}")
        return writer.takeSpliced()
    }

    private func writeParameters(to writer: inout JSONWriter) {
        let document = self.request.document
        SamplingParameters(fields: self.request.fields, document: document, profile: self.profile).write(
            to: &writer, maximumTokens: self.request.maximumTokens,
            stopSequences: self.request.responseContext.stopSequences)
        self.responseFormat?.write(to: &writer, from: document)
        self.writeThinking(to: &writer)
    }

    private func writeThinking(to writer: inout JSONWriter) {
        if self.profile.thinking == .none { return }
        let wish = ThinkingWish(
            self.request.fields, of: self.request.document, unless: self.profile.overrides.thinking)
        switch self.profile.thinking {
        case .none:
            break
        case .reasoningEffort:
            writer.raw(#","reasoning_effort":""#)
            writer.raw(self.mayThink ? wish.reasoningEffort : "low")
            writer.raw("\"")
        case .enableThinking:
            guard wish.isWanted == true, self.mayThink else {
                writer.raw(#","enable_thinking":false"#)
                return
            }
            writer.raw(#","enable_thinking":true"#)
            guard let budget = wish.thinkingBudget else { return }
            writer.raw(#","thinking_budget":"#)
            writer.integer(budget)
        }
    }

    /// DashScope answers 400 when a thinking model is forced to call a function or to answer in JSON.
    private var mayThink: Bool {
        !(self.toolChoice?.isForced ?? false) && !(self.responseFormat?.isEnforced ?? false)
    }

    private func writeTools(to writer: inout JSONWriter) {
        guard !self.request.tools.isEmpty else { return }
        writer.raw(#","tools":["#)
        for (index, tool) in self.request.tools.enumerated() {
            if index > 0 { writer.raw(",") }
            tool.write(to: &writer, from: self.request.document)
        }
        writer.raw("]")
        self.toolChoice?.write(to: &writer)
        guard self.profile.sendsParallelToolCalls else { return }
        writer.raw(self.allowsParallelCalls ? #","parallel_tool_calls":true"# : #","parallel_tool_calls":false"#)
    }

    private var allowsParallelCalls: Bool {
        let document = self.request.document
        return self.request.fields.toolChoice
            .flatMap { document.member("disable_parallel_tool_use", of: $0) }
            .flatMap { document.boolean($0) } != true
    }

    private var closingInstructions: ClosingInstructions {
        var instructions = ClosingInstructions()
        if case .asked(let upstreamName) = self.toolChoice { instructions.toolCall = .some(upstreamName) }
        if let format = self.responseFormat, format.isToldInWords { instructions.schema = format.schema }
        return instructions
    }
}

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
        writer.raw(stream ? #","stream":true"# : #","stream":false"#)
        // Without it most servers leave the usage out of a stream.
        if stream, !self.profile.refusedParameters.contains(.streamOptions) {
            writer.raw(#","stream_options":{"include_usage":true}"#)
        }
        self.writeParameters(to: &writer, stream: stream)
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

    private func writeParameters(to writer: inout JSONWriter, stream: Bool) {
        let document = self.request.document
        SamplingParameters(fields: self.request.fields, document: document, profile: self.profile).write(
            to: &writer, maximumTokens: self.request.facts.upstreamMaximumTokens(for: self.profile),
            stopSequences: self.request.facts.responseContext.stopSequences)
        self.responseFormat?.write(to: &writer, from: document)
        self.writeThinking(to: &writer, stream: stream)
    }

    private func writeThinking(to writer: inout JSONWriter, stream: Bool) {
        switch self.profile.thinking {
        case .none:
            break
        case .reasoningEffort:
            writer.raw(#","reasoning_effort":""#)
            writer.raw(self.requestedThinking.reasoningEffort(on: self.profile.effortScale, mayThink: self.mayThink))
            writer.raw("\"")
        case .chatTemplateKwargs:
            writer.raw(#","chat_template_kwargs":{"enable_thinking":"#)
            writer.raw(self.thinks ? "true}" : "false}")
        case .enableThinking:
            // DashScope's open models refuse to think in one piece.
            guard self.thinks, stream else {
                writer.raw(#","enable_thinking":false"#)
                return
            }
            writer.raw(#","enable_thinking":true"#)
            guard !self.profile.refusedParameters.contains(.thinkingBudget),
                let budget = self.requestedThinking.thinkingBudget
            else { return }
            writer.raw(#","thinking_budget":"#)
            writer.integer(min(budget, self.profile.maximumOutputTokens))
        }
    }

    private var requestedThinking: RequestedThinking {
        RequestedThinking(self.request.fields, of: self.request.document, unless: self.profile.overrides.thinking)
    }

    /// Whether the model is asked to think.
    private var thinks: Bool { self.requestedThinking.isWanted == true && self.mayThink }

    /// Whether the answer has to be fetched as a stream whatever the client wants.
    var needsStream: Bool {
        self.profile.alwaysStreams || self.profile.thinking == .enableThinking && self.thinks
    }

    /// DashScope answers 400 when a thinking model is forced to call a function or to answer in JSON.
    private var mayThink: Bool {
        !(self.toolChoice?.isForced ?? false) && !(self.responseFormat?.isEnforced ?? false)
    }

    private func writeTools(to writer: inout JSONWriter) {
        // DashScope refuses an empty list of tools.
        guard !self.request.tools.isEmpty else { return }
        writer.raw(#","tools":["#)
        var isFirst = true
        for tool in self.request.tools where self.toolChoice?.offers(tool.declared.upstreamName) ?? true {
            if !isFirst { writer.raw(",") }
            isFirst = false
            tool.write(to: &writer, from: self.request.document)
        }
        writer.raw("]")
        self.toolChoice?.write(to: &writer)
        // DashScope's default is false: without the parameter the model makes at most one call in an answer.
        guard self.profile.sendsParallelToolCalls else { return }
        writer.raw(
            self.request.facts.responseContext.allowsParallelCalls
                ? #","parallel_tool_calls":true"# : #","parallel_tool_calls":false"#)
    }

    private var closingInstructions: ClosingInstructions {
        var instructions = ClosingInstructions()
        if case .asked(let upstreamName) = self.toolChoice { instructions.toolCall = .some(upstreamName) }
        if let format = self.responseFormat, format.isToldInWords { instructions.schema = format.schema }
        return instructions
    }
}

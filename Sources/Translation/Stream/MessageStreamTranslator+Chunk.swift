// SPDX-License-Identifier: Apache-2.0

// What one chunk says, given to the machines that know what to do with it.
extension MessageStreamTranslator {
    mutating func receive(_ chunk: ChatCompletionChunk) {
        let end = chunk.finishReason.flatMap {
            AnswerEnd($0, native: chunk.nativeFinishReason, of: self.document)
        }
        // Before the content of the chunk: with DashScope's `error_finish` that content is the text of the error.
        if case .brokenOff(let failure) = end { return self.fail(self.failure(failure, in: chunk)) }
        // A cache warm-up: the upstream was asked for one token because it takes no less.
        if self.context.maximumTokens != 0 { self.receiveContent(of: chunk) }
        if self.composer.isOverLimit(contentLimit: Sink.maximumContentBytes) {
            return self.fail(.unreadable("The upstream's answer is too large."))
        }
        // Where we found a sequence ourselves it came earlier than whatever the upstream reports now.
        if !self.isStopped, let matched = chunk.matchedStop, let text = self.document.string(matched),
            self.context.stopSequences.contains(text)
        {
            self.matchedStopSequence = text
        }
        // A second finish chunk may say it differently; the first one came where the model stopped.
        if case .stopped(let reason) = end, self.finishReason == nil { self.stopped(reason) }
        // Some servers send the usage so far with every chunk: the last one counts.
        if let usage = chunk.usage.flatMap({ UsageReader.usage($0, of: self.document) }) { self.usage = usage }
        // An upstream that does not stop by itself goes on to write, and is paid for it.
        if self.finishReason != nil, self.usage != nil || self.isStopped { self.complete() }
    }

    @inline(__always)
    private mutating func receiveContent(of chunk: ChatCompletionChunk) {
        // The first chunk after the reasoning may have both; thinking comes before text in a message.
        if let reasoning = chunk.reasoning { self.receiveReasoning(reasoning) }
        if let content = chunk.content {
            // Content ends the reasoning, so the missing half of a character cannot come any more.
            if self.reasoningSurrogates.isHolding { self.flushSurrogates() }
            self.receiveContent(content)
        }
        if let refusal = chunk.refusal { self.receiveContent(refusal) }
        if self.isStopped { return }
        if let calls = chunk.toolCalls {
            self.flushSurrogates()
            for call in self.document.elements(of: calls) { self.receiveCall(call) }
        }
        if let call = chunk.functionCall { self.receiveFunction(call, ToolCallFragment(index: 0)) }
    }
}

// MARK: - Text

extension MessageStreamTranslator {
    private mutating func receiveReasoning(_ node: JSONNode) {
        guard self.document.kind(of: node) == .string else { return }
        self.receiveReasoning(self.characters(of: node, in: .reasoning))
    }

    private mutating func receiveReasoning(_ text: ArraySlice<UInt8>) {
        if !self.isOnlyReasoning || !EscapedText.containsTagStart(text) && self.reasoningCalls.passes(text) {
            return self.composer.receiveThinking(text, into: &self.sink)
        }
        var characters: [UInt8] = []
        JSONEscapes.appendDecoded(text, to: &characters)
        self.composeThinking(characters)
    }

    /// A string, or a list of parts.
    private mutating func receiveContent(_ node: JSONNode) {
        switch self.document.kind(of: node) {
        case .string: self.receiveText(self.characters(of: node, in: .content))
        case .array: for part in self.document.elements(of: node) where !self.isStopped { self.receivePart(part) }
        case .object, .number, .boolean, .null: break
        }
    }

    private mutating func receivePart(_ part: JSONNode) {
        if self.document.kind(of: part) == .string { return self.receiveText(self.characters(of: part, in: .content)) }
        if let text = self.document.member("text", of: part) { return self.receiveContent(text) }
        // Mistral puts its reasoning into the list as parts of their own.
        let thinking = self.document.member("thinking", of: part) ?? self.document.member("reasoning", of: part)
        if let thinking { self.receiveReasoning(thinking) }
    }

    private enum Channel {
        case content
        case reasoning
    }

    /// The characters of a string as they stand between quotes. Half a surrogate pair waits for the other half; clients
    /// refuse it alone.
    private mutating func characters(of string: JSONNode, in channel: Channel) -> ArraySlice<UInt8> {
        let contents = self.document.bytes[self.document.contents(of: string)]
        let isHolding = channel == .content ? self.contentSurrogates.isHolding : self.reasoningSurrogates.isHolding
        guard isHolding || self.document.token(of: string).hasLoneSurrogate else { return contents }
        var text: [UInt8] = []
        JSONEscapes.appendDecoded(contents, to: &text, keepsHalves: true)
        switch channel {
        case .content: text = self.contentSurrogates.join(text[...])
        case .reasoning: text = self.reasoningSurrogates.join(text[...])
        }
        return Self.escaped(text)[...]
    }

    /// Half a character whose other half does not come.
    mutating func flushSurrogates() {
        let reasoning = self.reasoningSurrogates.finish()
        if !reasoning.isEmpty { self.receiveReasoning(reasoning[...]) }
        self.receiveText(self.contentSurrogates.finish()[...])
    }

    private mutating func receiveText(_ text: ArraySlice<UInt8>) {
        guard let last = text.last else { return }
        if self.thinkTags.passes(text), !EscapedText.containsTagStart(text), self.leakedCalls.passes(text) {
            self.thinkTags.textPassed(lastByte: last)
            if self.isOnlyReasoning, !EscapedText.withoutLeadingWhitespace(text).isEmpty { self.endReasoning() }
            guard self.stopSequences != nil else { return self.composer.receiveText(text, into: &self.sink) }
            var characters: [UInt8] = []
            JSONEscapes.appendDecoded(text, to: &characters)
            return self.composeText(characters)
        }
        var characters: [UInt8] = []
        JSONEscapes.appendDecoded(text, to: &characters)
        var segments: [ContentSegment] = []
        self.thinkTags.receive(characters, into: &segments)
        for segment in segments { self.receive(segment) }
    }

    /// Nothing more comes: what was held is what it seems to be.
    mutating func flushMarkup(isCutOff: Bool) {
        var segments: [ContentSegment] = []
        self.thinkTags.finish(into: &segments)
        for segment in segments { self.receive(segment) }
        segments = []
        self.leakedCalls.finish(isCutOff: isCutOff, into: &segments)
        for segment in segments { self.compose(segment) }
        self.cutLeakedCall = self.leakedCalls.hasCutCall
        guard self.isOnlyReasoning, !self.cutLeakedCall else { return self.endReasoning() }
        segments = []
        self.reasoningCalls.finish(isCutOff: isCutOff, into: &segments)
        for segment in segments { self.composeReasoning(segment) }
    }

    /// A segment in which thinking is marked, but calls are still text.
    private mutating func receive(_ segment: ContentSegment) {
        guard case .text(let text) = segment else { return self.compose(segment) }
        var parts: [ContentSegment] = []
        self.leakedCalls.receive(text, into: &parts)
        for part in parts { self.compose(part) }
    }

    private mutating func compose(_ segment: ContentSegment) {
        if self.isStopped { return }
        switch segment {
        case .text(let text):
            // Servers put line ends between reasoning and calls; those do not make an answer.
            if self.isOnlyReasoning, !text.allSatisfy(\.isJSONWhitespace) { self.endReasoning() }
            self.composeText(text)
        case .thinking(let text):
            self.composeThinking(text)
        case .endOfThinking:
            self.composer.thinkingEnded()
        case .call(let name, let arguments):
            self.endReasoning()
            self.flushText()
            self.interventions.record(.callRecovered)
            self.composer.receive(.whole(name: name, arguments: arguments), into: &self.sink)
        }
    }

    /// - Parameter text: not escaped.
    private mutating func composeText(_ text: [UInt8]) {
        // Beside a call that is not whole, the call is what counts: an end in the middle of it would drop it.
        guard self.stopSequences != nil, !self.composer.isInCall else {
            return self.composer.receiveText(Self.escaped(text)[...], into: &self.sink)
        }
        let passed = self.stopSequences?.receive(text) ?? text
        if !passed.isEmpty { self.composer.receiveText(Self.escaped(passed)[...], into: &self.sink) }
        guard let found = self.stopSequences?.found else { return }
        self.endReasoning()
        self.matchedStopSequence = found
        self.finishReason = .finished
    }

    /// No stop sequence goes on after what comes next.
    mutating func flushText() {
        let text = self.stopSequences?.release() ?? []
        if !text.isEmpty { self.composer.receiveText(Self.escaped(text)[...], into: &self.sink) }
    }

    /// The answer ended at a stop sequence that the upstream left in it.
    var isStopped: Bool { self.stopSequences?.found != nil }

    private mutating func composeThinking(_ text: [UInt8]) {
        guard self.isOnlyReasoning else {
            return self.composer.receiveThinking(Self.escaped(text)[...], into: &self.sink)
        }
        var segments: [ContentSegment] = []
        self.reasoningCalls.receive(text, into: &segments)
        for segment in segments { self.composeReasoning(segment) }
    }

    private mutating func composeReasoning(_ segment: ContentSegment) {
        switch segment {
        case .text(let text), .thinking(let text):
            self.composer.receiveThinking(Self.escaped(text)[...], into: &self.sink)
        case .endOfThinking: break
        case .call(let name, let arguments):
            self.interventions.record(.callRecoveredFromReasoning)
            self.composer.receive(.whole(name: name, arguments: arguments), into: &self.sink)
        }
    }

    /// The answer goes on after the reasoning: a call in it is only a thought.
    private mutating func endReasoning() {
        guard self.isOnlyReasoning else { return }
        self.isOnlyReasoning = false
        var segments: [ContentSegment] = []
        self.reasoningCalls.release(into: &segments)
        for segment in segments { self.composeReasoning(segment) }
    }

    private static func escaped(_ text: [UInt8]) -> [UInt8] {
        var characters: [UInt8] = []
        characters.appendEscaped(text.span)
        return characters
    }
}

// MARK: - Calls

extension MessageStreamTranslator {
    private mutating func receiveCall(_ call: JSONNode) {
        var fragment = ToolCallFragment()
        var function: JSONNode?
        for (name, value) in self.document.members(of: call) {
            switch self.document.contents(of: name).count {
            case 2 where self.document.kind(of: value) == .string && self.document.isString(name, "id"):
                // It only tells calls apart and is not passed on, so that its beginning is enough.
                fragment.id = self.document.bytes[self.document.contents(of: value)].prefix(256)
            case 5 where self.document.isString(name, "index"): fragment.index = self.document.integer(value)
            case 8 where self.document.isString(name, "function"): function = value
            default: break
            }
        }
        if let function { self.receiveFunction(function, fragment) }
    }

    private mutating func receiveFunction(_ function: JSONNode, _ fragment: ToolCallFragment) {
        self.endReasoning()
        self.flushText()
        var fragment = fragment
        // Taken out and put back, so that its storage is used again.
        var decoded = self.decodedArguments
        self.decodedArguments = []
        decoded.removeAll(keepingCapacity: true)
        for (name, value) in self.document.members(of: function) {
            switch self.document.contents(of: name).count {
            case 4 where self.document.isString(name, "name"): fragment.name = self.document.string(value) ?? ""
            case 9 where self.document.isString(name, "arguments"):
                fragment.hasHalves = self.decodeArguments(value, into: &decoded)
            default: break
            }
        }
        fragment.arguments = decoded[...]
        self.composer.receive(fragment, into: &self.sink)
        fragment.arguments = []
        self.decodedArguments = decoded
    }

    /// Returns whether there are halves of surrogate pairs among the characters.
    private func decodeArguments(_ node: JSONNode, into decoded: inout [UInt8]) -> Bool {
        switch self.document.kind(of: node) {
        case .string:
            let hasHalves = self.document.token(of: node).hasLoneSurrogate
            let characters = self.document.bytes[self.document.contents(of: node)]
            JSONEscapes.appendDecoded(characters, to: &decoded, keepsHalves: hasHalves)
            return hasHalves
        // Against the specification, but meant well.
        case .object: decoded.append(contentsOf: self.document.bytes[self.document.range(of: node)])
        case .array, .number, .boolean, .null: break
        }
        return false
    }
}

// MARK: - Errors

extension MessageStreamTranslator {
    /// With DashScope's `error_finish`, the content of the chunk is the text of the error.
    private func failure(_ failure: UpstreamFailure, in chunk: ChatCompletionChunk) -> UpstreamFailure {
        guard let reason = chunk.finishReason, self.document.isString(reason, "error_finish"),
            let message = chunk.content.flatMap({ self.document.string($0) })
        else { return failure }
        return UpstreamFailure(status: 200, code: nil, message: message)
    }
}

// SPDX-License-Identifier: Apache-2.0

// What one chunk says, given to the machines that know what to do with it.
extension MessageStreamTranslator {
    mutating func receive(_ chunk: ChatCompletionChunk) {
        let reason = chunk.finishReason.flatMap { FinishReason($0, of: self.document) }
        if reason == .error { return self.fail(self.errorInContent(of: chunk)) }
        if let reasoning = chunk.reasoning { self.receiveReasoning(reasoning) }
        if let content = chunk.content { self.receiveContent(content) }
        if let refusal = chunk.refusal { self.receiveContent(refusal) }
        if let calls = chunk.toolCalls {
            for call in self.document.elements(of: calls) { self.receiveCall(call) }
        }
        if let call = chunk.functionCall { self.receiveFunction(call, ToolCallFragment(index: 0)) }
        if self.composer.isOverLimit { return self.fail(.unreadable("The upstream's answer is too large.")) }
        if let matched = chunk.matchedStop, let text = self.document.string(matched),
            self.context.stopSequences.contains(text)
        {
            self.matchedStopSequence = text
        }
        // A second finish chunk may say it differently; the first one came where the model stopped.
        if let reason, self.finishReason == nil { self.finishReason = reason }
        if let usage = chunk.usage.flatMap({ UsageReader.usage($0, of: self.document) }) { self.usage = usage }
        if self.finishReason != nil, self.usage != nil { self.complete() }
    }

    /// The message is over: everything that waited is sent, then the end of the message.
    mutating func complete() {
        let reason = self.finishReason ?? .unknown
        self.flushMarkup(isCutOff: reason == .length)
        do throws(UpstreamFailure) {
            try self.composer.finish(repairs: reason != .length, into: &self.sink)
        } catch {
            return self.fail(error)
        }
        let isCut = self.cutLeakedCall && self.composer.completedCalls == 0
        let stopReason =
            isCut
            ? .maximumTokens
            : reason.stopReason(
                completedCalls: self.composer.completedCalls, matchedStopSequence: self.matchedStopSequence)
        if !self.hasEmitted, !isCut, self.isWorthRetrying(reason) {
            self.outcome = .empty
            return
        }
        let usage =
            self.usage
            ?? Usage(
                inputTokens: self.context.estimatedInputTokens,
                outputTokens: (self.composer.emittedBytes + 3) / 4)
        let sequence = stopReason == .stopSequence ? self.matchedStopSequence : nil
        self.sink.receive(.messageDelta(stopReason, stopSequence: sequence, usage))
        self.sink.receive(.messageStop)
        self.outcome = .completed(usage, stopReason)
    }

    /// Whether an answer without any content is a failure of the upstream rather than what was asked for.
    private func isWorthRetrying(_ reason: FinishReason) -> Bool {
        switch reason {
        // A stop sequence may be the first thing the model says.
        case .stop: self.context.stopSequences.isEmpty
        case .length, .contentFilter: false
        case .toolCalls, .unknown, .error: true
        }
    }
}

// MARK: - Text

extension MessageStreamTranslator {
    private mutating func receiveReasoning(_ node: JSONNode) {
        guard self.document.kind(of: node) == .string else { return }
        let text = self.characters(of: node)
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
        case .string: self.receiveText(self.characters(of: node))
        case .array: for part in self.document.elements(of: node) { self.receivePart(part) }
        case .object, .number, .boolean, .null: break
        }
    }

    private mutating func receivePart(_ part: JSONNode) {
        if self.document.kind(of: part) == .string { return self.receiveText(self.characters(of: part)) }
        if let text = self.document.member("text", of: part) { return self.receiveContent(text) }
        let thinking = self.document.member("thinking", of: part) ?? self.document.member("reasoning", of: part)
        if let thinking { self.receiveReasoning(thinking) }
    }

    /// The characters of a string as they stand between quotes. Half a surrogate pair is replaced: clients refuse it.
    private mutating func characters(of string: JSONNode) -> ArraySlice<UInt8> {
        guard self.document.token(of: string).hasLoneSurrogate else {
            return self.document.bytes[self.document.contents(of: string)]
        }
        self.scratch.removeAll()
        self.scratch.contents(string, of: self.document)
        return self.scratch.bytes[...]
    }

    private mutating func receiveText(_ text: ArraySlice<UInt8>) {
        guard let last = text.last else { return }
        if self.thinkTags.passes(text), !EscapedText.containsTagStart(text), self.leakedCalls.passes(text) {
            self.thinkTags.textPassed(lastByte: last)
            if self.isOnlyReasoning, !EscapedText.withoutLeadingWhitespace(text).isEmpty { self.endReasoning() }
            return self.composer.receiveText(text, into: &self.sink)
        }
        var characters: [UInt8] = []
        JSONEscapes.appendDecoded(text, to: &characters)
        var segments: [ContentSegment] = []
        self.thinkTags.receive(characters, into: &segments)
        for segment in segments { self.receive(segment) }
    }

    /// Nothing more comes: what was held is what it seems to be.
    private mutating func flushMarkup(isCutOff: Bool) {
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
        switch segment {
        case .text(let text):
            if self.isOnlyReasoning, !text.allSatisfy(\.isJSONWhitespace) { self.endReasoning() }
            self.composer.receiveText(Self.escaped(text)[...], into: &self.sink)
        case .thinking(let text):
            self.composeThinking(text)
        case .endOfThinking:
            self.composer.thinkingEnded()
        case .call(let name, let arguments):
            self.endReasoning()
            self.interventions.record(.callRecovered)
            self.composer.receive(.whole(name: name, arguments: arguments), into: &self.sink)
        }
    }

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
        var fragment = fragment
        // Taken out and put back, so that its storage is used again.
        var decoded = self.decodedArguments
        self.decodedArguments = []
        decoded.removeAll(keepingCapacity: true)
        for (name, value) in self.document.members(of: function) {
            switch self.document.contents(of: name).count {
            case 4 where self.document.isString(name, "name"): fragment.name = self.document.string(value) ?? ""
            case 9 where self.document.isString(name, "arguments"): self.decodeArguments(value, into: &decoded)
            default: break
            }
        }
        fragment.arguments = decoded[...]
        self.composer.receive(fragment, into: &self.sink)
        fragment.arguments = []
        self.decodedArguments = decoded
    }

    private mutating func decodeArguments(_ node: JSONNode, into decoded: inout [UInt8]) {
        switch self.document.kind(of: node) {
        case .string: JSONEscapes.appendDecoded(self.characters(of: node), to: &decoded)
        // Against the specification, but meant well.
        case .object: decoded.append(contentsOf: self.document.bytes[self.document.range(of: node)])
        case .array, .number, .boolean, .null: break
        }
    }
}

// MARK: - Errors

extension MessageStreamTranslator {
    /// `error_finish`: the content of the chunk is the text of the error.
    private func errorInContent(of chunk: ChatCompletionChunk) -> UpstreamFailure {
        let message = chunk.content.flatMap { self.document.string($0) } ?? ""
        return UpstreamFailure(status: 200, code: nil, message: message)
    }
}

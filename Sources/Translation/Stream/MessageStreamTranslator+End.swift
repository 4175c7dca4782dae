// SPDX-License-Identifier: Apache-2.0

// What an answer means once nothing more of it comes.
extension MessageStreamTranslator {
    /// The model stopped; the usage may still follow.
    mutating func stopped(_ reason: FinishReason) {
        self.finishReason = reason
        guard case .unknown(let name?) = reason else { return }
        self.unknownFinishReason = name
        self.interventions.record(.unknownFinishReason)
    }

    /// The message is over: everything that waited is sent, then the end of the message.
    mutating func complete() {
        let reason = self.finishReason ?? .unknown(name: nil)
        if !self.isStopped {
            self.flushSurrogates()
            self.flushMarkup(isCutOff: !reason.isModelsOwn)
        }
        self.flushText()
        if self.cutLeakedCall { self.interventions.record(.callCut) }
        do throws(UpstreamFailure) {
            try self.composer.finish(repairs: reason.isModelsOwn, into: &self.sink)
        } catch {
            return self.fail(error)
        }
        if self.hasEmitted || self.mayBeSilent(reason) {
            self.end(with: self.stopReason(for: reason))
        } else if !reason.isKnown {
            self.outcome = .empty(endedProperly: false)
        } else if self.context.acceptsEmptyAnswer {
            self.interventions.record(.emptyAnswerAccepted)
            self.end(with: .endTurn)
        } else {
            self.outcome = .empty(endedProperly: true)
        }
    }

    private mutating func end(with stopReason: StopReason) {
        // Four bytes are about one token.
        let usage =
            self.usage
            ?? Usage(
                inputTokens: self.context.estimatedInputTokens, outputTokens: (self.composer.emittedBytes + 3) / 4)
        let sequence = stopReason == .stopSequence ? self.matchedStopSequence : nil
        self.sink.receive(.messageDelta(stopReason, stopSequence: sequence, usage))
        self.sink.receive(.messageStop)
        self.outcome = .completed(usage, stopReason)
    }
}

extension MessageStreamTranslator {
    /// A call ended in the middle, whatever the upstream says: DashScope says `stop` where its output limit cut a call.
    private var hasCutCall: Bool { self.composer.cutCalls > 0 || self.cutLeakedCall }

    /// Whether an answer without any content is what was asked for rather than a fault of the upstream.
    private func mayBeSilent(_ reason: FinishReason) -> Bool {
        if self.context.maximumTokens == 0 { return true }
        return switch reason {
        // A stop sequence may be the first thing the model says.
        case .finished: self.hasCutCall || !self.context.stopSequences.isEmpty
        case .calls: self.hasCutCall
        case .cut, .refused: true
        case .unknown: false
        }
    }

    /// `tool_use` if and only if the client got a call to run: without one it reports a malformed call, whatever the
    /// upstream said, and with one it runs it.
    private func stopReason(for reason: FinishReason) -> StopReason {
        if self.context.maximumTokens == 0 { return .maximumTokens }
        if self.composer.completedCalls > 0 { return .toolUse }
        switch reason {
        case .cut(by: .window): return .contextWindowExceeded
        case .cut(by: .output): return self.fillsWindow ? .contextWindowExceeded : .maximumTokens
        case .refused: return .refusal
        case .finished, .calls, .unknown:
            if self.hasCutCall { return .maximumTokens }
            return reason == .finished && self.matchedStopSequence != nil ? .stopSequence : .endTurn
        }
    }

    /// Whether `length` means the model's window: the answer is clearly shorter than the client allowed, and the window
    /// is full but for some tokens that the chat template needs.
    private var fillsWindow: Bool {
        if self.context.isLimitedByWindow { return true }
        guard let usage = self.usage, let window = self.context.contextWindow else { return false }
        if let maximum = self.context.maximumTokens, Double(usage.outputTokens) >= 0.9 * Double(maximum) {
            return false
        }
        return usage.totalInputTokens + usage.outputTokens >= window - 64
    }
}

/// How far an answer has come.
public enum StreamOutcome: Sendable, Equatable {
    /// More is expected. Goes to any of the others.
    case streaming
    /// The message is whole and `message_stop` was sent. Final: whatever the upstream still sends is ignored.
    case completed(Usage, StopReason)
    /// The upstream said nothing, and nothing was sent. `endedProperly` says that it gave a reason for the end that we
    /// know, so that the answer may be accepted as it is. Final; asking again may help.
    case empty(endedProperly: Bool)
    /// The answer cannot be finished. Final: no event follows, and an open block stays open, so that a client cannot
    /// take half an answer for a whole one.
    case failed(UpstreamFailure)

    /// Whether nothing that the upstream still sends can change it.
    public var isFinal: Bool {
        switch self {
        case .streaming: false
        case .completed, .empty, .failed: true
        }
    }
}

/// How the bytes of a response body came to an end.
public enum BodyEnd: Sendable, Equatable {
    case complete
    /// The connection broke, or the body is shorter than announced.
    case truncated
}

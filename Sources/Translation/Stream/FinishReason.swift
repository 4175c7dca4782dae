// SPDX-License-Identifier: Apache-2.0

/// Why the model stopped, as far as it did stop: an answer that the server gave up has an `AnswerEnd` of its own.
enum FinishReason: Sendable, Equatable {
    enum Limit: Sendable, Equatable {
        /// As many tokens as the request allows.
        case output
        /// As many tokens as the model can hold.
        case window
    }

    /// The model had said everything, or came to a stop sequence.
    case finished
    /// The model wants functions to be called.
    case calls
    case cut(by: Limit)
    /// A filter of the upstream ended the answer.
    case refused
    /// A reason that is not in the table, or none where `[DONE]` ended the stream.
    case unknown(name: String?)

    /// Whether a mistake in the last call is the model's, and not a part that is missing.
    var isModelsOwn: Bool {
        switch self {
        case .finished, .calls, .unknown: true
        case .cut, .refused: false
        }
    }

    /// Whether the upstream ended the answer in a way we know.
    var isKnown: Bool {
        switch self {
        case .finished, .calls, .cut, .refused: true
        case .unknown: false
        }
    }

    /// With what the server behind a gateway said. The more serious reason counts.
    fileprivate func refined(by native: FinishReason) -> FinishReason {
        // The gateway's words are standard ones and often say "stop" for what they have no word for.
        switch (self, native) {
        case (.unknown, _): native
        case (.finished, .cut), (.calls, .cut), (.finished, .refused), (.calls, .refused): native
        case (.cut(by: .output), .cut(by: .window)): native
        case (.finished, _), (.calls, _), (.cut, _), (.refused, _): self
        }
    }
}

/// What a choice says about its end.
enum AnswerEnd: Equatable {
    case stopped(FinishReason)
    /// The server gave up. What came is not the answer.
    case brokenOff(UpstreamFailure)

    /// Nil while the model has not stopped: null, the string `"null"`, or nothing.
    init?(_ reason: JSONNode, native: JSONNode?, of document: JSONDocument) {
        guard let end = Self(reason, of: document) else { return nil }
        guard case .stopped(let standard) = end, let native = native.flatMap({ Self($0, of: document) }) else {
            self = end
            return
        }
        switch native {
        // A gateway that has no word for a failure says `stop`; half an answer must not pass for a whole one.
        case .brokenOff: self = native
        // A native word that we do not know says less than the standard one.
        case .stopped(.unknown): self = end
        case .stopped(let native): self = .stopped(standard.refined(by: native))
        }
    }

    private init?(_ node: JSONNode, of document: JSONDocument) {
        // Nearly every chunk says null.
        guard !document.isNull(node) else { return nil }
        // SGLang's own form is an object with the type and a message.
        let node = document.member("type", of: node) ?? node
        guard let name = document.string(node), !name.isEmpty, name.lowercased() != "null" else { return nil }
        switch FinishReasonRow.meaning(of: name) {
        case .stopped(let reason): self = .stopped(reason)
        case .brokenOff(let category): self = .brokenOff(.brokenOff(category, reason: Self.printable(name)))
        // New words appear with new servers: the answer is kept, and the word is logged instead of failing the
        // request.
        case nil: self = .stopped(.unknown(name: Self.printable(name)))
        }
    }

    /// Short enough for people.
    private static func printable(_ name: String) -> String {
        // An upstream may say anything.
        let printable = name.unicodeScalars.prefix(64).filter { $0.value >= 0x20 && $0.value < 0x7F }
        return String(String.UnicodeScalarView(printable))
    }
}

extension UpstreamFailure {
    fileprivate static func brokenOff(_ category: Category, reason: String) -> Self {
        Self(category: category, code: reason, message: "The upstream gave up in the middle of the answer (\(reason)).")
    }
}

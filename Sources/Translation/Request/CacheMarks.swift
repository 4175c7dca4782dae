// SPDX-License-Identifier: Apache-2.0

/// Where upstreams that are told so keep the beginning of a prompt: after the system prompt with the functions, after the
/// turn that ended the last request, where it can be read, and after the last turn, where the next one will read it. Three
/// marks of the four that may be; the text around them is the same with and without.
///
/// A mark is paid for (DashScope: 125 % of the price, and 10 % when it is read), so only a conversation gets them.
struct CacheMarks {
    private let form: ModelProfile.CacheForm
    /// The client asked for an hour and not for five minutes.
    private let keepsAnHour: Bool
    /// None where no marks are sent.
    private let turnEnds: [Int]

    /// What is shorter is not kept (DashScope).
    private static let leastTokens = 1_024

    init(_ request: MessagesRequest, for profile: ModelProfile) {
        let messages = request.messages
        let hasAnswer = messages.contains { $0.role == .assistant }
        // A one-off request, for a title or a summary, would pay for a mark that is never read.
        let isConversation = hasAnswer || !request.tools.isEmpty
        let isLong = request.facts.inputTokens(for: profile) >= Self.leastTokens
        self.form = isConversation && isLong ? profile.cacheForm : .automatic
        guard self.form != .automatic else {
            (self.keepsAnHour, self.turnEnds) = (false, [])
            return
        }
        self.keepsAnHour = self.form == .marksWithTTL && request.wantsHour
        var lastAnswer = messages.lastIndex { $0.role == .assistant } ?? 0
        // Messages of one side are written as one turn, so the user's turn ends before the first of them.
        while lastAnswer > 0, messages[lastAnswer - 1].role == .assistant { lastAnswer -= 1 }
        self.turnEnds = hasAnswer ? [lastAnswer, messages.count] : [messages.count]
    }

    var areSent: Bool {
        switch self.form {
        case .automatic: false
        case .marks, .marksWithTTL: true
        }
    }

    /// Whether the user's turn that ends before the message at `index` gets a mark.
    func isAfterTurn(endingAt index: Int) -> Bool { self.turnEnds.contains(index) }

    /// A further member of a content part.
    func write(to writer: inout JSONWriter) {
        switch self.form {
        case .automatic: break
        case .marks: writer.raw(#","cache_control":{"type":"ephemeral"}"#)
        case .marksWithTTL:
            writer.raw(
                self.keepsAnHour
                    ? #","cache_control":{"type":"ephemeral","ttl":"1h"}"# : #","cache_control":{"type":"ephemeral"}"#)
        }
    }
}

extension MessagesRequest {
    /// The client's own marks say so: that of the request, or those of its system prompt. It gives all of them the same time.
    fileprivate var wantsHour: Bool {
        // A system prompt that says nothing is not sent, and its marks do not count.
        let system = self.systemTexts == nil ? nil : self.fields.system
        let blocks = system.map { Array(self.document.elements(of: $0)) } ?? []
        return ([self.document.root] + blocks).contains { node in
            self.document.member("cache_control", of: node).flatMap { self.document.string("ttl", of: $0) } == "1h"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a model answered to a question of a `SafeguardBrief`. Anything but a plain verdict is none.
public enum SafeguardReply {
    private static let explanationLimit = 500

    /// One verdict for each of `count` calls, in their order.
    /// - Parameter message: the body of a message of the Messages API.
    public static func verdicts(of message: [UInt8], count: Int) -> [SafeguardVerdict] {
        func all(_ obstacle: SafeguardVerdict.Obstacle) -> [SafeguardVerdict] {
            Array(repeating: .unavailable(obstacle), count: count)
        }
        guard let document = try? JSONDocument(parsing: message),
            document.kind(of: document.root) == .object
        else {
            return all(.error)
        }
        switch document.string("stop_reason", of: document.root) {
        case "end_turn", "stop_sequence": break
        // Half an object may lack just the entry that flags a call.
        case "max_tokens", "model_context_window_exceeded": return all(.truncated)
        case "refusal": return all(.refused)
        case .some, nil: return all(.error)
        }
        guard let content = document.member("content", of: document.root),
            document.kind(of: content) == .array
        else {
            return all(.error)
        }
        let texts = document.elements(of: content).filter { document.string("type", of: $0) == "text" }
        guard texts.count == 1, let text = texts.first.flatMap({ document.string("text", of: $0) })
        else {
            return all(.error)
        }
        return Self.verdicts(in: Self.unfenced(text), count: count) ?? all(.error)
    }

    /// Nil when the text is something else than the object that was asked for.
    private static func verdicts(in text: String, count: Int) -> [SafeguardVerdict]? {
        guard let document = try? JSONDocument(parsing: Array(text.utf8)),
            document.kind(of: document.root) == .object,
            let list = document.member("verdicts", of: document.root), document.kind(of: list) == .array
        else { return nil }
        var verdicts: [Int: SafeguardVerdict] = [:]
        for entry in document.elements(of: list) {
            guard document.kind(of: entry) == .object,
                let number = document.member("call", of: entry).flatMap({ document.integer($0) }),
                (1...max(count, 1)).contains(number)
                // A verdict on something that was not asked about says that the model took something for a call that is none.
            else { return nil }
            // Two verdicts on one call are none.
            verdicts[number] =
                verdicts[number] == nil ? Self.verdict(entry, in: document) : .unavailable(.error)
        }
        return (0..<count).map { verdicts[$0 + 1] ?? .unavailable(.error) }
    }

    private static func verdict(_ entry: JSONNode, in document: JSONDocument) -> SafeguardVerdict {
        let outcomes = document.members(of: entry).filter { document.string($0.0) == "outcome" }
        // Two of them are none, too.
        guard outcomes.count == 1 else { return .unavailable(.error) }
        switch outcomes.first.flatMap({ document.string($0.1) }) {
        case "not_flagged":
            return .passed
        case "flagged":
            let reason = document.string("reason", of: entry) ?? ""
            let words = String(
                String.UnicodeScalarView(reason.unicodeScalars.lazy.filter(Self.isPlain).prefix(Self.explanationLimit)))
            return .flagged(
                explanation: words.isEmpty ? "The classifier of qwenproxyd flagged this call." : words)
        case .some, nil:
            return .unavailable(.error)
        }
    }

    /// The client shows it on a terminal, which characters of these kinds steer.
    private static func isPlain(_ character: Unicode.Scalar) -> Bool {
        switch character.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    /// Without the fence that many models put around JSON.
    private static func unfenced(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        func isBlank(_ line: Substring?) -> Bool { line?.allSatisfy(\.isWhitespace) ?? false }
        while isBlank(lines.first) { lines.removeFirst() }
        while isBlank(lines.last) { lines.removeLast() }
        guard lines.count > 2, lines.first?.hasPrefix("```") == true, lines.last == "```" else {
            return lines.joined(separator: "\n")
        }
        return lines.dropFirst().dropLast().joined(separator: "\n")
    }
}

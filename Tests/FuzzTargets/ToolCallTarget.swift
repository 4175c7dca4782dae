// SPDX-License-Identifier: Apache-2.0

import Glibc
import Translation

/// The calls of an answer: the input is the arguments of a call as the model wrote them, and comes in all the ways in
/// which servers cut and mark the fragments of a call.
struct ToolCallTarget: FuzzTarget {
    var seeds: [[UInt8]] { Seeds.arguments.map { Array($0.utf8) } }
    var vocabulary: [String] { Vocabulary.json }

    /// What a server writes into the fragments behind the first one.
    private enum Marking: CaseIterable {
        case index
        case sameID
        case idOfEach
        case nameInEach
    }

    private static let ends = ["stop", "tool_calls", "length", "tired", "content_filter", nil]
    let measuresTime: Bool

    func run(_ input: [UInt8]) throws(Violation) -> Int {
        let text = String(decoding: input, as: UTF8.self)
        let end = Self.ends[Int(input.fingerprint % UInt64(Self.ends.count))]
        let whole = try self.translate(Self.answer([text], .index, end: end))
        for marking in Marking.allCases {
            let pieces = input.cut(into: 5).map { String(decoding: $0, as: UTF8.self) }
            // A cut inside of a character would make another text of it.
            guard pieces.joined() == text else { continue }
            // With a name in front of it, an object behind a whole one is the next call.
            if marking == .nameInEach, Self.beginsAnotherObject(pieces) { continue }
            let other = try self.translate(Self.answer(pieces, marking, end: end))
            try require(other == whole, "\(marking): \(other.outcome) instead of \(whole.outcome)")
        }
        try Self.judge(whole, for: text, end: end)
        return whole.kind
    }

    /// A client runs what is closed: it must be what the model wrote, and no more than brackets may have been put behind.
    private static func judge(_ answer: Answer, for text: String, end: String?) throws(Violation) {
        let written = Array(text.utf8)
        guard let call = answer.input else {
            guard end == "stop", (try? JSONDocument(parsing: written)).map({ $0.kind(of: $0.root) == .object }) == true
            else { return }
            throw Violation("a whole call is missing")
        }
        let trimmed = Array(written.drop { [0x20, 0x0A, 0x0D, 0x09].contains($0) })
        let input = Array(call.drop { [0x20, 0x0A, 0x0D, 0x09].contains($0) })
        guard !trimmed.isEmpty, input.starts(with: trimmed) else { return }
        let added = input.dropFirst(trimmed.count)
        try require(
            added.allSatisfy { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") },
            "\(String(decoding: added, as: UTF8.self).debugDescription) was put behind the arguments")
    }

    /// Whether a piece begins an object when the pieces before it begin with a whole one.
    private static func beginsAnotherObject(_ pieces: [String]) -> Bool {
        pieces.indices.dropFirst().contains { index in
            pieces[index].drop { $0.isWhitespace }.first == "{"
                && Self.beginsWithObject(pieces[..<index].joined())
        }
    }

    /// By its brackets: where an object ends is known before it is known whether all in it is JSON.
    private static func beginsWithObject(_ text: String) -> Bool {
        var (depth, isString, isEscaped) = (0, false, false)
        for byte in text.utf8 {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isString: isEscaped = true
            case UInt8(ascii: "\""): isString.toggle()
            case UInt8(ascii: "{") where !isString, UInt8(ascii: "[") where !isString: depth += 1
            case UInt8(ascii: "}") where !isString, UInt8(ascii: "]") where !isString:
                depth -= 1
                if depth == 0 { return true }
            default: break
            }
        }
        return false
    }

    private struct Answer: Equatable {
        var record: MessageRecord
        var outcome: StreamOutcome
        /// The arguments of the call, if it is closed.
        var input: [UInt8]?

        /// Pieces that are sent may differ, what they say together may not.
        static func == (left: Self, right: Self) -> Bool {
            left.record.blocks == right.record.blocks && left.outcome == right.outcome && left.input == right.input
        }

        var kind: Int {
            switch self.outcome {
            case .streaming: 0
            case .completed(_, let reason): 1 + reason.rawValue.utf8.count + (self.input == nil ? 0 : 40)
            case .empty: 90
            case .failed: 91
            }
        }
    }

    private static func answer(_ pieces: [String], _ marking: Marking, end: String?) -> [UInt8] {
        var writer = JSONWriter()
        for (position, piece) in pieces.enumerated() {
            let isFirst = position == 0
            writer.raw(#"data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"#)
            switch marking {
            case .index: writer.string(isFirst ? "call_0" : "")
            case .sameID, .nameInEach: writer.string("call_0")
            case .idOfEach: writer.string("call_\(position)")
            }
            writer.raw(#","function":{"name":"#)
            writer.string(isFirst || marking == .nameInEach ? "mcp__x__y" : "")
            writer.raw(#","arguments":"#)
            writer.string(piece)
            writer.raw("}}]}}]}\n\n")
        }
        if let end {
            writer.raw(#"data: {"choices":[{"delta":{},"finish_reason":"#)
            writer.string(end)
            writer.raw("}]}\n\n")
        }
        writer.raw(#"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#)
        writer.raw("\n\ndata: [DONE]\n\n")
        return writer.take()
    }

    private static let context = ResponseContext(requestedModel: "m", tools: [DeclaredTool(name: "mcp__x__y")])

    private func translate(_ body: [UInt8]) throws(Violation) -> Answer {
        var translator = MessageStreamTranslator(
            context: Self.context, identifiers: ToolUseIdentifiers(source: SplitMix64(seed: 1)), sink: MessageRecord())
        let start = clock()
        unsafe body.withUnsafeBytes { unsafe translator.receive($0) }
        translator.finish(.complete)
        // A thousand times what it takes to read so much. By processor time, so that a busy machine is no finding.
        let milliseconds = (clock() - start) * 1000 / Int(CLOCKS_PER_SEC)
        try require(!self.measuresTime || milliseconds < 1000, "\(milliseconds) ms for \(body.count) bytes")
        let record = translator.sink
        try record.finish(translator.outcome, mayBeSilent: false)
        let call = record.blocks.first { $0.kind == .toolUse && $0.isClosed }
        let decoded = call.flatMap { call in
            (try? JSONDocument(parsing: [UInt8(ascii: "\"")] + call.contents + [UInt8(ascii: "\"")]))
                .flatMap { $0.string($0.root) }
        }
        return Answer(record: record, outcome: translator.outcome, input: decoded.map { Array($0.utf8) })
    }
}

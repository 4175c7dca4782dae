// SPDX-License-Identifier: Apache-2.0

import Glibc
import Translation

/// Calls in the text of a model: the input is what the model says. Whatever it is, a call that is closed has an object
/// as its input, and an answer without one is the text that was said.
struct LeakedCallTarget: FuzzTarget {
    var seeds: [[UInt8]] { Seeds.leakedCalls.map { Array($0.utf8) } }
    var vocabulary: [String] { Vocabulary.markup }

    private let context: ResponseContext
    private let measuresTime: Bool

    init(measuresTime: Bool) {
        self.measuresTime = measuresTime
        let contexts = Seeds.requests.compactMap { try? MessagesRequest(parsing: Array($0.utf8)).facts.responseContext }
        self.context = contexts.first { !$0.tools.isEmpty } ?? ResponseContext(requestedModel: "m")
    }

    func run(_ input: [UInt8]) throws(Violation) -> Int {
        let text = String(decoding: input, as: UTF8.self)
        var kind = 0
        for member in ["content", "reasoning_content"] {
            for finish in ["stop", "length"] {
                let whole = try self.record(of: [text], as: member, finish: finish)
                let pieces = try self.record(of: self.cut(text, by: input.fingerprint), as: member, finish: finish)
                try require(pieces == whole, "in pieces differs as \(member): \(pieces) instead of \(whole)")
                if input.fingerprint % 8 == 0, input.count < 600 {
                    let characters = text.unicodeScalars.map { String($0) }
                    let single = try self.record(of: characters, as: member, finish: finish)
                    try require(single == whole, "character by character differs as \(member)")
                }
                try self.check(whole, text: text)
                kind = kind &* 31 &+ whole.blocks.reduce(whole.blocks.count) { $0 &* 3 &+ $1.kindNumber }
            }
        }
        if self.measuresTime, input.fingerprint % 64 == 0 { try self.checkWork(text) }
        return kind
    }

    /// Nothing is lost and nothing made up where no call was found or cut off.
    private func check(_ answer: Answer, text: String) throws(Violation) {
        let hasCall = answer.blocks.contains { $0.kind == .toolUse }
        let names = self.context.tools.map(\.upstreamName)
        if !names.contains(where: { text.contains($0) }) { try require(!hasCall, "a call of a tool that is not named") }
        guard !hasCall, answer.reason != .maximumTokens, !text.contains("think>") else { return }
        let said = Self.visible(answer.blocks.map(\.text).joined())
        try require(said.elementsEqual(Self.visible(text)), "the text became \(said)")
    }

    /// Much of the same must not take long.
    private func checkWork(_ text: String) throws(Violation) {
        guard !text.isEmpty else { return }
        let long = String(repeating: text, count: (128 << 10) / text.utf8.count + 1)
        let start = clock()
        // It may be too many calls.
        _ = try? self.record(of: [long], as: "content", finish: "stop")
        let milliseconds = (clock() - start) * 1000 / Int(CLOCKS_PER_SEC)
        try require(milliseconds < 1000, "\(milliseconds) ms for \(long.utf8.count) bytes")
    }

    private struct Block: Equatable {
        var kind: MessageRecord.Kind
        var text: String

        var kindNumber: Int {
            switch self.kind {
            case .text: 0
            case .thinking: 1
            case .toolUse: 2
            }
        }
    }

    private struct Answer: Equatable {
        var blocks: [Block]
        var reason: StopReason?
    }

    private func record(of pieces: [String], as member: String, finish: String) throws(Violation) -> Answer {
        var translator = MessageStreamTranslator(
            context: self.context, identifiers: ToolUseIdentifiers(source: SplitMix64(seed: 1)), sink: MessageRecord())
        for piece in pieces {
            var writer = JSONWriter()
            writer.string(piece)
            Self.send(
                "{\"choices\":[{\"delta\":{\"\(member)\":\(String(decoding: writer.take(), as: UTF8.self))}}]}",
                to: &translator)
        }
        Self.send("{\"choices\":[{\"delta\":{},\"finish_reason\":\"\(finish)\"}]}", to: &translator)
        translator.finish(.complete)
        // Silence is an answer here.
        var reason: StopReason?
        switch translator.outcome {
        case .empty: break
        case .completed(_, let stopReason):
            try translator.sink.finish(translator.outcome, mayBeSilent: true)
            reason = stopReason
        case .failed(let failure): throw Violation("failed: \(failure.message)")
        case .streaming: try translator.sink.finish(translator.outcome, mayBeSilent: true)
        }
        return Answer(
            blocks: translator.sink.blocks.map { Block(kind: $0.kind, text: Self.decoded($0.contents)) }, reason: reason
        )
    }

    private static func send(_ chunk: String, to translator: inout MessageStreamTranslator<MessageRecord>) {
        let bytes = Array("data: \(chunk)\n\n".utf8)
        unsafe bytes.withUnsafeBytes { unsafe translator.receive($0) }
    }

    private static func decoded(_ contents: [UInt8]) -> String {
        let string = [UInt8(ascii: "\"")] + contents + [UInt8(ascii: "\"")]
        guard let document = try? JSONDocument(parsing: string) else { return "" }
        return document.string(document.root) ?? ""
    }

    private func cut(_ text: String, by fingerprint: UInt64) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var random = SplitMix64(seed: fingerprint)
        var pieces: [String] = []
        var start = 0
        while start < scalars.count {
            let end = min(start + 1 + Int(random.next() % 24), scalars.count)
            pieces.append(String(String.UnicodeScalarView(scalars[start..<end])))
            start = end
        }
        return pieces
    }

    /// White space alone opens no block, and may be left out before the first.
    private static func visible(_ text: String) -> Substring.UnicodeScalarView {
        text.unicodeScalars.drop { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Translation

/// The translation of an answer: whatever the upstream sends, the client gets a message it can rely on, or an error.
struct StreamTarget: FuzzTarget {
    var seeds: [[UInt8]] { (Seeds.streams + Seeds.documents).map { Array($0.utf8) } }
    var vocabulary: [String] { Vocabulary.events + Vocabulary.chunks }

    private let contexts: [ResponseContext]

    init() {
        self.contexts = Seeds.requests.compactMap {
            try? MessagesRequest(parsing: Array($0.utf8)).facts.responseContext
        }
    }

    func run(_ input: [UInt8]) throws(Violation) -> Int {
        let context = self.contexts[Int(input.fingerprint % UInt64(self.contexts.count))]
        for end in [BodyEnd.complete, .truncated] {
            let whole = try Self.translate([input[...]], context: context, end: end)
            let pieces = try Self.translate(input.cut(into: 6), context: context, end: end)
            try require(pieces == whole, "in pieces differs: \(pieces.outcome) instead of \(whole.outcome)")
            if input.count <= 600, input.fingerprint % 8 == 0 {
                let bytes = try Self.translate(input.indices.map { input[$0...$0] }, context: context, end: end)
                try require(bytes == whole, "byte by byte differs: \(bytes.outcome) instead of \(whole.outcome)")
            }
        }
        // Reading an error is slow (it searches for words) and says little about most inputs.
        if input.fingerprint % 16 == 1 { try Self.checkFailure(input) }
        return try Self.translate([input[...]], context: context, end: .complete).kind
    }

    private struct Answer: Equatable {
        var record: MessageRecord
        var stream: [UInt8]
        var outcome: StreamOutcome

        var kind: Int {
            let outcome =
                switch self.outcome {
                case .streaming: 0
                case .completed(_, let reason): 1 + reason.rawValue.utf8.count
                case .empty: 30
                case .failed(let failure): 31 + (failure.status ?? 0) + failure.message.utf8.count % 8
                }
            return outcome * 64 + min(self.record.blocks.count, 7) * 8 + min(self.record.deltas, 7)
        }
    }

    private static func translate(
        _ pieces: [ArraySlice<UInt8>], context: ResponseContext, end: BodyEnd
    ) throws(Violation) -> Answer {
        var translator = MessageStreamTranslator(
            context: context,
            identifiers: ToolUseIdentifiers(source: SplitMix64(seed: 1)),
            sink: MessageSinks())
        for piece in pieces { unsafe piece.withUnsafeBytes { unsafe translator.receive($0) } }
        translator.finish(end)
        let record = translator.sink.record
        try require(translator.hasEmitted == !record.blocks.isEmpty, "hasEmitted is wrong")
        // A stop sequence may be the first thing the model says; otherwise silence is no answer.
        try record.finish(translator.outcome, mayBeSilent: !context.stopSequences.isEmpty)
        let stream = translator.sink.writer.take()
        try Self.checkStream(stream, of: record)
        if case .completed = translator.outcome {
            let message = translator.sink.accumulator.message(id: "msg_1", model: "m\"odel")
            try Self.checkMessage(message, against: record)
        }
        return Answer(record: record, stream: stream, outcome: translator.outcome)
    }

    /// What a client reads back from the bytes we send.
    private static func checkStream(_ stream: [UInt8], of record: MessageRecord) throws(Violation) {
        let events = NaiveEventReader.events(in: stream)
        try require(events.count == record.events, "\(events.count) events were written, not \(record.events)")
        for event in events {
            let name = String(decoding: event.name ?? [], as: UTF8.self)
            let document = try Self.reading(event.data, "the data of \(name)")
            try require(document.string("type", of: document.root) == name, "\(name) has another type")
        }
    }

    private static func checkMessage(_ message: [UInt8], against record: MessageRecord) throws(Violation) {
        let document = try Self.reading(message, "the message")
        let content = document.member("content", of: document.root).map { Array(document.elements(of: $0)) } ?? []
        let blocks = record.blocks.filter(\.isClosed)
        try require(content.count == blocks.count, "the message has \(content.count) blocks")
        for (node, block) in zip(content, blocks) where block.kind == .toolUse {
            let input = document.member("input", of: node)
            try require(input.map { document.kind(of: $0) } == .object, "the input of a call is no object")
        }
        try require(document.string("model", of: document.root) == "m\"odel", "the model's name is wrong")
    }

    /// The same bytes as the body of an error.
    private static func checkFailure(_ input: [UInt8]) throws(Violation) {
        for status in [200, 400, 429, 500] {
            let message = UpstreamFailure(status: status, contentType: nil, body: input).message
            try require(message.utf8.count <= 8192, "a message of \(message.utf8.count) bytes")
            try require(
                message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
                "control characters in a message: \(message.debugDescription)")
        }
    }

    private static func reading(_ bytes: [UInt8], _ what: String) throws(Violation) -> JSONDocument {
        do { return try JSONDocument(parsing: bytes) } catch {
            throw Violation("\(what) is not JSON, \(error): \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}

/// Everything that may listen to a translation at once.
private struct MessageSinks: MessageEventSink {
    var record = MessageRecord()
    var writer = EventStreamWriter()
    var accumulator = MessageAccumulator()

    mutating func receive(_ event: MessageStreamEvent) {
        self.record.receive(event)
        // A sink cannot refuse an event; after a violation the others would trap on it.
        guard self.record.violation == nil else { return }
        self.writer.receive(event)
        self.accumulator.receive(event)
    }
}

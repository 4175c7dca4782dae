// SPDX-License-Identifier: Apache-2.0

import Translation

/// The parser of event streams, compared with a naive reader.
struct EventsTarget: FuzzTarget {
    var seeds: [[UInt8]] { (Seeds.events + Seeds.streams).map { Array($0.utf8) } }
    var vocabulary: [String] { Vocabulary.events }

    func run(_ input: [UInt8]) throws(Violation) -> Int {
        let expected = NaiveEventReader.events(in: input)
        let events = Self.parse([input[...]]).events
        try require(events == expected, "\(events) instead of \(expected)")
        if input.count <= 512, input.fingerprint % 8 == 0 {
            try require(Self.parse(input.indices.map { input[$0...$0] }).events == expected, "byte by byte differs")
        }
        try require(Self.parse(input.cut(into: 6)).events == expected, "in pieces differs")

        // The size of one of the events, or one byte less: a limit that is off by one must show.
        let sizes = NaiveEventReader.sizes(in: input)
        let size = sizes.isEmpty ? 1 : sizes[Int(input.fingerprint % UInt64(sizes.count))]
        let limit = max(1, size - Int(input.fingerprint >> 32 & 1))
        let whole = Self.parse([input[...]], limit: limit)
        let pieces = Self.parse(input.cut(into: 9), limit: limit)
        try require(whole == pieces, "with the limit \(limit) in pieces differs")
        let isWithin = whole.error == nil
        try require(
            isWithin == sizes.allSatisfy { $0 <= limit }, "the limit \(limit) does not hold")
        return events.count * 8 + (events.last?.isComplete == false ? 4 : 0) + (isWithin ? 2 : 0)
            + (events.contains { !$0.comments.isEmpty } ? 1 : 0)
    }

    private struct Reading: Equatable {
        var events: [ReadEvent] = []
        var error: ServerSentEventError?
    }

    private static func parse(_ pieces: [ArraySlice<UInt8>], limit: Int = 1 << 24) -> Reading {
        var parser = ServerSentEventParser(maximumEventSize: limit)
        var reading = Reading()
        do throws(ServerSentEventError) {
            for piece in pieces {
                unsafe piece.withUnsafeBytes { unsafe parser.receive($0) }
                while let event = try parser.next() { reading.events.append(ReadEvent(event)) }
            }
            if let event = parser.finish() { reading.events.append(ReadEvent(event)) }
        } catch {
            reading.error = error
        }
        return reading
    }
}

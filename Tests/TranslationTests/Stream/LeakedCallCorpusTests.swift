// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct LeakedCallCorpusTests {
    private static func generated(_ count: Int, seed: UInt64, _ make: (inout LeakedCallGenerator) -> LeakedCallCase)
        -> [LeakedCallCase]
    {
        var generator = LeakedCallGenerator(seed: seed)
        return (0..<count).map { _ in make(&generator) }
    }

    static let calls =
        LeakedCallCase.calls
        + Self.generated(240, seed: 1) { $0.answer(LeakedCallGenerator.values) }
        + Self.generated(60, seed: 2) { $0.answer(LeakedCallGenerator.nestedValues) }
        + Self.generated(60, seed: 3) { $0.reasoning(LeakedCallGenerator.values) }
    static let innocents = LeakedCallCase.innocents + Self.generated(320, seed: 4) { $0.innocent() }

    @Test func `every written call is recovered`() { Self.check(Self.calls) }

    @Test func `text that only shows a call passes as it is`() { Self.check(Self.innocents) }

    @Test func `a call that is not whole is never run`() { Self.check(LeakedCallCase.cut) }

    @Test func `a thought about a call stays a thought`() { Self.check(LeakedCallCase.thoughts) }

    @Test func `reasoning stays as it is when an answer or a native call follows`() {
        for sample in Self.calls where sample.place == .reasoning {
            let thinking = "thinking: \(sample.text.drop { $0.isWhitespace })§"
            let reasoning = Self.delta(sample.text, in: .reasoning)
            let answered = translate(reasoning + text("\\n") + text("Hi") + ending())
            #expect(answered.sink.transcript.dropLast() == [thinking, "text: Hi"])
            let called = translate(reasoning + Self.nativeCall + ending("tool_calls"))
            #expect(called.sink.transcript.dropLast() == [thinking, "toolu_1 Write: {\"content\":1}"])
        }
    }

    private static let nativeCall = call(0, function("a", "Write", #"{\"content\":1}"#))

    /// What a beginning of an answer makes a call of, is a beginning of the call.
    @Test func `no beginning of a call is run with other arguments`() {
        let samples = Self.generated(60, seed: 5) { $0.answer(LeakedCallGenerator.values) }
        for sample in samples {
            let expected = sample.blocks.filter { $0.hasPrefix("toolu") }
            for length in share(of: 0..<sample.text.unicodeScalars.count) {
                let beginning = String(String.UnicodeScalarView(sample.text.unicodeScalars.prefix(length)))
                let blocks = translate(Self.delta(beginning, in: .content) + ending()).sink.transcript
                let calls = blocks.filter { $0.hasPrefix("toolu") }
                for (call, whole) in zip(calls, expected) {
                    let bare = call.reversed().drop { $0 == "}" || $0 == "]" || $0.isWhitespace }.reversed()
                    if !whole.hasPrefix(String(bare)) { Issue.record("\(call) of \(beginning.debugDescription)") }
                }
                #expect(calls.count <= expected.count)
            }
        }
    }

    @Test func `a cut between any two bytes makes no difference`() {
        for sample in Self.calls + Self.innocents {
            let place = sample.place == .content ? LeakedToolCallParser.Place.answer : .reasoning
            let text = Array(sample.text.utf8)
            let whole = Self.segments(of: text, cutAt: 0, place)
            let wrong = share(of: text.indices).filter { Self.segments(of: text, cutAt: $0, place) != whole }
            #expect(wrong == [], "\(sample.text.debugDescription)")
        }
    }

    /// Text that follows text is one; white space behind a call may come or not.
    private static func segments(of text: [UInt8], cutAt cut: Int, _ place: LeakedToolCallParser.Place)
        -> [ContentSegment]
    {
        var parser = LeakedToolCallParser(tools: sampleContext().tools, place: place)
        var segments: [ContentSegment] = []
        parser.receive(Array(text[..<cut]), into: &segments)
        parser.receive(Array(text[cut...]), into: &segments)
        parser.finish(isCutOff: false, into: &segments)
        var joined: [ContentSegment] = []
        for segment in segments {
            if case .text(let more) = segment, case .text(let before) = joined.last {
                joined[joined.count - 1] = .text(before + more)
            } else {
                joined.append(segment)
            }
        }
        return joined
    }

    /// Whole, in two pieces, in single characters, and as one completion.
    private static func check(_ samples: [LeakedCallCase]) {
        var wrong = 0
        for sample in samples {
            let pieces = sample.text.unicodeScalars.map { Array(LeakedCallGenerator.escaped($0).utf8) }
            let frame = chunk("{\"\(sample.place == .content ? "content" : "reasoning_content")\":\"#\"}").split(
                separator: "#")
            let (head, tail) = (Array(frame[0].utf8), Array(frame[1].utf8))
            let end = Array(ending().utf8)
            func delta(_ range: Range<Int>) -> [UInt8] { head + pieces[range].joined() + tail }
            var bodies = [
                delta(0..<pieces.count) + end,
                pieces.indices.flatMap { delta($0..<$0 + 1) } + end,
                Array(Self.completion(sample).utf8),
            ]
            // Those of the grammar are cut everywhere below, without the JSON around them.
            let cuts =
                sample.source == "grammar" ? Array(stride(from: 1, to: pieces.count, by: 23)) : Array(pieces.indices)
            bodies += share(of: cuts).map { delta(0..<$0) + delta($0..<pieces.count) + end }
            for body in bodies {
                let sink = translate(body).sink
                let expected = sample.blocks + ["\(sample.stopReason) 30+60+10/7"]
                guard sink.transcript != expected || sink.violations != [] else { continue }
                wrong += 1
                Issue.record("\(sample.source) \(sample.text.debugDescription):\n\(sink.transcript)\n\(expected)")
                break
            }
        }
        #expect(wrong == 0, "of \(samples.count)")
    }

    private static func delta(_ text: String, in place: LeakedCallCase.Place) -> String {
        chunk("{\"\(place == .content ? "content" : "reasoning_content")\":\(LeakedCallGenerator.json(text))}")
    }

    private static func completion(_ sample: LeakedCallCase) -> String {
        let name = sample.place == .content ? "content" : "reasoning_content"
        return
            "{\"choices\":[{\"message\":{\"\(name)\":\(LeakedCallGenerator.json(sample.text))},\"finish_reason\":\"stop\"}],"
            + String(usageChunk.dropFirst("data: {\"choices\":[],".utf8.count))
    }
}

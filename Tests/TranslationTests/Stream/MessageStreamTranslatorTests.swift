// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct MessageStreamTranslatorTests {
    @Test(arguments: StreamSample.all)
    func `every answer becomes the message it means`(_ sample: StreamSample) {
        let translator = translate(Array(sample.body.utf8), context: sample.context, end: sample.end)
        #expect(translator.result == sample.expected)
        #expect(translator.sink.violations == [])
        #expect(
            translator.hasEmitted
                == translator.sink.events.contains { if case .blockStart = $0 { true } else { false } })
    }

    @Test(arguments: StreamSample.all)
    func `a cut anywhere makes no difference`(_ sample: StreamSample) {
        let body = Array(sample.body.utf8)
        let whole = translate(body, context: sample.context, end: sample.end)
        let wrong = share(of: 0...body.count).filter { cut in
            let translator = translate(body, context: sample.context, cuts: [cut], end: sample.end)
            return translator.sink != whole.sink || translator.outcome != whole.outcome
        }
        #expect(wrong == [])
    }

    @Test(arguments: StreamSample.all)
    func `pieces of any size make no difference`(_ sample: StreamSample) {
        let body = Array(sample.body.utf8)
        let whole = translate(body, context: sample.context, end: sample.end)
        var random = SplitMix(state: 42)
        #expect(translate(body, context: sample.context, cuts: Array(body.indices), end: sample.end).sink == whole.sink)
        for _ in share(of: 0..<20) {
            let cuts = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                Int.random(in: 0...body.count, using: &random)
            }
            let pieces = translate(body, context: sample.context, cuts: cuts.sorted(), end: sample.end)
            #expect(pieces.sink == whole.sink && pieces.outcome == whole.outcome, "cuts at \(cuts)")
        }
    }

    @Test(arguments: StreamSample.all)
    func `an answer cut short is never made whole`(_ sample: StreamSample) {
        let body = Array(sample.body.utf8)
        for length in share(of: 0..<body.count) {
            let translator = translate(Array(body[..<length]), context: sample.context, end: .truncated)
            if translator.sink.violations != [] { Issue.record("\(translator.sink.violations) after \(length) bytes") }
            // Only what comes behind the finish reason may be missing.
            guard case .completed = translator.outcome, sample.end == .complete else { continue }
            #expect(translator.sink.transcript.dropLast() == sample.expected.dropLast(), "\(length) bytes")
        }
    }

    @Test func `text is sent as soon as it comes`() {
        var translator = MessageStreamTranslator(
            context: sampleContext(), identifiers: CountingIdentifiers(), sink: RecordingSink())
        func send(_ body: String) -> [String] {
            let bytes = Array(body.utf8)
            unsafe bytes.withUnsafeBytes { unsafe translator.receive($0) }
            return translator.sink.transcript
        }
        #expect(send(text("a")) == ["text: a (open)"])
        #expect(send(text(" <")) == ["text: a  (open)"])
        #expect(send(text("b <tool")) == ["text: a <b  (open)"])
        #expect(send(text("box")) == ["text: a <b <toolbox (open)"])
        #expect(
            send(call(0, function("x", "Bash", #"{\"command\": \"l"#))).last == #"toolu_1 Bash: {"command": "l (open)"#)
        #expect(send(call(0, arguments("s"))).last == #"toolu_1 Bash: {"command": "ls (open)"#)
        #expect(translator.outcome == .streaming)
    }

    @Test func `the answer ends as soon as reason and usage are known`() {
        var translator = MessageStreamTranslator(
            context: sampleContext(), identifiers: CountingIdentifiers(), sink: RecordingSink())
        let body = Array((text("a") + chunk("{}", finish: "stop")).utf8)
        unsafe body.withUnsafeBytes { unsafe translator.receive($0) }
        #expect(translator.outcome == .streaming)
        let usage = Array(usageChunk.utf8)
        unsafe usage.withUnsafeBytes { unsafe translator.receive($0) }
        let expected = Usage(inputTokens: 30, outputTokens: 7, cacheReadInputTokens: 60, cacheCreationInputTokens: 10)
        #expect(translator.outcome == .completed(expected, .endTurn))
        // An error behind the end is not the client's concern.
        let late = Array(#"data: {"error":"late"}"#.utf8)
        unsafe late.withUnsafeBytes { unsafe translator.receive($0) }
        translator.finish(.truncated)
        #expect(translator.outcome == .completed(expected, .endTurn))
    }

    @Test func `a runaway number of calls fails`() {
        let body = (0...300).map { (index: Int) in call(index, function("c\(index)", "Bash")) }.joined()
        #expect(translate(body).result.last == "failed: unreadable")
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

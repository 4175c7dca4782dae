// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// A client runs a call whose end it sees. Arguments that end in the middle must therefore never get one, whatever the
/// upstream says about the end and wherever they are cut.
@Suite struct CutCallTests {
    private static let arguments =
        #"{"command":"rm -rf \u00e9 \\ x","timeout":12,"background":true,"more":{"a":[1,{}]}}"#

    /// How an answer may end after the call.
    private static let ends = [
        chunk("{}", finish: "stop") + usageChunk + done, chunk("{}", finish: "tool_calls") + usageChunk,
        chunk("{}", finish: "tired") + usageChunk + done, chunk("{}", finish: "length") + usageChunk + done,
        chunk("{}", finish: "stop"), done, usageChunk + done,
        chunk("{}", finish: "content_filter"), chunk("{}", finish: "abort"), "",
    ]

    /// Where the text ends behind a whole value, so that only brackets are missing.
    private static func isMendable(_ text: some StringProtocol) -> Bool {
        guard text != arguments, let last = text.last else { return false }
        let isWholeString = last == "\"" && (text.hasSuffix(#"x""#))
        return isWholeString || text.hasSuffix("true") || last == "}" || last == "]"
    }

    private static func escaped(_ text: some StringProtocol) -> String {
        String(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    @Test(arguments: Self.ends)
    func `a call is closed if it is whole or lacks only brackets, and never otherwise`(_ end: String) {
        for length in 1..<Self.arguments.utf8.count {
            let text = Self.arguments.prefix(length)
            let translator = translate(call(0, function("a", "Bash", Self.escaped(text))) + end)
            let isClosed = translator.sink.events.contains { if case .blockStop = $0 { true } else { false } }
            let isModelsOwn = !end.isEmpty && !["length", "content_filter", "abort"].contains(where: end.contains)
            #expect(isClosed == (isModelsOwn && Self.isMendable(text)), "\(text) before \(end)")
            #expect(translator.sink.violations == [])
            guard case .completed(_, let reason) = translator.outcome else { continue }
            #expect((reason == .toolUse) == isClosed, "\(text) before \(end)")
            if isModelsOwn, !isClosed { #expect(reason == .maximumTokens, "\(text) before \(end)") }
            #expect(translator.interventions[.callCut] == (isClosed ? 0 : 1))
            #expect(translator.interventions[.argumentsMended] == (isClosed ? 1 : 0))
        }
    }

    @Test(arguments: ["stop", "tool_calls", "length", "tired"])
    func `a cut call is not in a whole message`(_ reason: String) {
        for length in 1..<Self.arguments.utf8.count {
            let text = Self.arguments.prefix(length)
            guard !Self.isMendable(text) else { continue }
            let body =
                #"{"choices":[{"message":{"content":"Hi","tool_calls":[{\#(function("a", "Bash", Self.escaped(text)))}]},"#
                + #""finish_reason":"\#(reason)"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#
            var translator = MessageStreamTranslator(
                context: sampleContext(), identifiers: CountingIdentifiers(), sink: MessageAccumulator())
            let bytes = Array(body.utf8)
            unsafe bytes.withUnsafeBytes { unsafe translator.receive($0) }
            translator.finish(.complete)
            let message = String(decoding: translator.sink.message(id: "m", model: "x"), as: UTF8.self)
            #expect(message.contains(#""content":[{"type":"text","text":"Hi"}],"stop_reason":"max_tokens""#), "\(text)")
        }
    }

    @Test func `what came whole before a cut call still runs`() {
        let whole = call(0, function("a", "Bash", #"{\"command\":\"ls\"}"#))
        let body = whole + call(1, function("b", "Bash", #"{\"command\":\"rm"#)) + text("T") + ending("stop")
        #expect(
            translate(body).result == [
                #"toolu_1 Bash: {"command":"ls"}"#, #"toolu_2 Bash: {"command":"rm"#, "text: T", "tool_use 30+60+10/7",
            ])
    }

    @Test func `a cut call of which nothing was sent ends the message with max_tokens, if a reason came`() {
        let body = call(0, function("a", "Bash", "{"))
        #expect(translate(body + ending("stop")).result == ["max_tokens 30+60+10/7"])
        #expect(translate(body + done).outcome == .empty(endedProperly: false))
    }

    @Test func `arguments that are nonsense stay a failure`() {
        for nonsense in ["run ls please", #"{\"a\":ls -l}"#, "[1]", "{,}"] {
            let body = call(0, function("a", "Bash", nonsense)) + ending("stop")
            #expect(translate(body).result.last == "failed: invalidOutput", "\(nonsense)")
        }
    }
}

/// Numbers and amounts that no honest upstream sends.
@Suite struct HostileAnswerTests {
    @Test(arguments: [
        ("9223372036854775807", 1 << 40), ("1e400", 1 << 40), ("-1e400", 0), ("-5", 0), ("1.0", 1), ("12.7", 12),
        ("1e3", 1000), ("1099511627777", 1 << 40), ("-0.5", 0), ("123456789012345678901234567890", 1 << 40),
    ])
    func `a count of tokens has a range`(_ text: String, _ expected: Int) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        #expect(document.tokenCount(document.root) == expected)
        let usage = #"{"prompt_tokens":\#(text),"completion_tokens":\#(text),"cached_tokens":\#(text)}"#
        guard case .completed(let counted, _) = translate(StreamSample.one(usage: usage)).outcome else {
            Issue.record("not completed")
            return
        }
        #expect(counted.outputTokens == expected || expected == 0)
        #expect(counted.cacheReadInputTokens == expected || expected == 0)
        let message = #"{"type":"message","usage":{"input_tokens":\#(text),"cache_read_input_tokens":\#(text)}}"#
        let relayed = try #require(RelayedMessage(Array(message.utf8), requestedModel: "x"))
        #expect(relayed.usage == Usage(inputTokens: expected, cacheReadInputTokens: expected))
    }

    @Test func `an answer without end is refused while it comes`() {
        let piece = String(repeating: "x", count: 1 << 20)
        let endless = [
            text(piece), chunk("{\"reasoning_content\":\"\(piece)\"}"), call(0, function("a", "Bash", piece)),
            call(0, #""function":{"arguments":"\#(piece)"}"#), text("<tool_call>\\n<function=Bash>\\n" + piece),
        ]
        for event in endless {
            var translator = MessageStreamTranslator(
                context: sampleContext(), identifiers: CountingIdentifiers(), sink: MessageAccumulator())
            let bytes = Array(event.utf8)
            var count = 0
            while !translator.isFinal, count < 80 {
                unsafe bytes.withUnsafeBytes { unsafe translator.receive($0) }
                count += 1
            }
            #expect(translator.isFinal && count <= 66)
        }
    }

    @Test func `white space without end is read in little time and memory, and what follows it is understood`() {
        let pieces = [" \r\n", "\n", "   ", "\u{FEFF} ", "\n  "]
        for piece in pieces {
            for (body, expected) in [
                (text("x") + ending(), ["text: x", "end_turn 30+60+10/7"]),
                (
                    #"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}"#,
                    ["text: x", "end_turn 77+0+0/1"]
                ),
            ] {
                var translator = MessageStreamTranslator(
                    context: sampleContext(), identifiers: CountingIdentifiers(), sink: RecordingSink())
                let isLine = !piece.hasSuffix(" ")
                let first = Array(piece.utf8)
                let space = Array(String(repeating: piece.hasPrefix("\u{FEFF}") ? " " : piece, count: 1000).utf8)
                unsafe first.withUnsafeBytes { unsafe translator.receive($0) }
                for _ in 0..<50 { unsafe space.withUnsafeBytes { unsafe translator.receive($0) } }
                let rest = Array(body.utf8)
                unsafe rest.withUnsafeBytes { unsafe translator.receive($0) }
                translator.finish(.complete)
                // A line of an event does not begin with a space.
                if isLine || body.hasPrefix("{") && !piece.hasPrefix("\u{FEFF}") {
                    #expect(translator.result == expected, "\(Array(piece.utf8))")
                }
                #expect(translator.sink.violations == [])
            }
        }
    }
}

extension StreamSample {
    fileprivate static func one(usage: String) -> String { text("x") + chunk("{}", finish: "stop", usage: usage) }
}

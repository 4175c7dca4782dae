// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct EventWritingTests {
    private func feed(_ sink: inout some MessageEventSink) {
        sink.receive(.blockStart(index: 0, .thinking))
        sink.receive(.blockDelta(index: 0, .thinking(Array(#"h\"m"#.utf8)[...])))
        sink.receive(.blockDelta(index: 0, .signature(Array("s".utf8)[...])))
        sink.receive(.blockStop(index: 0))
        sink.receive(.blockStart(index: 1, .text))
        sink.receive(.blockDelta(index: 1, .text(Array(#"Hi\n"#.utf8)[...])))
        sink.receive(.blockStop(index: 1))
        sink.receive(.blockStart(index: 2, .toolUse(id: "toolu_1", name: "B\"x")))
        sink.receive(.blockDelta(index: 2, .inputJSON(Array(#"{\"a\":\"\\n\"}"#.utf8)[...])))
        sink.receive(.blockStop(index: 2))
        sink.receive(.blockStart(index: 3, .toolUse(id: "toolu_2", name: "cut")))
        sink.receive(.blockDelta(index: 3, .inputJSON(Array(#"{\"a"#.utf8)[...])))
        let usage = Usage(inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheCreationInputTokens: 4)
        sink.receive(.messageDelta(.toolUse, stopSequence: nil, usage))
        sink.receive(.messageStop)
    }

    @Test func `events are written as the Messages API spells them`() {
        var writer = EventStreamWriter()
        self.feed(&writer)
        let events = String(decoding: writer.take(), as: UTF8.self).split(separator: "\n\n").map(String.init)
        #expect(
            events == [
                "event: content_block_start\n"
                    + #"data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
                "event: content_block_delta\n"
                    + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\"m"}}"#,
                "event: content_block_delta\n"
                    + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}"#,
                "event: content_block_stop\n" + #"data: {"type":"content_block_stop","index":0}"#,
                "event: content_block_start\n"
                    + #"data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
                "event: content_block_delta\n"
                    + #"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi\n"}}"#,
                "event: content_block_stop\n" + #"data: {"type":"content_block_stop","index":1}"#,
                "event: content_block_start\n"
                    + #"data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"B\"x","input":{}}}"#,
                "event: content_block_delta\n"
                    + #"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":\"\\n\"}"}}"#,
                "event: content_block_stop\n" + #"data: {"type":"content_block_stop","index":2}"#,
                "event: content_block_start\n"
                    + #"data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"cut","input":{}}}"#,
                "event: content_block_delta\n"
                    + #"data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a"}}"#,
                "event: message_delta\n"
                    + #"data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":1,"#
                    + #""cache_creation_input_tokens":4,"cache_read_input_tokens":3,"output_tokens":2}}"#,
                "event: message_stop\n" + #"data: {"type":"message_stop"}"#,
            ])
    }

    @Test func `a message is the same events folded, without the call that was cut off`() {
        var accumulator = MessageAccumulator()
        self.feed(&accumulator)
        #expect(
            String(decoding: accumulator.message(id: "msg_1", model: "m"), as: UTF8.self)
                == #"{"id":"msg_1","type":"message","role":"assistant","model":"m","content":["#
                + #"{"type":"thinking","thinking":"h\"m","signature":"s"},{"type":"text","text":"Hi\n"},"#
                + #"{"type":"tool_use","id":"toolu_1","name":"B\"x","input":{"a":"\n"}}],"stop_reason":"tool_use","#
                + #""stop_sequence":null,"usage":{"input_tokens":1,"cache_creation_input_tokens":4,"#
                + #""cache_read_input_tokens":3,"output_tokens":2}}"#)
    }

    @Test func `the events around a message`() throws {
        #expect(
            String(decoding: MessageStart.event(id: "msg_1", model: "a\"b", usageEstimate: 9), as: UTF8.self)
                == "event: message_start\n"
                + #"data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"a\"b","#
                + #""content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,"#
                + #""cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}"# + "\n\n")
        let error = EventStreamWriter.errorEvent(type: "api_error", message: "a\nb", requestID: "req_1")
        #expect(
            String(decoding: error, as: UTF8.self)
                == "event: error\n"
                + #"data: {"type":"error","error":{"type":"api_error","message":"a\nb"},"request_id":"req_1"}"# + "\n\n"
        )
    }

    @Test func `ids have the usual form and differ`() {
        var identifiers = ToolUseIdentifiers(source: SplitMix(state: 1))
        let ids = (0..<1000).map { _ in identifiers.next() }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.hasPrefix("toolu_") && $0.count == 30 && $0.allSatisfy { $0.isASCII } })
    }

    @Test(arguments: StreamSample.all)
    func `a stream and a message say the same`(_ sample: StreamSample) throws {
        var translator = MessageStreamTranslator(
            context: sample.context, identifiers: CountingIdentifiers(), sink: MessageAccumulator())
        let body = Array(sample.body.utf8)
        unsafe body.withUnsafeBytes { unsafe translator.receive($0) }
        translator.finish(sample.end)
        let document = try JSONDocument(parsing: translator.sink.message(id: "m", model: "m"))
        guard case .completed(_, let reason) = translator.outcome else { return }
        #expect(document.string("stop_reason", of: document.root) == reason.rawValue)
        let content = try #require(document.member("content", of: document.root))
        let whole = sample.expected.dropLast().filter { !$0.hasSuffix("(open)") }
        #expect(document.elements(of: content).map { _ in 1 }.count == whole.count)
    }
}

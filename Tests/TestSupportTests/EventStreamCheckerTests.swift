// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct EventStreamCheckerTests {
    private static let start =
        #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":0}}}"#
    private static let open = #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
    private static let delta = #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#
    private static let close = #"{"type":"content_block_stop","index":0}"#
    private static let end =
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":1,"output_tokens":2}}"#
    private static let stop = #"{"type":"message_stop"}"#
    private static let toolOpen =
        #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"Bash","input":{}}}"#
    private static let toolDelta =
        #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}"#
    private static let proper = [start, open, delta, close, end, stop]

    private static func check(_ events: [String]) -> EventStreamChecker {
        let text = events.map { data in
            let type = (try? JSONValue(parsing: data))?["type"]?.string ?? ""
            return "event: \(type)\ndata: \(data)\n\n"
        }
        return EventStreamChecker.check(Array(text.joined().utf8))
    }

    @Test func `a proper stream has no problems`() {
        let checker = Self.check(Self.proper)
        #expect(checker.problems == [])
        #expect(checker.text == "Hi")
        #expect(checker.isComplete)
    }

    @Test(arguments: proper.indices)
    func `a missing event is noticed`(index: Int) {
        var events = Self.proper
        events.remove(at: index)
        // A block may be empty; everything else is needed.
        #expect((Self.check(events).problems == []) == (index == 2))
    }

    @Test(arguments: proper.indices.dropLast())
    func `a wrong order is noticed`(index: Int) {
        var events = Self.proper
        events.swapAt(index, index + 1)
        #expect(Self.check(events).problems != [])
    }

    @Test func `a call that is closed on half its input is noticed`() {
        let events = [Self.start, Self.toolOpen, Self.toolDelta, Self.close, Self.end, Self.stop]
        #expect(Self.check(events).problems.contains { $0.hasPrefix("closed on incomplete JSON") })
    }

    @Test func `data without a name and a stream without an end are noticed`() {
        #expect(
            EventStreamChecker.check(Array("data: {}\n\n".utf8)).problems.first?.hasPrefix("data without a name")
                == true)
        #expect(
            EventStreamChecker.check(Array("event: ping\ndata: {\"type\":\"ping\"}".utf8)).problems.first
                == "the stream ends within an event")
    }
}

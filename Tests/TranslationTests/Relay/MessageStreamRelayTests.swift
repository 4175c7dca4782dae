// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct MessageStreamRelayTests {
    private static let start = """
        event: message_start\r
        data: {"type": "message_start", "message": {"id":"msg_1","model":"qwen3.7-plus","content":[],"usage":{"input_tokens":25,"output_tokens":1,"cache_read_input_tokens":7}}}\r
        \r

        """
    private static let renamedStart = Self.start.replacing("qwen3.7-plus", with: "claude-\\\"x\\\"")
    private static let rest = """
        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type": "ping"}

        : a comment
        event:content_block_delta
        data:{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"event: error"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}


        """
    private static let stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"

    /// What comes out of a stream that is cut at each of `cuts`.
    private func relay(_ text: String, cuts: [Int] = [], isWhole: Bool = true) -> (String, MessageStreamRelay.Outcome) {
        var relay = MessageStreamRelay(requestedModel: "claude-\"x\"")
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        for (from, to) in zip([0] + cuts, cuts + [bytes.count]) {
            unsafe bytes[from..<to].withUnsafeBytes { unsafe relay.receive($0) }
            output += relay.take()
        }
        relay.finish(isWhole: isWhole)
        output += relay.take()
        return (String(decoding: output, as: UTF8.self), relay.outcome)
    }

    @Test func `everything but the model's name passes as it is, however it is cut`() {
        let stream = "event: ping\ndata: {}\n\n" + Self.start + Self.rest + Self.stop
        let usage = Usage(inputTokens: 25, outputTokens: 15, cacheReadInputTokens: 7)
        for cut in share(of: 0...stream.utf8.count) {
            let (output, outcome) = self.relay(stream, cuts: [cut])
            #expect(output == Self.renamedStart + Self.rest + Self.stop)
            #expect(outcome == .completed(usage))
        }
        let single = self.relay(stream, cuts: Array(1..<stream.utf8.count))
        #expect(single == (Self.renamedStart + Self.rest + Self.stop, .completed(usage)))
    }

    @Test func `an error is not passed on but told`() {
        let error =
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}\n\n"
        for before in ["", Self.start, Self.start + Self.rest] {
            let (output, outcome) = self.relay(before + error + Self.stop)
            // Nothing goes out as long as another attempt is possible.
            #expect(output == (before.contains("content_block") ? Self.renamedStart + Self.rest : ""))
            guard case .failed(let failure) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(failure.category == .overloaded)
            #expect(failure.message == "Busy")
        }
    }

    @Test func `an end in the middle is a failure, and no message at all is empty`() {
        #expect(self.relay(Self.start + Self.rest).1 == .failed(.interrupted))
        #expect(self.relay(Self.start + Self.rest + Self.stop.dropLast(3)).1 == .failed(.interrupted))
        #expect(self.relay(Self.start + Self.rest + Self.stop.dropLast(2), isWhole: false).1 == .failed(.interrupted))
        #expect(self.relay("").1 == .empty)
        #expect(self.relay("", isWhole: false).1 == .failed(.interrupted))
    }

    @Test func `the last event counts without an empty line behind it, if it is whole`() {
        let usage = Usage(inputTokens: 25, outputTokens: 15, cacheReadInputTokens: 7)
        for missing in 1...2 {
            let stream = Self.start + Self.rest + Self.stop.dropLast(missing)
            for cut in share(of: 0...stream.utf8.count) {
                let (output, outcome) = self.relay(stream, cuts: [cut])
                #expect(output == Self.renamedStart + Self.rest + Self.stop)
                #expect(outcome == .completed(usage))
            }
        }
        let error = #"event: error\#ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}"#
        guard case .failed(let failure) = self.relay(Self.start + error).1 else {
            Issue.record("no failure")
            return
        }
        #expect(failure.message == "Busy")
    }

    @Test func `a whole message becomes a stream that says the same`() throws {
        let body = #"""
            {"id":"msg_1", "type":"message","role":"assistant","model":"qwen",
             "content":[{"type":"thinking","thinking":"h\nm","signature":"s=="},{"type":"redacted_thinking","data":"xx"},
              {"type":"text","text":"é \"q\"\ud83d","citations":[{"type":"c","n":1}]},{"type":"text","text":""},
              {"type":"server_tool_use","id":"srv","name":"web_search","input":{"q": "a"}},
              {"type":"web_search_tool_result","tool_use_id":"srv","content":[{"url":"u"}]},
              {"type":"tool_use","id":"t","name":"Bash","input":{
                "command":"ls \"x\""}}],
             "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":4}}
            """#
        let message = try #require(RelayedMessage(Array(body.utf8), requestedModel: "claude-x"))
        let stream = String(decoding: message.eventStream(), as: UTF8.self)
        let expected = [
            #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":4}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\nm"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s=="}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"xx"}}"#,
            #"{"type":"content_block_stop","index":1}"#,
            #"{"type":"content_block_start","index":2,"content_block":{"type":"text","text":"","citations":[]}}"#,
            "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"text_delta\",\"text\":\"é \\\"q\\\"\u{FFFD}\"}}",
            #"{"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"type":"c","n":1}}}"#,
            #"{"type":"content_block_stop","index":2}"#,
            #"{"type":"content_block_start","index":3,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_stop","index":3}"#,
            #"{"type":"content_block_start","index":4,"content_block":{"type":"server_tool_use","id":"srv","name":"web_search","input":{}}}"#,
            #"{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{\"q\":\"a\"}"}}"#,
            #"{"type":"content_block_stop","index":4}"#,
            #"{"type":"content_block_start","index":5,"content_block":{"type":"web_search_tool_result","tool_use_id":"srv","content":[{"url":"u"}]}}"#,
            #"{"type":"content_block_stop","index":5}"#,
            #"{"type":"content_block_start","index":6,"content_block":{"type":"tool_use","id":"t","name":"Bash","input":{}}}"#,
            #"{"type":"content_block_delta","index":6,"delta":{"type":"input_json_delta","partial_json":"{\"command\":\"ls \\\"x\\\"\"}"}}"#,
            #"{"type":"content_block_stop","index":6}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":3,"output_tokens":4}}"#,
            #"{"type":"message_stop"}"#,
        ]
        let events = stream.split(separator: "\n\n").map { $0.split(separator: "\n") }
        #expect(events.map { String($0[1].dropFirst(6)) } == expected)
        for (event, data) in zip(events, expected) { #expect(data.hasPrefix(#"{"type":"\#(event[0].dropFirst(7))""#)) }
        // The stream is one that the relay takes.
        #expect(self.relay(stream).1 == .completed(Usage(inputTokens: 3, outputTokens: 4)))
    }

    @Test func `a request keeps its bytes but for the model`() throws {
        let body =
            #"{ "max_tokens":1e2, "model" : "claude-x", "messages":[{"role":"user","content":"\u00e9 \"model\":\"claude-x\""}]}"#
        let request = try MessagesRequest(parsing: Array(body.utf8))
        let expected = body.replacing("\"model\" : \"claude-x\"", with: "\"model\" : \"qwen\"")
        #expect(String(decoding: request.body(naming: "qwen"), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        (ParameterOverrides(temperature: 0.5), #""temperature":0.5,"model":"q","max_tokens":4096,"top_p": 1"#),
        (ParameterOverrides(topP: 0.9, topK: 3), #""top_k":3,"model":"q","max_tokens":4096,"top_p": 0.9"#),
        (ParameterOverrides(maximumTokens: 5000), #""model":"q","max_tokens":4096,"top_p": 1"#),
        (ParameterOverrides(maximumTokens: 50), #""model":"q","max_tokens":50,"top_p": 1"#),
        (
            ParameterOverrides(thinking: false),
            #""thinking":{"type":"disabled"},"model":"q","max_tokens":4096,"top_p": 1"#
        ),
        (
            ParameterOverrides(thinking: true),
            #""thinking":{"type":"enabled","budget_tokens":2048},"model":"q","max_tokens":4096,"top_p": 1"#
        ),
    ])
    func `what the routes say replaces the client's members, and nothing else changes`(
        overrides: ParameterOverrides, head: String,
    ) throws {
        let rest = #","messages":[{"role":"user","content":"\u00e9 \"top_p\":1"}] }"#
        let body = #"{"model":"claude-x","max_tokens":4096,"top_p": 1"# + rest
        let request = try MessagesRequest(parsing: Array(body.utf8))
        #expect(String(decoding: request.body(naming: "q", overrides), as: UTF8.self) == "{" + head + rest)
    }

    @Test(arguments: [
        (100, #"{"type":"disabled"}"#), (3000, #"{"type":"enabled","budget_tokens":1500}"#),
        (4096, #"{ "type":"enabled","budget_tokens":4000 }"#), (9000, #"{ "type":"enabled","budget_tokens":4000 }"#),
    ])
    func `a budget for thinking leaves room for an answer`(limit: Int, expected: String) throws {
        let body =
            #"{"model":"x","max_tokens":8000,"thinking":{ "type":"enabled","budget_tokens":4000 },"messages":[{"role":"user","content":"a"}]}"#
        let request = try MessagesRequest(parsing: Array(body.utf8))
        let relayed = String(
            decoding: request.body(naming: "x", ParameterOverrides(maximumTokens: limit)), as: UTF8.self)
        #expect(relayed.contains(#""thinking":\#(expected),"#), "\(relayed)")
        #expect(relayed.contains(#""max_tokens":\#(min(limit, 8000)),"#), "\(relayed)")
    }

    @Test func `a whole message keeps its bytes but for the model`() throws {
        let body = #"{"type":"message","model":"qwen","usage":{"input_tokens":3,"output_tokens":4},"content":[]}"#
        let message = try #require(RelayedMessage(Array(body.utf8), requestedModel: "claude-x"))
        #expect(String(decoding: message.body, as: UTF8.self) == body.replacing("qwen", with: "claude-x"))
        #expect(message.usage == Usage(inputTokens: 3, outputTokens: 4))
        #expect(RelayedMessage(Array(#"{"type":"error"}"#.utf8), requestedModel: "x") == nil)
        #expect(RelayedMessage(Array("<html>".utf8), requestedModel: "x") == nil)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// One answer as an upstream sends it, and what the client is to get.
struct StreamSample: Sendable, CustomTestStringConvertible {
    var name: String
    var body: String
    var expected: [String]
    var context = sampleContext()
    var end = BodyEnd.complete

    var testDescription: String { self.name }
}

/// The end `ending()` brings: 100 prompt tokens, 60 of them cached, 10 created.
private let counts = "30+60+10/7"

extension StreamSample {
    static let all: [StreamSample] =
        plain + calls + brokenCalls + markup + endings + errors + fragments + stopSequences

    static let plain: [StreamSample] = [
        StreamSample(
            name: "DashScope, with nulls everywhere",
            body:
                #"data: {"id":"c-1","choices":[{"delta":{"content":"","function_call":null,"refusal":null,"role":"assistant","#
                + #""tool_calls":null},"finish_reason":null,"index":0,"logprobs":null}],"created":1735113344,"model":"qwen","#
                + #""object":"chat.completion.chunk","service_tier":null,"system_fingerprint":null,"usage":null}"#
                + "\n\n"
                + chunk(#"{"content":"Hel","function_call":null,"role":null,"tool_calls":null}"#)
                + chunk(#"{"content":"lo, \u4f60\"\n","role":null}"#) + chunk(#"{"content":""}"#, finish: "stop")
                + usageChunk + done,
            expected: ["text: Hello, 你\"\n", "end_turn \(counts)"]),
        StreamSample(
            name: "no space behind the colon, carriage returns, comments, a byte order mark",
            body: "\u{FEFF}: hi\r\n\r\n"
                + (text("a") + ": keep-alive\n\n" + text("😀é") + ending())
                .replacing("data: ", with: "data:").replacing("\n", with: "\r\n"),
            expected: ["text: a😀é", "end_turn \(counts)"]),
        StreamSample(
            name: "no usage, no [DONE], finish with the last content",
            body: text("abcd") + chunk(#"{"content":"efgh"}"#, finish: "stop"),
            expected: ["text: abcdefgh", "end_turn 77+0+0/2"]),
        StreamSample(
            name: "usage in every chunk, zeros first, finish twice",
            body: chunk(#"{"content":"x"}"#, usage: #"{"prompt_tokens":0,"completion_tokens":0}"#)
                + chunk(#"{"content":"y"}"#, usage: #"{"prompt_tokens":5,"completion_tokens":1}"#)
                + chunk("{}", finish: "stop", usage: #"{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}"#)
                + chunk("{}", finish: "stop", usage: #"{"prompt_tokens":9,"completion_tokens":9}"#) + done,
            expected: ["text: xy", "end_turn 5+0+0/2"]),
        StreamSample(
            name: "reasoning, then text with the line ends between them",
            body: chunk(#"{"reasoning_content":""}"#) + chunk(#"{"reasoning_content":"\n"}"#)
                + chunk(#"{"reasoning_content":"hm ","content":null}"#)
                + chunk(#"{"reasoning_content":"so","content":""}"#)
                + text("\\n\\n") + text("\\nHi") + text("\\n") + ending(),
            expected: ["thinking: hm so§", "text: Hi\n", "end_turn \(counts)"]),
        StreamSample(
            name: "both names of reasoning, and content in one chunk",
            body: chunk(#"{"reasoning":"a","reasoning_content":"a"}"#)
                + chunk(#"{"reasoning":"b","content":"c"}"#) + ending(),
            expected: ["thinking: ab§", "text: c", "end_turn \(counts)"]),
        StreamSample(
            name: "names that are as long as the known ones, or spelled with escapes",
            body: chunk(#"{"reasoning_summary":"no","subject":"no","contents_of_tool_no":"no"}"#)
                + chunk(#"{"reasoning\u005fcontent":"a","c\u006fntent":"b"}"#) + ending(),
            expected: ["thinking: a§", "text: b", "end_turn \(counts)"]),
        StreamSample(
            name: "reasoning behind text does not split the text",
            body: text("one ") + chunk(#"{"reasoning_content":" wait"}"#) + text("two") + ending(),
            expected: ["text: one two", "thinking: wait§", "end_turn \(counts)"]),
        StreamSample(
            name: "white space before the text belongs to it",
            body: text("\\n ") + text(" x") + ending(), expected: ["text: \n  x", "end_turn \(counts)"]),
        StreamSample(
            name: "half a surrogate pair and an invalid byte pattern do not get through",
            body: text("a\\ud83d") + text("b") + ending(), expected: ["text: a\u{FFFD}b", "end_turn \(counts)"]),
        StreamSample(
            name: "a whole completion",
            body:
                #"  {"id":"x","choices":[{"message":{"role":"assistant","reasoning_content":"r","content":"hi","tool_calls":"#
                + #"[{"id":"a","function":{"name":"Bash","arguments":"{\"command\": \"ls\"}"}}]},"finish_reason":"tool_calls"}],"#
                + #""usage":{"prompt_tokens":4,"completion_tokens":3,"cached_tokens":1}}"#,
            expected: ["thinking: r§", "text: hi", #"toolu_1 Bash: {"command": "ls"}"#, "tool_use 3+1+0/3"]),
        StreamSample(
            name: "content in parts, a refusal",
            body: chunk(
                #"{"content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#
            )
                + chunk(#"{"refusal":"No."}"#) + ending(),
            expected: ["thinking: t§", "text: abNo.", "end_turn \(counts)"]),
    ]

    static let calls: [StreamSample] = [
        StreamSample(
            name: "a call as DashScope streams it",
            body: text("Let me.") + call(0, function("call_8f", "Bash"))
                + call(0, #""id":"","type":"function","function":{"name":null,"arguments":"{\"command\":"}"#)
                + call(0, #""id":"","type":"function","function":{"name":"","arguments":" \"ls\"}"}"#)
                + call(0, #""id":"","function":{"name":null,"arguments":null}"#) + ending("tool_calls"),
            expected: ["text: Let me.", #"toolu_1 Bash: {"command": "ls"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "the name in every fragment, the finish says stop",
            body: call(0, function("a", "Bash", #"{\"command\""#)) + call(0, function("a", "Bash", #":\"l"#))
                + call(0, function("", "Bash", #"s\"}"#)) + call(0, function("a", "Bash", "")) + ending("stop"),
            expected: [#"toolu_1 Bash: {"command":"ls"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "another id in every fragment",
            body: call(0, function("a", "Bash", #"{\"command\""#))
                + call(0, #""id":"b","function":{"arguments":":\"ls\"}"}"#) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":"ls"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "the name later than the id",
            body: call(0, #""id":"a","function":{"name":null,"arguments":"{\"comm"}"#)
                + call(0, #""function":{"name":"Bash","arguments":"and\":1}"}"#) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "interleaved fragments of two calls",
            body: call(0, function("a", "Bash")) + call(1, function("b", "Write"))
                + call(1, arguments(#"{\"content\":"#)) + call(0, arguments(#"{\"command\":"#))
                + call(1, arguments(#"\"B\"}"#)) + call(0, arguments(#"\"A\"}"#)) + ending("tool_calls"),
            expected: [
                #"toolu_1 Bash: {"command":"A"}"#, #"toolu_2 Write: {"content":"B"}"#, "tool_use \(counts)",
            ]),
        StreamSample(
            name: "two calls in one delta, no index",
            body: chunk(
                "{\"tool_calls\":[{\(function("a", "Bash", #"{\"command\":1}"#))},{\(function("b", "Bash", #"{\"command\":2}"#))}]}"
            ) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, #"toolu_2 Bash: {"command":2}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "no index, fragments without an id",
            body: call(nil, function("a", "Bash")) + call(nil, arguments(#"{\"command\":1"#))
                + call(nil, arguments("}"))
                + call(nil, function("b", "Write")) + call(nil, arguments(#"{\"content\":2}"#)) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, #"toolu_2 Write: {"content":2}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "all calls have index zero, with ids",
            body: call(0, function("a", "Bash", #"{\"command\":1}"#))
                + call(0, function("b", "Bash", #"{\"command\":"#))
                + call(0, #""id":"","function":{"arguments":"2}"}"#) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, #"toolu_2 Bash: {"command":2}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "all calls have index zero, without ids",
            body: call(0, function("", "Bash", #"{\"command\":1}"#))
                + call(0, function("", "Bash", #"{\"command\":2}"#))
                + call(0, function("", "Write", #"{\"content\":3}"#)) + ending("tool_calls"),
            expected: [
                #"toolu_1 Bash: {"command":1}"#, #"toolu_2 Bash: {"command":2}"#, #"toolu_3 Write: {"content":3}"#,
                "tool_use \(counts)",
            ]),
        StreamSample(
            name: "a call once more at the end",
            body: call(0, function("a", "Bash", #"{\"command\":1}"#))
                + call(1, function("b", "Bash", #"{\"command\":2}"#))
                + call(0, function("a", "Bash", #"{\"command\":1}"#))
                + call(1, function("b", "Bash", #"{\"command\":2}"#))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, #"toolu_2 Bash: {"command":2}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "one id for different calls",
            body: call(0, function("a", "Bash", #"{\"command\":1}"#))
                + call(1, function("a", "Bash", #"{\"command\":"#))
                + call(1, arguments("2}")) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, #"toolu_2 Bash: {"command":2}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "no arguments, in five ways",
            body: call(0, function("a", "Bash")) + call(1, function("b", "Bash", "{}"))
                + call(2, function("c", "Bash", "null")) + call(3, #""id":"d","function":{"name":"Bash"}"#)
                + call(4, #""id":"e","function":{"name":"Bash","arguments":{}}"#) + ending("tool_calls"),
            expected: (1...5).map { "toolu_\($0) Bash: {}" } + ["tool_use \(counts)"]),
        StreamSample(
            name: "an empty object first, then the arguments",
            body: call(0, function("a", "Bash", "{}")) + call(0, arguments(#"{\"command\""#))
                + call(0, arguments(":1}"))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "empty objects first, all in one fragment",
            body: call(0, function("a", "Bash", #"{} {}{\"command\":1}}"#)) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "arguments as an object, and a renamed tool",
            body: call(0, #""id":"a","function":{"name":"find_1","arguments":{"q": ["x\n", 1]}}"#)
                + ending("tool_calls"),
            expected: [#"toolu_1 find: {"q": ["x\n", 1]}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "arguments encoded twice",
            body: call(0, function("a", "Bash", #"\"{\\\"command\\\": "#)) + call(0, arguments(#"\\\"ls\\\"}\""#))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command": "ls"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "the old way of calling a function",
            body: chunk(#"{"function_call":{"name":"Bash","arguments":""}}"#)
                + chunk(#"{"function_call":{"arguments":"{\"command\":1}"}}"#) + ending("function_call"),
            expected: [#"toolu_1 Bash: {"command":1}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "white space before and behind a call",
            body: text("\\n\\n") + call(0, function("a", "Bash", "{}")) + text("\\n") + ending("tool_calls"),
            expected: ["toolu_1 Bash: {}", "tool_use \(counts)"]),
        StreamSample(
            name: "text behind a call, and in the middle of one",
            body: text("A") + call(0, function("a", "Bash", #"{\"command\":"#)) + text(" B ")
                + chunk(#"{"reasoning_content":"why"}"#) + call(0, arguments("1}"))
                + call(1, function("b", "Bash", #"{\"x\":1}"#)) + text("\\nC") + ending("tool_calls"),
            expected: [
                "text: A", #"toolu_1 Bash: {"command":1}"#, "thinking: why§", "text: B ", #"toolu_2 Bash: {"x":1}"#,
                "text: C", "tool_use \(counts)",
            ]),
        StreamSample(
            name: "a finish that says tool_calls although there are none",
            body: text("x") + ending("tool_calls"), expected: ["text: x", "end_turn \(counts)"]),
        StreamSample(
            name: "a call that never gets a name",
            body: text("x") + call(0, #""id":"a","function":{"arguments":"{}"}"#) + ending("tool_calls"),
            expected: ["text: x", "end_turn \(counts)"]),
    ]

    static let brokenCalls: [StreamSample] = [
        StreamSample(
            name: "a missing brace",
            body: call(0, function("a", "Bash", #"{\"command\":\"ls\""#)) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":"ls"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "a brace too many, and a trailing comma",
            body: call(0, function("a", "Bash", #"{\"command\":1}"#)) + call(0, arguments("}"))
                + call(1, function("b", "Plan", #"{\"steps\":[1,2, "#)) + call(1, arguments(#"], }"#))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":1}"#, #"toolu_2 Plan: {"steps":[1,2]}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "Python's way of writing it",
            body: call(0, function("a", "Bash", #"{'command': 'it\\'s \"x\"', "#))
                + call(0, arguments(#"\"background\": True, 'timeout': None,}"#)) + ending("tool_calls"),
            expected: [
                #"toolu_1 Bash: {"command": "it's \"x\"", "background": true, "timeout": null}"#, "tool_use \(counts)",
            ]),
        StreamSample(
            name: "a raw line end inside a string",
            body: call(0, function("a", "Bash", #"{\"command\":\"a\nb\",\"timeout\":5}"#)) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":"a\nb","timeout":5}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "an escape that is none",
            body: call(0, function("a", "Bash", #"{\"command\":\"grep \\"#)) + call(0, arguments(#"d+\"}"#))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":"grep \\d+"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "arguments that are no object at all",
            body: text("x") + call(0, function("a", "Bash", "run ls please")) + ending("tool_calls"),
            expected: ["text: x (open)", "failed: invalidOutput"]),
        StreamSample(
            name: "a mistake that was already sent",
            body: call(0, function("a", "Bash", #"{\"command\":tru"#)) + call(0, arguments("s}"))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":trus} (open)"#, "failed: invalidOutput"]),
        StreamSample(
            name: "a mistake that was already sent, and more behind it",
            body: call(0, function("a", "Bash", #"{\"command\":tru"#)) + call(0, arguments("s}")) + text("behind")
                + call(1, function("b", "Bash", "{}")) + chunk(#"{"reasoning_content":"r"}"#) + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":trus} (open)"#, "failed: invalidOutput"]),
        StreamSample(
            name: "the token limit inside arguments",
            body: text("x") + call(0, function("a", "Write", #"{\"content\":\"half"#)) + ending("length"),
            expected: ["text: x", #"toolu_1 Write: {"content":"half (open)"#, "max_tokens \(counts)"]),
        StreamSample(
            name: "the token limit inside the second call",
            body: call(0, function("a", "Bash", #"{\"command\":1}"#)) + call(1, function("b", "Write"))
                + ending("length"),
            expected: [#"toolu_1 Bash: {"command":1}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "the token limit inside held arguments",
            body: text("x") + call(0, function("a", "Bash", #"\"{"#)) + ending("length"),
            expected: ["text: x", "max_tokens \(counts)"]),
    ]
}

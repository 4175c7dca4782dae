// SPDX-License-Identifier: Apache-2.0

@testable import Translation

private let counts = "30+60+10/7"

extension StreamSample {
    static let markup: [StreamSample] = [
        StreamSample(
            name: "thinking between tags",
            body: text("<thi") + text("nk>\\nlet me") + text(" see</th") + text("ink>\\n\\nHi") + ending(),
            expected: ["thinking: let me see§", "text: Hi", "end_turn \(counts)"]),
        StreamSample(
            name: "an opening tag behind white space that is escaped",
            body: text("\\u0020") + text("\\n") + text(" <think>why</think>Hi") + ending(),
            expected: ["thinking: why§", "text: Hi", "end_turn \(counts)"]),
        StreamSample(
            name: "empty tags",
            body: text("<think>\\n\\n</think>\\n\\nHi") + ending(), expected: ["text: Hi", "end_turn \(counts)"]),
        StreamSample(
            name: "a closing tag alone",
            body: chunk(#"{"reasoning_content":"r"}"#) + text("</think>") + text("\\nHi") + ending(),
            expected: ["thinking: r§", "text: Hi", "end_turn \(counts)"]),
        StreamSample(
            name: "a closing tag behind text",
            body: text("So.") + text("\\u003c/think>\\n\\nHi") + ending(),
            expected: ["text: So.\n\nHi", "end_turn \(counts)"]),
        StreamSample(
            name: "text about the tags",
            body: text("Write `<think>` and `</think>`, a < b") + text(" <") + ending(),
            expected: ["text: Write `<think>` and `</think>`, a < b <", "end_turn \(counts)"]),
        StreamSample(
            name: "a call the model wrote as text",
            body: text("I look.\\n\\n<tool") + text("_call>\\n<function=Bash>\\n<parameter=command>\\nls </para")
                + text("meter>\\n</parameter>\\n<parameter=timeout>\\n5\\n</parameter>\\n<parameter=background>True")
                + text("</parameter>\\n</function>\\n</tool_call>") + ending("stop"),
            expected: [
                "text: I look.\n\n", #"toolu_1 Bash: {"command":"ls </parameter>","timeout":5,"background":true}"#,
                "tool_use \(counts)",
            ]),
        StreamSample(
            name: "two of them without the outer tags",
            body: text("<function=Bash><parameter=command>a</parameter></function>\\n</tool_call>\\n")
                + text("<function=Plan><parameter=steps>[1]</parameter><parameter=meta>{'a':1}</parameter>")
                + text("<parameter=anything>7</parameter></function> ") + ending("stop"),
            expected: [
                #"toolu_1 Bash: {"command":"a"}"#, #"toolu_2 Plan: {"steps":[1],"meta":{"a":1},"anything":"7"}"#,
                "tool_use \(counts)",
            ]),
        StreamSample(
            name: "in Hermes' form, with and without the closing tag",
            body: text(#"<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"</tool_call>\"}}</tool_call>\n"#)
                + text(#"<tool_call>\n{\"name\": \"find_1\", \"arguments\": \"{\\\"q\\\":1}\"}\n"#) + ending("stop"),
            expected: [
                #"toolu_1 Bash: {"command":"</tool_call>"}"#, #"toolu_2 find: {"q":1}"#, "tool_use \(counts)",
            ]),
        StreamSample(
            name: "with the tags of other models",
            body: text(#"I look.\n<function_calls>\n<invoke name=\"Bash\">\n<parameter name=\"command\">ls </para"#)
                + text(#"meter></invo</parameter>\n<parameter name=\"timeout\" string=\"false\">5</parameter>\n</inv"#)
                + text(#"oke>\n<invoke name=Plan><parameter name=steps>[1]</parameter></invoke>\n</function_"#)
                + text("calls>") + ending("stop"),
            expected: [
                "text: I look.\n", #"toolu_1 Bash: {"command":"ls </parameter></invo","timeout":5}"#,
                #"toolu_2 Plan: {"steps":[1]}"#, "tool_use \(counts)",
            ]),
        StreamSample(
            name: "text about those tags",
            body: text(#"</function_calls> <invoke name=\"Nope\"></invoke> <invoke"#) + ending("stop"),
            expected: [#"text: </function_calls> <invoke name="Nope"></invoke> <invoke"#, "end_turn \(counts)"]),
        StreamSample(
            name: "a call of a tool that does not exist is text",
            body: text("<tool_call>\\n<function=Nope>\\n</function></tool_call> <function=") + text("x> <tool_call> y")
                + ending("stop"),
            expected: [
                "text: <tool_call>\n<function=Nope>\n</function></tool_call> <function=x> <tool_call> y",
                "end_turn \(counts)",
            ]),
        StreamSample(
            name: "without tools there are no calls",
            body: text("<function=Bash>\\n</function>") + ending("stop"),
            expected: ["text: <function=Bash>\n</function>", "end_turn \(counts)"], context: sampleContext(tools: [])),
        StreamSample(
            name: "the closing tags are missing",
            body: text("<tool_call><function=Bash><parameter=command>a</parameter>") + ending("stop"),
            expected: [#"toolu_1 Bash: {"command":"a"}"#, "tool_use \(counts)"]),
        StreamSample(
            name: "the token limit inside a written call",
            body: text("x<tool_call><function=Bash><parameter=command>a") + ending("length"),
            expected: ["text: x", "max_tokens \(counts)"]),
        StreamSample(
            name: "a written call that breaks off with a stop is cut off like one at the token limit",
            body: text("x<function=Bash><parameter=command>a") + ending("stop"),
            expected: ["text: x", "max_tokens \(counts)"]),
    ]

    static let endings: [StreamSample] = [
        StreamSample(
            name: "the token limit", body: text("x") + ending("length"), expected: ["text: x", "max_tokens \(counts)"]),
        StreamSample(
            name: "the token limit before anything visible", body: text("\\n") + ending("length"),
            expected: ["max_tokens \(counts)"]),
        StreamSample(
            name: "the content filter", body: text("x") + ending("content_filter"),
            expected: ["text: x", "refusal \(counts)"]),
        StreamSample(
            name: "an unknown reason", body: text("x") + ending("tired"),
            expected: ["text: x", "end_turn \(counts)"]),
        StreamSample(
            name: "the reason null as a string",
            body: chunk(#"{"content":"x"}"#, finish: "null") + text("y") + ending(),
            expected: ["text: xy", "end_turn \(counts)"]),
        StreamSample(
            name: "[DONE] without a reason", body: text("x") + usageChunk + done,
            expected: ["text: x", "end_turn \(counts)"]),
        StreamSample(
            name: "no line behind the last event", body: text("x") + chunk("{}", finish: "stop") + "data: [DONE]",
            expected: ["text: x", "end_turn 77+0+0/1"]),
        StreamSample(
            name: "cut off behind the reason", body: text("x") + chunk("{}", finish: "stop") + "data: {\"usa",
            expected: ["text: x", "end_turn 77+0+0/1"], end: .truncated),
        StreamSample(
            name: "the end of the stream without a reason", body: text("x"),
            expected: ["text: x (open)", "failed: interrupted"]),
        StreamSample(
            name: "a whole call without a reason", body: call(0, function("a", "Bash", #"{\"x\":1}"#)),
            expected: [#"toolu_1 Bash: {"x":1} (open)"#, "failed: interrupted"]),
        StreamSample(
            name: "half a call and [DONE]", body: call(0, function("a", "Bash", #"{\"x\":tru"#)) + done,
            expected: [#"toolu_1 Bash: {"x":tru (open)"#, "max_tokens 77+0+0/3"]),
        StreamSample(
            name: "a connection that broke", body: text("x") + "data: {",
            expected: ["text: x (open)", "failed: interrupted"],
            end: .truncated),
        StreamSample(name: "nothing", body: "", expected: ["empty"]),
        StreamSample(name: "only keep-alives", body: ": wait\n\n: wait\n\n", expected: ["empty"]),
        StreamSample(name: "nothing, and broken", body: "", expected: ["failed: interrupted"], end: .truncated),
        StreamSample(
            name: "an answer without content", body: chunk(#"{"role":"assistant","content":""}"#) + ending(),
            expected: ["empty"]),
        StreamSample(name: "only a usage", body: usageChunk + done, expected: ["empty"]),
        StreamSample(
            name: "an empty answer before a stop sequence", body: ending(), expected: ["end_turn \(counts)"],
            context: sampleContext(stop: ["</b>"])),
        StreamSample(
            name: "the stop sequence, where the upstream tells it",
            body: text("<b>no")
                + #"data: {"choices":[{"delta":{},"finish_reason":"stop","stop_reason":"</b>"}],"usage":{"prompt_tokens":1}}"#
                + "\n\n",
            expected: ["text: <b>no", "stop_sequence(</b>) 1+0+0/0"], context: sampleContext(stop: ["</b>"])),
    ]

    static let errors: [StreamSample] = [
        StreamSample(
            name: "DashScope's error event with the status in a comment",
            body: "id:1\nevent:error\n:HTTP_STATUS/429\n"
                + #"data:{"code":"Throttling.AllocationQuota","message":"Allocated quota exceeded, please increase your quota limit."}"#
                + "\n\n",
            expected: ["failed: rateLimited"]),
        StreamSample(
            name: "an error behind text",
            body: text("x")
                + #"data: {"error":{"message":"<503> InternalError.Algo: Too many requests","code":"ModelServingError"}}"#
                + "\n\n" + ending(),
            expected: ["text: x (open)", "failed: overloaded"]),
        StreamSample(
            name: "error_finish",
            body: chunk(#"{"content":"Requests throttling triggered"}"#, finish: "error_finish") + done,
            expected: ["failed: rateLimited"]),
        StreamSample(
            name: "an error in place of a stream",
            body: #"{"error":{"message":"no","type":"invalid_request_error","code":"invalid_api_key"}}"#,
            expected: ["failed: invalidCredentials"]),
        StreamSample(
            name: "a web page in place of a stream", body: "\n<!doctypehtml><html><body>Captcha</body></html>",
            expected: ["failed: unreadable"]),
        StreamSample(
            name: "a chunk that is no JSON", body: text("x") + "data: oops\n\n" + ending(),
            expected: ["text: x (open)", "failed: unreadable"]),
        StreamSample(name: "plain text", body: "Service says no", expected: ["failed: unreadable"]),
        StreamSample(
            name: "half a completion", body: #"{"choices":[{"message":{"content":"x"#,
            expected: ["failed: interrupted"], end: .truncated),
    ]
}

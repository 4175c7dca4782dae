// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// The end that `ending()` brings.
private let counts = "30+60+10/7"

extension StreamSample {
    private static let end = sampleContext(stop: ["END"])

    private static func reasoning(_ text: String) -> String { chunk("{\"reasoning_content\":\"\(text)\"}") }

    /// What upstreams that ignore `stop`, or leave the sequence in the text, send to a client that gave one.
    static let stopSequences: [StreamSample] = [
        StreamSample(
            name: "a stop sequence that the upstream ignores",
            body: text("a EN") + text("D b") + text("c") + ending(),
            expected: ["text: a ", "stop_sequence(END) 77+0+0/1"],
            context: end),
        StreamSample(
            name: "a stop sequence that the upstream stops at and leaves in the text",
            body: text("a ") + text("END") + ending(), expected: ["text: a ", "stop_sequence(END) 77+0+0/1"],
            context: end),
        StreamSample(
            name: "a stop sequence in the last chunk, which has the usage",
            body: chunk(
                #"{"content":"a END"}"#, finish: "length", usage: #"{"prompt_tokens":5,"completion_tokens":3}"#),
            expected: ["text: a ", "stop_sequence(END) 5+0+0/3"], context: end),
        StreamSample(
            name: "the beginning of a stop sequence that does not go on",
            body: text("a E") + text("N") + text("X EEN") + text("!") + ending(),
            expected: ["text: a ENX EEN!", "end_turn \(counts)"], context: end),
        StreamSample(
            name: "the beginning of a stop sequence at the end", body: text("a EN") + ending(),
            expected: ["text: a EN", "end_turn \(counts)"], context: end),
        StreamSample(
            name: "nothing but a stop sequence", body: text("END") + text("b"),
            expected: ["stop_sequence(END) 77+0+0/0"],
            context: end),
        StreamSample(
            name: "a stop sequence after thinking", body: reasoning("the END is near") + text("ENDb") + ending(),
            expected: ["thinking: the END is near§", "stop_sequence(END) 77+0+0/4"], context: end),
        StreamSample(
            name: "a stop sequence in thinking between tags",
            body: text("<think>END</thi") + text("nk>a EN") + text("D</b>") + ending(),
            expected: ["thinking: END§", "text: a ", "stop_sequence(END) 77+0+0/2"], context: end),
        StreamSample(
            name: "a stop sequence in the arguments of a call",
            body: text("a EN") + call(0, function("x", "Bash", #"{\"command\":\"END\"}"#)) + ending("tool_calls"),
            expected: ["text: a EN", #"toolu_1 Bash: {"command":"END"}"#, "tool_use \(counts)"], context: end),
        StreamSample(
            name: "a stop sequence in the arguments of a written call",
            body: text("<function=Bash><parameter=command>END</parameter></function>") + ending(),
            expected: [#"toolu_1 Bash: {"command":"END"}"#, "tool_use \(counts)"], context: end),
        StreamSample(
            name: "a call after the stop sequence",
            body: text("a END") + call(0, function("x", "Bash", #"{\"command\":\"ls\"}"#)) + ending("tool_calls"),
            expected: ["text: a ", "stop_sequence(END) 77+0+0/1"], context: end),
        StreamSample(
            name: "a stop sequence after a call",
            body: call(0, function("x", "Bash", #"{\"command\":\"ls\"}"#)) + text("a EN") + text("D b") + ending(),
            expected: [#"toolu_1 Bash: {"command":"ls"}"#, "text: a ", "tool_use 77+0+0/6"], context: end),
        StreamSample(
            name: "a stop sequence beside a call that is not whole",
            body: call(0, function("x", "Bash", #"{\"command\":"#)) + text("a END b") + call(0, arguments(#"\"ls\"}"#))
                + ending("tool_calls"),
            expected: [#"toolu_1 Bash: {"command":"ls"}"#, "text: a END b", "tool_use \(counts)"], context: end),
        StreamSample(
            name: "a stop sequence between thoughts",
            body: text("a E") + reasoning("hm") + text("ND b") + ending(),
            expected: ["text: a ", "thinking: hm§", "stop_sequence(END) 77+0+0/1"],
            context: end),
        StreamSample(
            name: "the sequence that is complete first", body: text("xAB") + text("CD"),
            expected: ["text: xA", "stop_sequence(BC) 77+0+0/1"], context: sampleContext(stop: ["ABCD", "BC"])),
        StreamSample(
            name: "of two that end together the longer one", body: text("xA") + text("BC"),
            expected: ["text: x", "stop_sequence(ABC) 77+0+0/1"], context: sampleContext(stop: ["BC", "ABC", "C "])),
        StreamSample(
            name: "a stop sequence that begins anew inside itself", body: text("xaa") + text("ab"),
            expected: ["text: xa", "stop_sequence(aab) 77+0+0/1"], context: sampleContext(stop: ["aab"])),
        StreamSample(
            name: "a stop sequence of white space", body: text("a\\n") + text("\\n b"),
            expected: ["text: a", "stop_sequence(\n\n) 77+0+0/1"], context: sampleContext(stop: ["\n\n"])),
        StreamSample(
            name: "a stop sequence in other spellings", body: text("x\\u003C\\/") + text("b\\u00e9>y"),
            expected: ["text: x", "stop_sequence(</bé>) 77+0+0/1"], context: sampleContext(stop: ["</bé>"])),
        StreamSample(
            name: "a stop sequence of two halves", body: text("x\\ud83d") + text("\\ude00y"),
            expected: ["text: x", "stop_sequence(😀) 77+0+0/1"], context: sampleContext(stop: ["😀"])),
        StreamSample(
            name: "a stop sequence that looks like markup", body: text("<block>no</bl") + text("ock> why"),
            expected: ["text: <block>no", "stop_sequence(</block>) 77+0+0/3"],
            context: sampleContext(stop: ["</block>"])),
        StreamSample(
            name: "a stop sequence in a whole answer",
            body:
                #"{"choices":[{"message":{"content":"a END b","tool_calls":[{"id":"x","function":{"name":"Bash","arguments":"{}"}}]},"#
                + #""finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":9}}"#,
            expected: ["text: a ", "stop_sequence(END) 5+0+0/9"], context: end),
        StreamSample(
            name: "a stop sequence across the parts of a whole answer",
            body:
                #"{"choices":[{"message":{"content":[{"type":"text","text":"a E"},{"type":"text","text":"ND"},{"thinking":"x"}]},"#
                + #""finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":9}}"#,
            expected: ["text: a ", "stop_sequence(END) 5+0+0/9"], context: end),
    ]
}

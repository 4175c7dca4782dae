// SPDX-License-Identifier: Apache-2.0

@testable import Translation

private let counts = "30+60+10/7"

private func read(_ arguments: String) -> [String] { ["toolu_1 Read: \(arguments)", "tool_use \(counts)"] }

private let fragmentTools = [
    DeclaredTool(name: "Read", parameters: ["path": .string]),
    DeclaredTool(name: "Task", parameters: ["prompt": .string]),
    DeclaredTool(name: "TaskOutput", parameters: ["id": .string]),
    DeclaredTool(name: "gogo"),
    DeclaredTool(name: "Output", parameters: ["id": .string]),
    DeclaredTool(
        name: "TodoWrite",
        parameters: [
            "todos": .array, "meta": .object, "limit": .integer, "ratio": .number, "all": .boolean, "any": [],
            "text": .string, "both": [.string, .array], "maybe": [.integer, .null],
        ]),
]

private func oneCall() -> ResponseContext {
    sampleContext(tools: fragmentTools, allowsParallelCalls: false)
}

extension StreamSample {
    static let fragments: [StreamSample] = names + halves + unwrapped + single

    private static func fragment(_ name: String, _ body: String, _ expected: [String]) -> StreamSample {
        StreamSample(name: name, body: body, expected: expected, context: sampleContext(tools: fragmentTools))
    }

    private static let names: [StreamSample] = [
        fragment(
            "every fragment under an id of its own, without a name (LM Studio)",
            call(0, function("1", "Read")) + call(0, function("2", "", #"{\"pa"#))
                + call(0, function("3", "", #"th\":\"a"#)) + call(0, function("4", "", #".txt\"}"#))
                + ending("tool_calls"), read(#"{"path":"a.txt"}"#)),
        fragment(
            "the same for two calls, and with more behind the first one",
            call(0, function("1", "Read")) + call(0, function("2", "", #"{\"path\":\"a\"}"#))
                + call(0, function("3", "", "")) + call(1, function("4", "Read"))
                + call(1, function("5", "", #"{\"path\":\"b\"}"#)) + call(1, function("6", "", "\\n"))
                + ending("tool_calls"),
            [#"toolu_1 Read: {"path":"a"}"#, #"toolu_2 Read: {"path":"b"}"#, "tool_use \(counts)"]),
        fragment(
            "the name in pieces",
            call(0, function("c", "Re")) + call(0, #""function":{"name":"ad","arguments":""}"#)
                + call(0, arguments(#"{\"path\":\"a\"}"#)) + ending("tool_calls"), read(#"{"path":"a"}"#)),
        fragment(
            "the name in single letters, the id each time",
            ["R", "e", "a", "d"].map { call(0, function("c", $0)) }.joined()
                + call(0, function("c", "", #"{\"path\":\"a\"}"#)) + ending("tool_calls"), read(#"{"path":"a"}"#)),
        fragment(
            "the name in pieces, another id each time, the arguments with the last one",
            call(0, function("1", "Re")) + call(0, function("2", "ad", #"{\"path\":"#))
                + call(0, function("3", "", #"\"a\"}"#)) + ending("tool_calls"), read(#"{"path":"a"}"#)),
        fragment(
            "the name so far each time",
            call(0, function("c", "R")) + call(0, function("c", "Rea")) + call(0, function("c", "Read"))
                + call(0, function("c", "Read", #"{\"path\":\"a\"}"#)) + ending("tool_calls"), read(#"{"path":"a"}"#)),
        fragment(
            "a name that begins with another one",
            call(0, function("c", "Task")) + call(0, #""function":{"name":"Out"}"#)
                + call(0, #""function":{"name":"put"}"#) + call(0, arguments("{}")) + ending("tool_calls"),
            ["toolu_1 TaskOutput: {}", "tool_use \(counts)"]),
        fragment(
            "two equal halves of a name",
            call(0, function("c", "go")) + call(0, #""function":{"name":"go","arguments":"{}"}"#)
                + ending("tool_calls"),
            ["toolu_1 gogo: {}", "tool_use \(counts)"]),
        fragment(
            "two names that make a third are two calls",
            call(0, function("", "Task")) + call(0, function("", "Output")) + ending("tool_calls"),
            ["toolu_1 Task: {}", "toolu_2 Output: {}", "tool_use \(counts)"]),
    ]

    private static let halves: [StreamSample] = [
        fragment(
            "a character in two deltas",
            text("a\\ud83d") + text("\\ude00b") + text("\\ud83d") + text("\\ude01") + ending(),
            ["text: a😀b😁", "end_turn \(counts)"]),
        fragment(
            "halves that are never completed",
            text("\\ude00a\\ud83d") + text("\\ud83d\\ude00b\\ud83d") + text("c\\ud83d") + ending(),
            ["text: \u{FFFD}a\u{FFFD}😀b\u{FFFD}c\u{FFFD}", "end_turn \(counts)"]),
        fragment(
            "a character of the reasoning in two deltas, and one that the text cuts",
            chunk(#"{"reasoning_content":"a\ud83d"}"#) + chunk(#"{"reasoning":"\ude00b\ud83d"}"#) + text("c\\ud83d")
                + text("\\ude00") + ending(),
            ["thinking: a😀b\u{FFFD}§", "text: c😀", "end_turn \(counts)"]),
        fragment(
            "a character of the text that a call cuts",
            text("a\\ud83d") + call(0, function("c", "Task", "{}")) + ending(),
            ["text: a\u{FFFD}", "toolu_1 Task: {}", "tool_use \(counts)"]),
        fragment(
            "characters of two calls, interleaved",
            call(0, function("c", "Read", #"{\"path\":\"a\ud83d"#))
                + call(1, function("d", "Read", #"{\"path\":\"b\ud83d"#))
                + call(0, arguments(#"\ude00\"}"#)) + call(1, arguments(#"\ude01\ud83d\"}"#)) + ending("tool_calls"),
            [#"toolu_1 Read: {"path":"a😀"}"#, "toolu_2 Read: {\"path\":\"b😁\u{FFFD}\"}", "tool_use \(counts)"]),
        fragment(
            "an escape of the arguments themselves in two deltas",
            call(0, function("c", "Read", #"{\"path\":\"\\ud8"#)) + call(0, arguments(#"3d\\u"#))
                + call(0, arguments(#"de00\"}"#)) + ending("tool_calls"), read(#"{"path":"\ud83d\ude00"}"#)),
    ]

    private static func todo(_ name: String, _ pieces: [String], _ expected: String) -> StreamSample {
        fragment(
            name,
            call(0, function("c", "TodoWrite")) + pieces.map { call(0, arguments($0)) }.joined() + ending("tool_calls"),
            ["toolu_1 TodoWrite: \(expected)", "tool_use \(counts)"])
    }

    private static let unwrapped: [StreamSample] = [
        todo(
            "an array as a string of JSON", [#"{\"todos\":\"[{\\\"a\\\":"#, #"1}]\",\"text\":\"[1]\"}"#],
            #"{"todos":[{"a":1}],"text":"[1]"}"#),
        todo(
            "each type as a string of JSON",
            [
                #"{\"meta\": \"{}\" ,\"limit\":\" 5 \",\"ratio\":\"1.5e3\",\"all\":\"True\",\"maybe\":\"null\","#,
                #"\"todos\":\"[\n]\"}"#,
            ],
            #"{"meta": {} ,"limit":5,"ratio":1.5e3,"all":true,"maybe":null,"todos":["# + "\n]}"),
        todo(
            "what the schema allows as a string stays one", [#"{\"any\":\"[1]\",\"both\":\"[1]\",\"other\":\"1\"}"#],
            #"{"any":"[1]","both":"[1]","other":"1"}"#),
        todo(
            "what is no JSON, or JSON of another type, stays a string",
            [#"{\"todos\":\"[1\",\"limit\":\"many\",\"all\":\"1\",\"meta\":\"[]\",\"ratio\":\"\"}"#],
            #"{"todos":"[1","limit":"many","all":"1","meta":"[]","ratio":""}"#),
        todo(
            "a member of the same name deeper inside is another one",
            [#"{\"meta\":{\"limit\":\"5\"},\"todos\":[\"5\"]}"#],
            #"{"meta":{"limit":"5"},"todos":["5"]}"#),
        todo(
            "in Python's quotes, and encoded twice", [#"{'todos': '[1, 2]', \"limit\": '3'}"#],
            #"{"todos": [1, 2], "limit": 3}"#),
        fragment(
            "the name behind the arguments",
            call(0, #""id":"c","function":{"arguments":"{\"limit\":\"5\"}"}"#)
                + call(0, #""function":{"name":"TodoWrite"}"#) + ending("tool_calls"),
            [#"toolu_1 TodoWrite: {"limit":5}"#, "tool_use \(counts)"]),
        fragment(
            "a value that is cut",
            call(0, function("c", "TodoWrite", #"{\"limit\":1,\"todos\":\"[1]"#)) + ending("stop"),
            [#"toolu_1 TodoWrite: {"limit":1,"todos": (open)"#, "max_tokens \(counts)"]),
    ]

    private static let single: [StreamSample] = [
        StreamSample(
            name: "one call at most",
            body: call(0, function("a", "Read", #"{\"path\":\"a\"}"#))
                + call(1, function("b", "Read", #"{\"path\":\"b\"}"#))
                + call(2, function("c", "Read", "nonsense")) + text("T") + ending("tool_calls"),
            expected: [#"toolu_1 Read: {"path":"a"}"#, "text: T", "tool_use \(counts)"], context: oneCall()),
        StreamSample(
            name: "one call at most, the second one in the text",
            body: call(0, function("a", "Task", "{}"))
                + text("<tool_call>\\n<function=Read>\\n<parameter=path>a</parameter>\\n</function>\\n</tool_call>")
                + ending(),
            expected: ["toolu_1 Task: {}", "tool_use \(counts)"], context: oneCall()),
    ]
}

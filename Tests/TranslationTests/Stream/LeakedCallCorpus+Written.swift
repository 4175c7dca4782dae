// SPDX-License-Identifier: Apache-2.0

@testable import Translation

private let ls = "toolu_1 Bash: {\"command\":\"ls\"}"
private let call = "<tool_call>\n<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>"

extension LeakedCallCase {
    /// Written by hand after what is publicly known of models and servers.
    static let calls: [LeakedCallCase] = [
        Self(source: "Qwen3-Coder without the outer tag", text: String(call.dropFirst(12)), blocks: [ls]),
        Self(source: "directly behind text", text: "Let me look.\(call)", blocks: ["text: Let me look.", ls]),
        Self(
            source: "the end-of-turn token leaks as well", text: "\(call)<|im_end|>", blocks: [ls, "text: <|im_end|>"]),
        Self(
            source: "the same behind text", text: "So.\(call)<|im_end|>", blocks: ["text: So.", ls, "text: <|im_end|>"]),
        Self(
            source: "a made-up result follows", text: "\(call)\n<tool_response>\na.txt\n</tool_response>",
            blocks: [ls, "text: <tool_response>\na.txt\n</tool_response>"]),
        Self(source: "prose in the next paragraph", text: "\(call)\n\nNow I wait.", blocks: [ls, "text: Now I wait."]),
        Self(source: "Qwen2.5-Coder, in a code block", text: "```xml\n\(call)\n```", blocks: [ls]),
        Self(
            source: "the same behind prose", text: "I run it:\n\n~~~~\n\(call)\n~~~~\n",
            blocks: ["text: I run it:\n\n", ls]),
        Self(
            source: "two calls in one code block", text: "```\n\(call)\n\(call)\n```",
            blocks: [ls, ls.replacing("_1", with: "_2")]),
        Self(
            source: "a missing </parameter> between parameters",
            text: "<function=Bash>\n<parameter=command>\nls -la\n<parameter=timeout>\n5\n</parameter>\n</function>",
            blocks: ["toolu_1 Bash: {\"command\":\"ls -la\",\"timeout\":5}"]),
        Self(
            source: "the same on one line",
            text: "<function=Bash><parameter=command>ls<parameter=timeout>5</parameter></function>",
            blocks: ["toolu_1 Bash: {\"command\":\"ls\",\"timeout\":5}"]),
        Self(source: "the last </parameter>", text: call.replacing("</parameter>\n", with: ""), blocks: [ls]),
        Self(
            source: "the same twice", text: call.replacing("</parameter>\n", with: "") + "\n" + call,
            blocks: [ls, ls.replacing("_1", with: "_2")]),
        Self(source: "</function> and all behind it", text: String(call.dropLast(25)), blocks: [ls]),
        Self(source: "only </function>", text: call.replacing("</function>\n", with: ""), blocks: [ls]),
        Self(source: "Windows line ends", text: call.replacing("\n", with: "\r\n"), blocks: [ls]),
        Self(
            source: "Python's quotes in Hermes' form",
            text: "<tool_call>\n{'name': 'Bash', 'arguments': {'command': 'ls', 'background': True}}\n</tool_call>",
            blocks: ["toolu_1 Bash: {\"command\": \"ls\", \"background\": true}"]),
        Self(
            source: "a missing last bracket (Hermes)",
            text: "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"ls\"}</tool_call>", blocks: [ls]),
        Self(
            source: "the same, and nothing behind it",
            text: "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"ls\"}", blocks: [ls]),
        Self(
            source: "OpenAI's members in Hermes' form",
            text:
                "<tool_call>{\"type\":\"function\",\"function\":{\"name\":\"Bash\",\"arguments\":{\"command\":\"ls\"}}}</tool_call>",
            blocks: [ls]),
        Self(
            source: "a raw line end in a string (Hermes)",
            text: "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"a\nb\"}}</tool_call>",
            blocks: ["toolu_1 Bash: {\"command\":\"a\\nb\"}"]),
        Self(source: "behind a closed code span", text: "In `a.txt`:\n\(call)", blocks: ["text: In `a.txt`:\n", ls]),
        Self(
            source: "behind an apostrophe", text: "That's it, don't wait\n\(call)",
            blocks: ["text: That's it, don't wait\n", ls]),
        Self(source: "behind a closed code block", text: "```\nx\n```\n\(call)", blocks: ["text: ```\nx\n```\n", ls]),
        Self(source: "behind a stray back quote", text: "Use ` so.\n\n\(call)", blocks: ["text: Use ` so.\n\n", ls]),
        Self(
            source: "behind a mention", text: "I write <tool_call> now:\n\(call)",
            blocks: ["text: I write <tool_call> now:\n", ls]),
        Self(
            source: "behind a quoted mention", text: "`<tool_call>` it is.\n\n\(call)",
            blocks: ["text: `<tool_call>` it is.\n\n", ls]),
        Self(source: "an opening tag twice", text: "<tool_call>\n\(call)", blocks: ["text: <tool_call>\n", ls]),
        Self(
            source: "QwenLM/Qwen3 reasoning", place: .reasoning, text: "I look.\n\(call)",
            blocks: ["thinking: I look.\n§", ls]),
        Self(source: "only the call in the reasoning", place: .reasoning, text: "\n\(call)\n", blocks: [ls]),
        Self(
            source: "in think tags", text: "<think>\nI look.\n\(call)\n</think>\n",
            blocks: ["thinking: I look.\n§", ls]),
        Self(
            source: "in think tags that stay open", text: "<think>I look.\n\(call)",
            blocks: ["thinking: I look.\n§", ls]),
        Self(source: "behind think tags", text: "<think>hm</think>\n\n\(call)", blocks: ["thinking: hm§", ls]),
    ]

    /// Texts that must pass as they are.
    static let innocents: [LeakedCallCase] = {
        let texts = [
            "A call looks so:\n\n```xml\n\(call)\n```\n\nThat is the format.",
            "```\n\(call)\n\(call)\n", "```xml\n\(call)\n```\n```xml\nx\n```", "````\n```\n\(call)\n```\n````",
            "~~~\n```\n~~~x\n\(call)\n~~~\n.", "- item\n\n  ```\n  \(call)\n  ```\n- next",
            "> ```\n> \(call)\n> ```\n.",
            "`\(call)`", "``a ` \(call)`` x", "\"\(call)\"", "It prints:\n\"\(call)\"\nand ends", "(\"\(call)\")",
            "<function=Nope>\n<parameter=a>\nb\n</parameter>\n</function>", "<tool_call>", "<tool_call>\n",
            "x <function=Bash>",
            "<tool_call>{\"name\":\"Nope\",\"arguments\":{}}</tool_call>", "<tool_call>{\"a\":1}</tool_call>",
            "<tool_call>[1]</tool_call>", "<tool_call>\nnot a call\n</tool_call>", "a < b <c> </tool_call> </function>",
            "<function=Bash>\nis an opening tag", "Use <function=Bash> or <invoke name=\"Bash\">.", "~~", "``", "```",
            "<", "`<",
            "The model wrote \(call) in its text.", "\(call) is a call.", "- \(call) and more\n", "1. `\(call)`",
            "```\(call)```.",
            "<function=Bash><parameter=command>a</parameter><parameter=command>b</parameter></function>",
        ]
        return texts.filter { !$0.hasPrefix("```\n\(call)\n\(call)\n") }.map {
            Self(source: "written", text: $0, blocks: ["text: \($0)"], stopReason: "end_turn")
        }
    }()

    /// Calls of which something is missing that cannot be known.
    static let cut: [LeakedCallCase] = [
        ("", "<function=Bash><parameter=command>rm -rf /home/u/proj"),
        ("x", "<tool_call>\n<function=Bash>\n<parameter=comm"),
        ("", "<tool_call>\n<function=Bash>\n<parameter=command>\nls\n</param"), ("", "<function=Bash>\n<para"),
        ("So.\n", "<function=Write>\n<parameter=file_path>\na\n</parameter>\n<parameter=content>\nhalf"),
        ("", "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"rm -rf /home"),
        ("", "<tool_call>{\"name\":\"Bash\""),
        ("", "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":"),
        ("", "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"timeout\":5"),
        ("", "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"a\":tru"),
        ("", "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"a\":\"x\\"),
        ("", "<tool_call>{\"name\":\"Bash\","),
        ("", "<invoke name=\"Bash\"><parameter name=\"command\">a</parameter></inv"),
    ].map { before, call in
        Self(
            source: "written", text: before + call, blocks: before.isEmpty ? [] : ["text: \(before)"],
            stopReason: "max_tokens")
    }

    /// Reasoning that only thinks about a call.
    static let thoughts: [LeakedCallCase] = [
        "I could write\n\(call)\nbut not yet.", "I write \(call.split(separator: "\n").joined())", "```\n\(call)\n```",
        "`\n\(call)`",
        "Then\n<tool_call>\n<function=Bash>\n<parameter=command>\nls", "<tool_call>",
        "Not\n<function=Nope>\n</function>",
        "\(call)\n\(call.dropLast(3))x", "\(call)\n<|im_end|>",
    ].map {
        Self(source: "written", place: .reasoning, text: $0, blocks: ["thinking: \($0)§"], stopReason: "end_turn")
    }
}

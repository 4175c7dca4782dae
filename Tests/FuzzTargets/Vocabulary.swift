// SPDX-License-Identifier: Apache-2.0

/// Pieces of text that a random change hardly ever finds by itself.
enum Vocabulary {
    static let json = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "0", "-", "-0", "1.5", "1e5", "1E-2", "01",
        ".", "\"\"",
        "{}", "[]", "[[]]", "{\"a\":1}", ",\"a\":1", "[1,2]", "\\n", "\\\"", "\\\\", "\\u0041", "\\u0000", "\\ud83d",
        "\\ude00",
        "\\ud83d\\ude00", "é", "你", "😀", "\u{7F}", "\u{0}", "\u{1F}", "\u{FEFF}", " ", "\n", "\t", "\r", "    ",
        "0123456789abcdef", "99999999999999999999", "\u{D7FF}", "\u{E000}", "\u{10FFFF}", "//", "NaN", "Infinity",
    ]

    static let events = [
        "\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "data:", "data: ", "data", "event:", "event: error", "id: 1",
        "retry: 1",
        ":", ": keep-alive", ":HTTP_STATUS/429", "data: [DONE]\n\n", "[DONE]", "\u{FEFF}", "data:{}\n\n",
        "event: ping\n\n",
    ]

    static let chunks =
        Self.json + [
            "<think>", "</think>", "<tool_call>", "</tool_call>", "<function=Read>", "<parameter=file_path>",
            "</parameter>", "</function>", "{\\\"", "\\\"}", "\"content\":", "\"reasoning_content\":",
            "\"tool_calls\":",
            "\"finish_reason\":\"stop\"", "\"finish_reason\":\"tool_calls\"", "\"finish_reason\":\"length\"",
            "\"finish_reason\":null", "\"index\":0", "\"index\":1", "\"id\":\"call_0\"", "\"name\":\"Read\"",
            "\"arguments\":", "\"usage\":", "\"error\":", "\"code\":", "\"message\":",
            "{\"error\":{\"message\":\"x\"}}",
            "Throttling", "<503>", "END", "\"choices\":[]", "\"delta\":{}",
        ]

    static let markup = [
        "<tool_call>", "</tool_call>", "<function_calls>", "</function_calls>", "<function=Read>", "<function=Bash>",
        "<function=Nope>", "<parameter=file_path>", "<parameter=limit>", "<parameter=command>", "</parameter>",
        "</function>",
        "<invoke name=\"Bash\">", "<parameter name=\"command\">", "</invoke>", "{\"name\":\"Bash\",\"arguments\":{",
        "}}",
        "{\"name\": \"Read\", \"arguments\": {\"file_path\": \"a\"}}", "\n", "\n\n", "\r\n", " ", "    ", "`", "``",
        "```", "```xml\n",
        "~~~", "\n```\n", "> ", "- ", "1. ", "\"", "'", "“", "”", "«", "»", "「", "」", "<|im_end|>", "<", ">", "{", "}",
        "x", ".", "\\",
        "<think>", "</think>", "é", "😀",
    ]

    static let blocks = [
        "{\"type\":\"text\",\"text\":\"x\"}", "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"Read\",\"input\":{}}",
        "{\"type\":\"tool_result\",\"tool_use_id\":\"a\",\"content\":\"r\"}",
        "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"}",
        "{\"role\":\"user\",\"content\":\"u\"}", "{\"role\":\"assistant\",\"content\":\"a\"}",
        "{\"role\":\"system\",\"content\":[]}", "\"role\":\"assistant\"", "\"role\":\"user\"", "\"role\":\"system\"",
        "\"tool_use\"",
        "\"tool_result\"", "\"image\"", "\"document\"", "\"tool_reference\"",
        "\"cache_control\":{\"type\":\"ephemeral\"}", "\"a\"", "\"b\"",
        "\"is_error\":true", "\"defer_loading\":true", "\"tool_choice\":{\"type\":\"any\"}", "\"type\":\"none\"",
    ]
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Requests in the form in which Claude Code sends them, with words of our own.
enum SampleRequest {
    static func plain(_ text: String = "Say hello.", stream: Bool = true) -> JSONValue {
        [
            "model": "claude-sonnet-5-5", "max_tokens": 1_024, "stream": .bool(stream),
            "messages": [["role": "user", "content": .string(text)]],
        ]
    }

    static func replacing(_ key: String, _ value: JSONValue, in request: JSONValue) -> JSONValue {
        .object((request.object ?? [:]).merging([key: value]) { _, new in new })
    }

    /// With a tool, so that a call can be answered by the client.
    static func withTools(_ text: String = "Run it.", stream: Bool = true) -> JSONValue {
        Self.replacing("tools", [Self.shell, Self.reader], in: Self.plain(text, stream: stream))
    }

    static let shell: JSONValue = [
        "name": "Bash", "description": "Runs a command.",
        "input_schema": [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "properties": ["command": ["type": "string"], "timeout": ["type": "number", "maximum": 600_000]],
            "required": ["command"], "additionalProperties": false,
        ],
    ]

    static let reader: JSONValue = [
        "name": "Read", "description": "",
        "input_schema": ["type": "object", "properties": ["file_path": ["type": "string"]]],
    ]

    /// The head of a main request: billing block, three system blocks, a system message in second place, a placeholder
    /// among the tools, and every parameter that means nothing to the upstream.
    static func main(stream: Bool = true) -> JSONValue {
        let mark: JSONValue = ["type": "ephemeral"]
        return [
            "model": "claude-opus-5-5", "max_tokens": 128_000, "stream": .bool(stream),
            "system": [
                ["type": "text", "text": "x-anthropic-billing-header: cc_version=2.1.330.d01; cc_entrypoint=sdk-cli;"],
                ["type": "text", "text": "You are an assistant for tests.", "cache_control": mark],
                ["type": "text", "text": "Work carefully.", "cache_control": mark],
            ],
            "messages": [
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "<system-reminder>\nA note.\n</system-reminder>"],
                        ["type": "text", "text": "Do the work.", "cache_control": mark],
                    ],
                ],
                [
                    "role": "system",
                    "content": [["type": "text", "text": "The date is today.", "cache_control": mark]],
                    "output_config": ["effort": "high"],
                ],
                [
                    "role": "assistant",
                    "content": [
                        ["type": "thinking", "thinking": "I should.", "signature": ""],
                        ["type": "text", "text": "I will."],
                        ["type": "tool_use", "id": "toolu_a", "name": "Bash", "input": ["command": "true"]],
                        ["type": "tool_use", "id": "toolu_b", "name": "Read", "input": ["file_path": "/x"]],
                    ],
                ],
                [
                    "role": "user",
                    "content": [
                        ["type": "tool_result", "tool_use_id": "toolu_b", "content": [["type": "text", "text": "b"]]],
                        ["type": "tool_result", "tool_use_id": "toolu_a", "is_error": true, "cache_control": mark],
                        ["type": "text", "text": "Go on."],
                    ],
                ],
                ["role": "system", "content": []],
            ],
            "tools": [
                Self.shell, Self.reader,
                [
                    "name": "DeferredToolPlaceholder", "description": "-", "defer_loading": true,
                    "input_schema": ["type": "object"],
                ],
                [
                    "name": "CronList", "description": "Lists.", "defer_loading": true,
                    "input_schema": ["type": "object"],
                ],
            ],
            "metadata": ["user_id": "{\"device_id\":\"d\"}"],
            "thinking": ["type": "adaptive", "display": "updates"],
            "context_management": ["edits": [["type": "clear_thinking_20251015", "keep": "all"]]],
            "output_config": ["effort": "medium"], "speed": "fast", "service_tier": "auto",
            "safeguards": [["type": "dangerous_tool_use", "classifier_context": ["v": 1]]],
            "some_field_of_next_year": ["x": 1],
        ]
    }
}

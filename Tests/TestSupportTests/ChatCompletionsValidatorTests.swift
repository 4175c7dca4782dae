// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// A validator that lets everything pass would make every end-to-end test pass.
@Suite struct ChatCompletionsValidatorTests {
    private static let call: JSONValue = [
        "role": "assistant", "content": "",
        "tool_calls": [["id": "a", "type": "function", "function": ["name": "Bash", "arguments": "{}"]]],
    ]
    private static let result: JSONValue = ["role": "tool", "tool_call_id": "a", "content": "done"]
    private static let user: JSONValue = ["role": "user", "content": "Hi"]
    private static let system: JSONValue = ["role": "system", "content": "Be good."]

    private static func request(_ messages: [JSONValue], _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["model": "m", "messages": .array(messages)].merging(more) { _, new in new })
    }

    @Test func `a proper conversation has no problems`() {
        let validator = ChatCompletionsValidator()
        let tool: JSONValue = ["type": "function", "function": ["name": "Bash", "parameters": ["type": "object"]]]
        let body = Self.request(
            [Self.system, Self.user, Self.call, Self.result],
            [
                "tools": [tool], "tool_choice": "auto", "max_tokens": 100, "stream": true,
                "stream_options": ["include_usage": true],
            ])
        #expect(validator.problems(in: body) == [])
        let headers = [(name: "Authorization", value: "Bearer x"), (name: "Content-Type", value: "application/json")]
        #expect(validator.problems(in: CapturedRequest(headers: headers, body: body.bytes)) == [])
    }

    @Test(arguments: [
        [], [system], [user, system], [user, user], [user, call], [user, call, user], [user, result],
        [user, call, result, result],
        [user, ["role": "assistant", "content": ""], user], [user, ["role": "assistant", "content": "Hi"]],
        [["role": "user"]], [["role": "user", "content": ""]], [["role": "user", "content": []]],
        [["role": "developer", "content": "x"], user], [["role": "user", "content": [["type": "tool_result"]]]],
        [user, ["role": "assistant", "content": "", "tool_calls": []], user],
        [
            user,
            [
                "role": "assistant", "content": "",
                "tool_calls": [["id": "a", "type": "function", "function": ["name": "Bash", "arguments": "{"]]],
            ], result,
        ],
        [
            user,
            [
                "role": "assistant", "content": "",
                "tool_calls": [["id": "a", "type": "function", "function": ["name": "Bash", "arguments": "\"x\""]]],
            ], result,
        ],
        [user, call, result, call, result],
    ])
    func `a broken conversation is objected to`(messages: [JSONValue]) {
        #expect(ChatCompletionsValidator().problems(in: Self.request(messages)) != [])
    }

    @Test(
        arguments: [
            ["max_tokens": 128_000], ["max_tokens": 0], ["tools": []], ["thinking": ["type": "adaptive"]],
            ["tool_choice": "auto"],
            ["temperature": 2], ["top_p": 0], ["stop": []], ["stream_options": ["include_usage": true]],
            ["tools": [["type": "function", "function": ["name": "search", "parameters": ["type": "object"]]]]],
            ["tools": [["type": "function", "function": ["name": "a", "parameters": [:]]]]],
            ["tools": [["name": "a", "input_schema": ["type": "object"]]]],
        ] as [[String: JSONValue]])
    func `a wrong parameter is objected to`(more: [String: JSONValue]) {
        #expect(ChatCompletionsValidator().problems(in: Self.request([Self.user], more)) != [])
    }

    @Test func `headers of the client are objected to`() {
        let request = CapturedRequest(
            headers: [(name: "anthropic-beta", value: "x"), (name: "x-api-key", value: "y")],
            body: Self.request([Self.user]).bytes)
        #expect(ChatCompletionsValidator().problems(in: request).count == 4)
    }
}

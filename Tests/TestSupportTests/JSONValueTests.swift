// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct JSONValueTests {
    @Test func `reads what it writes`() throws {
        let value: JSONValue = [
            "text": "é 你好 👩‍👩‍👧 \"q\" \\ \n\t\u{1}", "list": [1, -2.5, true, nil, [], [:]], "whole": 1_735_113_344,
        ]
        #expect(try JSONValue(parsing: value.text) == value)
        #expect(try JSONValue(parsing: #" {"a" : "\ud83d\ude00\u00e9\/" } "#) == ["a": "😀é/"])
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "01", "1.", "-", "+1", "nul", "\"\n\"", "\"\\x\"", "\"\\ud800\"",
        "[1] 2",
        "{\"a\":1,\"a\":2}", "'a'", "\"open",
    ])
    func `refuses what is not JSON`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }
}

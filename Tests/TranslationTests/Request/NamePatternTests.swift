// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct NamePatternTests {
    @Test(arguments: [
        ("*", "", true), ("", "", true), ("", "a", false), ("claude-haiku-*", "claude-haiku-4", true),
        ("claude-haiku-*", "claude-opus", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("*-thinking*", "q-thinking", true),
        ("*a*b", "xaxbxab", true), ("*a*b", "xaxbx", false), ("q3.[56]-p", "q3.5-p", true),
        ("q3.[56]-p", "q3.7-p", false),
        ("m[1m", "m[1m", true), ("a**b", "ab", true), ("[]a", "[]a", true),
    ])
    func `a pattern matches the whole name`(pattern: String, name: String, expected: Bool) {
        #expect(NamePattern(pattern).matches(name) == expected)
    }

    @Test func `a nasty pattern takes no longer than both lengths together`() {
        let pattern = NamePattern(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5_000)))
    }
}

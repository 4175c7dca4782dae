// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct GlobTests {
    @Test(arguments: [
        ("*", ""), ("*", "x"), ("claude-*", "claude-"), ("claude-*", "Claude-Opus"), ("*coder*", "qwen3-coder-plus"),
        ("qwen?.5", "qwen3.5"), ("a*b*c", "aXbXbXc"), ("exact", "exact"), ("", ""), ("a**b", "ab"),
    ]) func `matches`(pattern: String, name: String) {
        #expect(Glob(pattern).matches(name))
    }

    @Test(arguments: [
        ("claude-*", "claude"), ("exact", "exactly"), ("qwen?", "qwen"), ("", "a"), ("a*b", "ac"), ("?", ""),
        ("a*a*a*a*a*a*a*b", String(repeating: "a", count: 5000)),
    ]) func `does not match`(pattern: String, name: String) {
        #expect(!Glob(pattern).matches(name))
    }

    @Test func `the more a pattern fixes, the earlier it comes`() {
        let patterns = ["*", "qwen*", "qwen3-coder-*", "qwen?", "qwen3-coder-plus"].map { Glob($0) }
        let sorted = patterns.sorted(by: Glob.isMoreSpecific).map(\.pattern)
        #expect(sorted == ["qwen3-coder-plus", "qwen3-coder-*", "qwen?", "qwen*", "*"])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration
@testable import Credentials

@Suite struct ResourceURLTests {
    @Test(
        arguments: [
            (nil, "https://portal.qwen.ai/v1"), ("", "https://portal.qwen.ai/v1"), ("  ", "https://portal.qwen.ai/v1"),
            ("portal.qwen.ai", "https://portal.qwen.ai/v1"), (" Portal.Qwen.ai/ ", "https://portal.qwen.ai/v1"),
            ("https://portal.qwen.ai/v1/", "https://portal.qwen.ai/v1"),
            ("dashscope.aliyuncs.com/compatible-mode/v1", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
            ("https://dashscope.aliyuncs.com/compatible-mode", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
            ("mine.example:8443", "https://mine.example:8443/v1"),
        ] as [(String?, String)]) func `an address is made of what the file says`(text: String?, expected: String)
        throws
    {
        #expect(try ResourceURL.baseURL(of: text, trusting: TrustedHosts(additional: ["mine.example"])) == expected)
    }

    @Test(arguments: [
        ("http://portal.qwen.ai", ResourceURL.Failure.notHTTPS), ("evil.com", .untrusted(host: "evil.com")),
        ("portal.qwen.ai.evil.com", .untrusted(host: "portal.qwen.ai.evil.com")),
        ("evilqwen.ai", .untrusted(host: "evilqwen.ai")), ("portal.qwen.ai@evil.com", .notAnAddress),
        ("evil.com/.qwen.ai", .untrusted(host: "evil.com")), ("evil.com\\.qwen.ai", .notAnAddress),
        ("evil.com?.qwen.ai", .notAnAddress), ("evil.com#.qwen.ai", .notAnAddress), ("file:///etc", .notAnAddress),
        ("portal.qwen.ai\u{0}.evil.com", .notAnAddress), ("https://192.0.2.1", .untrusted(host: "192.0.2.1")),
    ]) func `the token goes nowhere else`(text: String, failure: ResourceURL.Failure) {
        #expect(throws: failure) { try ResourceURL.baseURL(of: text, trusting: TrustedHosts()) }
    }
}

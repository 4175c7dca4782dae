// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct TrustedHostsTests {
    @Test func `only hosts below the vendor's domains, and those the user adds`() {
        let hosts = TrustedHosts(additional: ["Proxy.Example.com", "*.corp.example"])
        for host in [
            "portal.qwen.ai", "dashscope.aliyuncs.com", "a.b.aliyuncs.com", "proxy.example.com", "x.corp.example",
        ] {
            #expect(hosts.contains(host))
        }
        for host in ["qwen.ai", "evilqwen.ai", "qwen.ai.evil.com", ".qwen.ai", "example.com", "corp.example", ""] {
            #expect(!hosts.contains(host))
        }
    }
}

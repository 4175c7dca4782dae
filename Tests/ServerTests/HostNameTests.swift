// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct HostNameTests {
    @Test(arguments: [
        ("localhost", "localhost"), ("LocalHost:8080", "localhost"), ("localhost.", "localhost"), ("[::1]", "::1"),
        ("[::1]:80", "::1"), ("127.0.0.1:1", "127.0.0.1"), ("example.com:", "example.com"),
    ])
    func `an authority has a host`(authority: String, host: String) {
        #expect(HostName(authority: authority)?.text == host)
    }

    @Test(arguments: [
        "", ":80", "[::1", "localhost:80@evil.example", "localhost:8o", "[::1]x", "localhost:80:80", "lok\u{212A}", ".",
        "localhost:\u{301}80",
    ])
    func `what is not an authority has none`(authority: String) {
        #expect(HostName(authority: authority) == nil)
    }

    @Test func `an origin has a host, unless it is opaque`() {
        #expect(Authority(origin: "http://localhost:3000")?.host.text == "localhost")
        #expect(Authority(origin: "https://[::1]:1")?.host.text == "::1")
        for origin in ["null", "localhost", "file://", "http://", "http://localhost:99999", "ws://localhost"] {
            #expect(Authority(origin: origin) == nil)
        }
    }

    @Test func `an origin has a port, which is the scheme's own when none is said`() {
        #expect(Authority(origin: "http://localhost:3000")?.port == 3000)
        #expect(Authority(origin: "http://localhost")?.port == 80)
        #expect(Authority(origin: "https://localhost")?.port == 443)
        #expect(Authority("localhost")?.port == nil)
    }

    @Test func `only this machine is loopback`() {
        for name in ["localhost", "127.0.0.1", "127.255.1.2", "::1"] {
            #expect(HostName(authority: name.contains(":") ? "[\(name)]" : name)?.isLoopback == true)
        }
        for name in [
            "127.0.0.1.evil.example", "127.1", "127.0.0.256", "127.0.0.+1", "localhost.evil.example", "10.0.0.1",
        ] {
            #expect(HostName(authority: name)?.isLoopback == false)
        }
    }
}

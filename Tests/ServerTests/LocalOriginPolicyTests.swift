// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct LocalOriginPolicyTests {
    private let policy = LocalOriginPolicy(
        address: ListeningAddress(host: "127.0.0.1", port: 80),
        allowedHosts: ["gateway.lan"],
    )

    @Test(arguments: ["localhost:80", "127.0.0.1", "[::1]:80", "127.9.9.9", "gateway.lan:8080", "Gateway.LAN"])
    func `local and allowed names are welcome`(host: String) {
        #expect(self.policy.objection(host: host, origin: nil, fetchSite: nil) == nil)
        #expect(self.policy.objection(host: host, origin: "http://\(host)", fetchSite: "cross-site") == nil)
    }

    @Test(arguments: ["evil.example", "127.0.0.1.evil.example", "", "gateway.lan.evil.example", "10.0.0.1"])
    func `a name that was made to lead here is refused`(host: String) {
        #expect(self.policy.objection(host: host, origin: nil, fetchSite: nil) == host)
    }

    @Test(arguments: ["https://evil.example", "null", "", "http://localhost.evil.example", "chrome-extension://abc"])
    func `a page from elsewhere is refused`(origin: String) {
        #expect(self.policy.objection(host: "localhost", origin: origin, fetchSite: nil) == origin)
    }

    @Test(arguments: ["http://localhost:9999", "http://127.0.0.1:3000", "http://[::1]:81", "https://localhost"])
    func `a page of another server on this machine is refused, unless it is allowed by name`(origin: String) throws {
        #expect(self.policy.objection(host: "localhost:80", origin: origin, fetchSite: nil) == origin)
        let page = try #require(Authority(origin: origin))
        let host = page.host.text.contains(":") ? "[\(page.host.text)]" : page.host.text
        let port = try #require(page.port)
        for (allowed, isAllowed) in [(host, true), ("\(host):\(port)", true), ("\(host):\(port + 1)", false)] {
            let policy = LocalOriginPolicy(
                address: ListeningAddress(host: "127.0.0.1", port: 80), allowedHosts: [allowed])
            let objection = policy.objection(host: "localhost:80", origin: origin, fetchSite: nil)
            #expect((objection == nil) == isAllowed, "\(allowed)")
        }
    }

    @Test func `a listener for all addresses is checked where it was reached over the loopback interface`() {
        let policy = LocalOriginPolicy(address: ListeningAddress(host: "::ffff:127.0.0.1", port: 80), allowedHosts: [])
        #expect(policy.objection(host: "evil.example", origin: nil, fetchSite: nil) == "evil.example")
        #expect(policy.objection(host: "127.0.0.1:80", origin: "https://evil.example", fetchSite: nil) != nil)
        #expect(policy.objection(host: "127.0.0.1:80", origin: nil, fetchSite: nil) == nil)
    }

    @Test func `a navigation from elsewhere is refused, one by the user is not`() {
        #expect(self.policy.objection(host: "localhost", origin: nil, fetchSite: "cross-site") == "cross-site")
        for site in ["none", "same-origin", "same-site"] {
            #expect(self.policy.objection(host: "localhost", origin: nil, fetchSite: site) == nil)
        }
    }

    @Test func `a client without a host is not a browser`() {
        #expect(self.policy.objection(host: nil, origin: nil, fetchSite: nil) == nil)
    }

    @Test func `over IPv6 it is the same`() {
        let policy = LocalOriginPolicy(address: ListeningAddress(host: "::1", port: 80), allowedHosts: [])
        #expect(policy.objection(host: "evil.example", origin: nil, fetchSite: nil) == "evil.example")
        #expect(policy.objection(host: "[::1]:80", origin: nil, fetchSite: nil) == nil)
    }

    @Test func `elsewhere than on the loopback interface anything goes`() {
        for address in [
            ListeningAddress(host: "192.168.1.2", port: 80), ListeningAddress(host: "/run/s", port: nil), nil,
        ] {
            let policy = LocalOriginPolicy(address: address, allowedHosts: [])
            #expect(
                policy.objection(host: "any.example", origin: "https://any.example", fetchSite: "cross-site") == nil)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct HostScopeTests {
    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost", "localhost.", "::ffff:127.0.0.1",
        "0:0:0:0:0:0:0:1",
        "::ffff:7f00:1",
    ])
    func `this machine`(host: String) {
        #expect(HostScope(host) == .loopback)
    }

    @Test(arguments: [
        "10.0.0.1", "192.168.0.1", "172.16.0.1", "172.31.255.255", "169.254.1.1", "100.64.0.1", "fd00::1", "fe80::1",
        "::ffff:10.0.0.1",
        "nas", "nas.local", "box.lan", "x.home.arpa", "svc.internal",
    ]) func `a private network`(host: String) {
        #expect(HostScope(host) == .private)
    }

    @Test(arguments: [
        "8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "example.com", "2001:db8::1", "::", "fc::1",
        "localhost.example.com", "127.0.0.1.example.com", "2130706433", "0x7f.1", "127.1", "127.0.0.256", "::2",
        "nonsense::x", "::ffff:8.8.8.8",
    ]) func `the rest of the world`(host: String) {
        #expect(HostScope(host) == .public)
    }
}

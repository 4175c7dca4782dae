// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct IPAddressTests {
    @Test func `an IPv4 address inside an IPv6 one is the IPv4 address`() {
        #expect(IPAddress("127.0.0.1") == .v4(0x7F00_0001))
        #expect(IPAddress("::ffff:127.0.0.1") == .v4(0x7F00_0001))
        #expect(IPAddress("::ffff:7f00:1") == .v4(0x7F00_0001))
        #expect(IPAddress("::127.0.0.1") == .v6(high: 0, low: 0x7F00_0001))
        #expect(IPAddress("2001:db8::2") == .v6(high: 0x2001_0DB8 << 32, low: 2))
    }

    @Test(arguments: ["", "localhost", "127.1", "0x7f000001", "127.0.0.1 ", "[::1]", "fe80::1%lo", "1.2.3.4.5", ":::"])
    func `anything else is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.1.2.3", "10.0.0.0", 8, true), ("11.0.0.1", "10.0.0.0", 8, false), ("10.0.0.1", "10.0.0.1", 32, true),
        ("10.0.0.2", "10.0.0.1", 32, false), ("9.9.9.9", "1.1.1.1", 0, true), ("10.0.0.1", "10.0.0.1", 33, false),
        ("10.0.0.1", "10.0.0.1", -1, false), ("2001:db8::1", "2001:db8::", 32, true),
        ("2001:db9::1", "2001:db8::", 32, false), ("2001:db8::1:1", "2001:db8::1:0", 112, true),
        ("2001:db8::2:1", "2001:db8::1:0", 112, false), ("::1", "::", 127, true), ("::1", "::", 128, false),
        ("::1", "8000::", 0, true), ("::1", "::", 129, false), ("10.0.0.1", "::", 0, false),
        ("::ffff:10.0.0.1", "10.0.0.0", 8, true),
    ])
    func `a network holds what begins like it`(address: String, network: String, prefix: Int, isInside: Bool) throws {
        let (address, network) = (try #require(IPAddress(address)), try #require(IPAddress(network)))
        #expect(address.isInside(network, prefix: prefix) == isInside)
    }

    @Test func `loopback and unspecified`() {
        #expect(["127.0.0.1", "127.255.0.3", "::1"].allSatisfy { IPAddress($0)?.isLoopback == true })
        #expect(["126.0.0.1", "128.0.0.1", "::2", "::", "0.0.0.0"].allSatisfy { IPAddress($0)?.isLoopback == false })
        #expect(["0.0.0.0", "::", "::ffff:0.0.0.0"].allSatisfy { IPAddress($0)?.isUnspecified == true })
        #expect(["0.0.0.1", "::1"].allSatisfy { IPAddress($0)?.isUnspecified == false })
    }
}

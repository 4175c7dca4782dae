// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct UnixSocketAddressTests {
    @Test func `a path of 107 bytes fits and one more does not`() {
        #expect(UnixSocketAddress.maximumPathLength == 107)
        #expect(UnixSocketAddress(path: String(repeating: "a", count: 107)) != nil)
        #expect(UnixSocketAddress(path: String(repeating: "a", count: 108)) == nil)
        #expect(UnixSocketAddress(path: String(repeating: "é", count: 54)) == nil)
    }

    @Test func `a path that would address something else is refused`() {
        #expect(UnixSocketAddress(path: "") == nil)
        #expect(UnixSocketAddress(path: "/run/a\0b") == nil)
    }
}

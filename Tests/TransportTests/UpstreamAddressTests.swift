// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite
struct UpstreamAddressTests {
    @Test(arguments: [
        ("https://dashscope.example/v1?key=x", "dashscope.example"), ("HTTP://h:8080", "h:8080"),
        ("http://user:secret@h/", "h"), ("http://a@b@h#x", "h"), ("http://[::1]:80/", "[::1]:80"),
    ])
    func `the authority is what may be named`(url: String, authority: String) {
        #expect(UpstreamAddress(url: url)?.authority == authority)
    }

    @Test(arguments: [
        "", "h", "//h", "ftp://h", "http:/h", "http://", "http://?x", "http://a b", "http://h/\r\n", "http://h/\0",
    ])
    func `anything else is no address`(url: String) {
        #expect(UpstreamAddress(url: url) == nil)
    }

    @Test func `secrets are cut out of what cannot be understood`() {
        #expect(UpstreamAddress.redacted("x://u:p@h/a?key=1#f") == "…@h/a")
        #expect(UpstreamAddress.redacted("nonsense") == "nonsense")
    }
}

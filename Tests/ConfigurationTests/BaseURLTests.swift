// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared
import Testing

@testable import Configuration

@Suite struct BaseURLTests {
    @Test(arguments: [
        ("https://host/v1", "https://host/v1"),
        ("https://HOST.example/v1/", "https://host.example/v1"),
        ("HTTPS://host/v1//", "https://host/v1"),
        ("https://host", "https://host"),
        ("https://host/v1/chat/completions", "https://host/v1"),
        ("https://host/v1//chat/completions/", "https://host/v1"),
        ("https://host/chat/completions", "https://host"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://nas.local/v1", "http://nas.local/v1"),
        ("Coding-Plan-CN", "https://coding.dashscope.aliyuncs.com/v1"),
    ]) func `what users write is made uniform`(text: String, expected: String) throws {
        #expect(try BaseURL.normalise(text, allowHTTP: false) == expected)
    }

    @Test(arguments: [
        "", "host/v1", "ftp://host", "https://", "https:///v1", "https://a:b@host/v1", "https://host?x=1",
        "https://host#x",
        "https://host\\@evil/v1", "https://host /v1", "https://host:0/", "https://host:99999/", "https://host:/v1",
        "https://host:80x/", "https://h\u{f6}st/", "https://[::1/", "https://[zz]/", "https://host/../x",
        "https://a..b/",
        "https://host/\r\nX: y", "dashscope",
    ]) func `what is not plainly an address is refused`(text: String) {
        #expect(throws: BaseURL.Objection.notAnAddress) { try BaseURL.normalise(text, allowHTTP: true) }
    }

    @Test func `plain http is for this machine and private networks, unless allowed`() throws {
        #expect(throws: BaseURL.Objection.plainHTTP(host: "example.com")) {
            try BaseURL.normalise("http://example.com/v1", allowHTTP: false)
        }
        #expect(try BaseURL.normalise("http://example.com/v1", allowHTTP: true) == "http://example.com/v1")
    }

    @Test func `every preset is a base URL in its normal form`() throws {
        for preset in Catalog.shipped.addressedPresets {
            let address = try #require(preset.baseURL)
            #expect(try BaseURL.normalise(address, allowHTTP: false) == address)
        }
    }
}

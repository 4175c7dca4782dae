// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct ContentCodingTests {
    @Test(arguments: [nil, "", " ", ",", "identity", "Identity , identity"])
    func `no coding`(value: String?) {
        #expect(ContentCoding.request(value) == .plain)
    }

    @Test(arguments: [
        ("gzip", ContentCoding.gzip), ("GZIP", .gzip), ("x-gzip", .gzip), (" gzip ", .gzip), ("identity,gzip", .gzip),
        ("deflate", .deflate), ("\tDeflate,", .deflate),
    ])
    func `a coding`(value: String, coding: ContentCoding) {
        #expect(ContentCoding.request(value) == .coded(coding))
    }

    @Test(arguments: [
        ("br", "br"), ("zstd", "zstd"), ("gzip, gzip", "gzip, gzip"), ("gzip,br", "gzip, br"), ("gzipx", "gzipx"),
        ("gzip;q=1", "gzip;q=1"),
    ])
    func `anything else is named`(value: String, name: String) {
        #expect(ContentCoding.request(value) == .unsupported(name))
    }
}

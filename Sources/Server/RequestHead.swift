// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// A request's head with what the server itself needs to know of its headers, found in one pass.
struct RequestHead: Sendable {
    let method: String
    let target: String
    let headers: HTTPHeaders
    let isKeepAlive: Bool
    /// HTTP/1.0, which knows neither chunks nor `100 Continue`.
    let isVersionZero: Bool

    private(set) var host: String?
    private(set) var hostCount = 0
    private(set) var origin: String?
    private(set) var fetchSite: String?
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var expectsContinue = false
    private(set) var asksForUpgrade = false
    /// The values of all `Content-Encoding` headers, with commas between them.
    private(set) var contentEncoding: String?

    init(
        method: String,
        target: String,
        headers: HTTPHeaders,
        isKeepAlive: Bool,
        isVersionZero: Bool,
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.isKeepAlive = isKeepAlive
        self.isVersionZero = isVersionZero
        for (name, value) in headers {
            self.note(name, value)
        }
    }

    init(_ head: HTTPRequestHead) {
        self.init(
            method: head.method.rawValue,
            target: head.uri,
            headers: head.headers,
            isKeepAlive: head.isKeepAlive,
            isVersionZero: head.version.minor == 0,
        )
    }

    var hasBody: Bool {
        self.isChunked || (self.contentLength ?? 0) > 0
    }

    private mutating func note(_ name: String, _ value: String) {
        // The length decides first: most headers of a request are none of these, and are passed over for one comparison.
        switch name.utf8.count {
        case 4 where name.isCaselessly("host"):
            self.hostCount += 1
            self.host = value
        case 6 where name.isCaselessly("origin"):
            self.origin = value
        case 6 where name.isCaselessly("expect"):
            self.expectsContinue = value.isCaselessly("100-continue")
        case 7 where name.isCaselessly("upgrade"):
            self.asksForUpgrade = true
        case 14 where name.isCaselessly("content-length"):
            // The decoder has refused a length that is no number, and a second one.
            self.contentLength = Int(value)
        case 14 where name.isCaselessly("sec-fetch-site"):
            self.fetchSite = value
        case 16 where name.isCaselessly("content-encoding"):
            self.contentEncoding = self.contentEncoding.map { "\($0),\(value)" } ?? value
        case 17 where name.isCaselessly("transfer-encoding"):
            self.isChunked = true
        default:
            break
        }
    }
}

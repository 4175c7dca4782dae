// SPDX-License-Identifier: Apache-2.0

/// A whole response, head and body. `Content-Length`, `Date`, `request-id` and `Connection` are the server's to add.
package struct OutboundResponse: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// For a responder that returned without a word, which is a bug of ours and no reason to keep the client waiting.
    static let unanswered = OutboundResponse(
        status: 500,
        headers: [("content-type", "text/plain")],
        body: Array("The server has no answer to this request.\n".utf8),
    )
}

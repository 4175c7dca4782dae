// SPDX-License-Identifier: Apache-2.0

/// A whole response, head and body. `Content-Length`, `Date`, `request-id` and `Connection` are the server's to add.
struct OutboundResponse: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
}

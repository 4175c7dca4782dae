// SPDX-License-Identifier: Apache-2.0

/// What the server calls for each request. It returns when the response is complete (or can never be); the task that
/// runs it is cancelled when the client hangs up.
///
/// The calls run on the event loop of the connection: a responder must not block, nor compute for long.
package protocol Responder: Sendable {
    /// The request is the responder's own: the server keeps no copy of its body, which is freed as soon as the
    /// responder lets go.
    func respond(to request: consuming InboundRequest, writer: ResponseWriter) async
    /// What to answer when HTTP itself went wrong, before there was a request to respond to.
    func rejection(_ reason: ProtocolRejection, requestID: String) -> OutboundResponse
    /// What takes the place of the rest of an answer that the server cannot wait for any longer. Nil breaks the connection.
    func interruption(requestID: String) -> ResponseInterruption?
}

extension Responder {
    /// Breaks the connection.
    package func interruption(requestID: String) -> ResponseInterruption? { nil }
}

/// The end of an answer that does not come to its own.
package struct ResponseInterruption: Sendable {
    /// While no head was sent.
    let response: OutboundResponse
    /// As the last bytes of a stream.
    let event: [UInt8]

    package init(response: OutboundResponse, event: [UInt8]) {
        self.response = response
        self.event = event
    }
}

/// A request that the server did not pass on.
package enum ProtocolRejection: Sendable, Equatable {
    /// The bytes are not HTTP/1.1. The connection closes after the answer.
    case malformed(String)
    /// The body is over the limit, in bytes. The connection closes after the answer.
    case bodyTooLarge(limit: Int)
    /// The body is compressed in a way that is not supported. The connection closes after the answer.
    case unsupportedCoding(String)
    /// All requests and answers together would take up more memory than they may. The connection closes after the answer.
    case outOfMemory
    /// The client is a process of another user of this machine; nil when the client was gone before the kernel was asked.
    case foreignUser(UInt32?)
    /// A `Host` or `Origin` that no local client sends: a web page tries to reach us through the user's browser.
    case foreignOrigin(String)
    /// The server is draining and takes no new requests on kept-alive connections.
    case stopping

    /// The codings of bodies that are supported, as `Accept-Encoding` lists them.
    package static let supportedCodings = ContentCoding.supported
}

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

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Writes responses as bytes: head and body in one buffer, so that a small response is one system call and one packet.
/// Confined to one event loop, for the sake of its date.
struct ResponseEncoder {
    private var date = HTTPDate()

    /// A whole response. The answer to `HEAD` announces the body that `GET` would have had.
    mutating func encode(_ response: OutboundResponse, requestID: String, framing: ResponseFraming) -> ByteBuffer {
        // These have no content whatever the headers say (RFC 9112, section 6.3).
        let isBodiless = response.status < 200 || response.status == 204 || response.status == 304
        var head = self.head(response.status, response.headers, requestID: requestID)
        if !isBodiless {
            Self.append("content-length: ", to: &head)
            head += String(response.body.count).utf8
            Self.append("\r\n", to: &head)
        }
        Self.endHead(&head, framing)
        let body = isBodiless || framing.omitsBody ? [] : response.body
        var buffer = ByteBufferAllocator().buffer(capacity: head.count + body.count)
        buffer.writeBytes(head)
        buffer.writeBytes(body)
        return buffer
    }

    /// The head of an event stream and its first bytes.
    mutating func encodeStreamHead(
        preamble: [UInt8],
        requestID: String,
        framing: ResponseFraming,
    ) -> ByteBuffer {
        let headers = [
            // A proxy in between must not keep what it is given.
            (name: "content-type", value: "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"),
        ]
        var head = self.head(200, headers, requestID: requestID)
        if !framing.isVersionZero { Self.append("transfer-encoding: chunked\r\n", to: &head) }
        Self.endHead(&head, framing)
        var buffer = ByteBufferAllocator().buffer(capacity: head.count + preamble.count + ChunkFrame.overhead)
        buffer.writeBytes(head)
        if !preamble.isEmpty, var frame = Self.frame(preamble, framing: framing) {
            buffer.writeBuffer(&frame)
        }
        return buffer
    }

    /// Bytes of a stream as they go over the wire. Nothing when this response has no body.
    static func frame(_ bytes: [UInt8], framing: ResponseFraming) -> ByteBuffer? {
        var buffer = ChunkFrame.makeBuffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
        return Self.frame(buffer, framing: framing)
    }

    /// The same for bytes that are already in a buffer made for a chunk.
    static func frame(_ content: ByteBuffer, framing: ResponseFraming) -> ByteBuffer? {
        guard !framing.omitsBody, content.readableBytes > 0 else { return nil }
        guard framing.streamsInChunks else { return content }
        var buffer = content
        ChunkFrame.close(&buffer)
        return buffer
    }

    /// A head up to the header that says how long the body is. Collected in an array, to which many short pieces are
    /// appended in half the time that a `ByteBuffer` takes.
    private mutating func head(
        _ status: Int,
        _ headers: [(name: String, value: String)],
        requestID: String,
    ) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(Self.usualHeadSize)
        if status == 200 {
            Self.append("HTTP/1.1 200 OK", to: &head)
        } else {
            head += "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)".utf8
        }
        for (name, value) in headers {
            Self.append("\r\n", to: &head)
            Self.appendToken(name, to: &head)
            Self.append(": ", to: &head)
            Self.appendToken(value, to: &head)
        }
        Self.append("\r\ndate: ", to: &head)
        head += self.date.now()
        Self.append("\r\nrequest-id: ", to: &head)
        head += requestID.utf8
        Self.append("\r\n", to: &head)
        return head
    }

    private static let usualHeadSize = 384

    private static func endHead(_ head: inout [UInt8], _ framing: ResponseFraming) {
        Self.append(framing.closes ? "connection: close\r\n\r\n" : "connection: keep-alive\r\n\r\n", to: &head)
    }

    private static func append(_ text: StaticString, to head: inout [UInt8]) {
        text.withUTF8Buffer { unsafe head.append(contentsOf: $0) }
    }

    /// Without control characters.
    private static func appendToken(_ text: String, to head: inout [UInt8]) {
        let start = head.count
        head += text.utf8
        // Some values come from an upstream or from a message about one: a line break in one would begin another
        // header.
        for index in start..<head.count where Self.isControl(head[index]) { head[index] = UInt8(ascii: " ") }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }
}

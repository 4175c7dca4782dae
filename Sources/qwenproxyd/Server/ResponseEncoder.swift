// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Writes responses as bytes: head and body in one buffer, so that a small response is one system call and one packet.
/// Confined to one event loop, for the sake of its date.
struct ResponseEncoder {
    private var date = HTTPDate()

    /// A whole response. The answer to `HEAD` announces the body that `GET` would have had.
    mutating func encode(_ response: OutboundResponse, requestID: String, framing: ResponseFraming) -> ByteBuffer {
        let isBodiless = response.status < 200 || response.status == 204 || response.status == 304
        var buffer = ByteBufferAllocator().buffer(capacity: 384 + response.body.count)
        self.writeHead(response.status, response.headers, requestID: requestID, to: &buffer)
        if !isBodiless {
            buffer.writeStaticString("content-length: ")
            buffer.writeString(String(response.body.count))
            buffer.writeStaticString("\r\n")
        }
        self.writeConnection(framing, to: &buffer)
        if !isBodiless && !framing.omitsBody {
            buffer.writeBytes(response.body)
        }
        return buffer
    }

    /// The head of an event stream and its first bytes.
    mutating func encodeStreamHead(
        preamble: [UInt8],
        requestID: String,
        framing: ResponseFraming,
    ) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 512 + preamble.count)
        let headers = [
            (name: "content-type", value: "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"),
        ]
        self.writeHead(200, headers, requestID: requestID, to: &buffer)
        if !framing.isVersionZero {
            buffer.writeStaticString("transfer-encoding: chunked\r\n")
        }
        self.writeConnection(framing, to: &buffer)
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

    private mutating func writeHead(
        _ status: Int,
        _ headers: [(name: String, value: String)],
        requestID: String,
        to buffer: inout ByteBuffer,
    ) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status))
        buffer.writeStaticString(" ")
        buffer.writeString(HTTPResponseStatus(statusCode: status).reasonPhrase)
        buffer.writeStaticString("\r\n")
        for (name, value) in headers {
            Self.writeToken(name, to: &buffer)
            buffer.writeStaticString(": ")
            Self.writeToken(value, to: &buffer)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("date: ")
        buffer.writeBytes(self.date.now())
        buffer.writeStaticString("\r\nrequest-id: ")
        buffer.writeString(requestID)
        buffer.writeStaticString("\r\n")
    }

    private func writeConnection(_ framing: ResponseFraming, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(framing.closes ? "connection: close\r\n\r\n" : "connection: keep-alive\r\n\r\n")
    }

    /// Some values come from an upstream or from a message about one: a line break in one would begin another header.
    private static func writeToken(_ text: String, to buffer: inout ByteBuffer) {
        let start = buffer.writerIndex
        let count = buffer.writeString(text)
        guard text.utf8.contains(where: Self.isControl) else { return }
        for index in start..<(start + count)
        where buffer.getInteger(at: index, as: UInt8.self).map(Self.isControl) ?? false {
            buffer.setInteger(UInt8(ascii: " "), at: index)
        }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }
}

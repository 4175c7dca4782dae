// SPDX-License-Identifier: Apache-2.0

import Server
import Translation

/// A Chat Completions server with the scripted model behind it. It listens on a port of its own, so that a request
/// takes the same way as with a real upstream: routing, libcurl, translation.
struct DemoUpstream: Responder {
    /// Between two pieces of text, so that the stream can be seen to stream.
    var pace: Duration = .milliseconds(15)

    func respond(to request: consuming InboundRequest, writer: ResponseWriter) async {
        guard request.path.hasSuffix("/chat/completions"), request.method == "POST" else {
            return writer.send(Self.error(404, "The demo upstream has no such path."))
        }
        guard let document = try? JSONDocument(parsing: request.body) else {
            return writer.send(Self.error(400, "The body is not JSON."))
        }
        let reply = DemoModel.reply(to: document)
        let isStreaming = document.member("stream", of: document.root).flatMap { document.boolean($0) } ?? false
        if isStreaming {
            await self.stream(reply, to: writer)
        } else {
            writer.send(Self.response(200, DemoChunk.completion(reply)))
        }
    }

    func rejection(_ reason: ProtocolRejection, requestID: String) -> OutboundResponse {
        Self.error(400, "The demo upstream could not read the request.")
    }

    private func stream(_ reply: DemoModel.Reply, to writer: ResponseWriter) async {
        // ": waiting" is a comment of the event stream, which readers pass over.
        writer.openStream(preamble: [], keepAlive: Array(": waiting\n\n".utf8), interval: .seconds(10))
        for chunk in DemoChunk.stream(reply) {
            writer.write(chunk)
            writer.flush()
            // Cancelled: the daemon's client has hung up, and the stream needs no end.
            do { try await Task.sleep(for: self.pace) } catch { return }
        }
        writer.finish()
    }

    private static func response(_ status: Int, _ body: [UInt8]) -> OutboundResponse {
        OutboundResponse(status: status, headers: [("content-type", "application/json")], body: body)
    }

    private static func error(_ status: Int, _ message: String) -> OutboundResponse {
        var writer = JSONWriter()
        writer.raw(#"{"error":{"type":"invalid_request_error","message":"#)
        writer.string(message)
        writer.raw("}}")
        return Self.response(status, writer.bytes)
    }
}

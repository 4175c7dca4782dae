// SPDX-License-Identifier: Apache-2.0

/// What the scripted upstream does with one request, step by step.
public struct ScriptedReply: Sendable {
    public enum Step: Sendable {
        /// As they are, onto the wire.
        case bytes([UInt8])
        /// One chunk of the chunked transfer coding.
        case chunk([UInt8])
        /// Goes on when the test opens the gate.
        case wait(Gate)
        /// Goes on after a time. For behaviour that is about time, such as a slow first byte.
        case pause(Duration)
        /// The same chunk many times, as fast as the peer reads.
        case flood([UInt8], count: Int)
        /// The end of a chunked body; the connection stays.
        case endOfChunks
        /// An orderly close (FIN), whatever was promised before.
        case close
        /// A reset (RST).
        case reset
    }

    public var steps: [Step]

    public init(_ steps: [Step]) {
        self.steps = steps
    }

    /// A whole answer with `Content-Length`.
    public static func body(
        _ status: Int, _ contentType: String, _ body: [UInt8], headers: [String: String] = [:]
    ) -> ScriptedReply {
        var all = headers
        all["content-type"] = contentType
        all["content-length"] = String(body.count)
        return ScriptedReply([.bytes(Self.head(status, all) + body)])
    }

    public static func json(_ status: Int, _ body: JSONValue, headers: [String: String] = [:]) -> ScriptedReply {
        .body(status, "application/json", body.bytes, headers: headers)
    }

    /// An OpenAI-style error.
    public static func error(
        _ status: Int, _ message: String, code: String? = nil, type: String? = nil,
        headers: [String: String] = [:]
    ) -> ScriptedReply {
        let error: JSONValue = [
            "message": .string(message),
            "type": .string(type ?? (status < 500 ? "invalid_request_error" : "internal_error")), "param": nil,
            "code": code.map { .string($0) } ?? .null,
        ]
        return .json(status, ["error": error, "request_id": "scripted"], headers: headers)
    }

    /// The head of an event stream and nothing else yet.
    public static var eventStreamHead: Step {
        .bytes(
            Self.head(200, ["content-type": "text/event-stream; charset=utf-8", "transfer-encoding": "chunked"])
        )
    }

    /// An event stream, each element a chunk of its own.
    public static func eventStream(_ pieces: [[UInt8]]) -> ScriptedReply {
        ScriptedReply([Self.eventStreamHead] + pieces.map { .chunk($0) } + [.endOfChunks])
    }

    public static func eventStream(_ text: String) -> ScriptedReply {
        .eventStream([Array(text.utf8)])
    }

    /// The request is taken, and that is all.
    public static let silence = ScriptedReply([])

    /// The connection goes away without a byte.
    public static let reset = ScriptedReply([.reset])

    public static func head(_ status: Int, _ headers: [String: String]) -> [UInt8] {
        let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }
        return Array("HTTP/1.1 \(status) Scripted\r\n\(lines.joined())\r\n".utf8)
    }
}

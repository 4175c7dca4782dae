// SPDX-License-Identifier: Apache-2.0

@testable import Translation

/// The shapes in which upstreams put one and the same error.
enum ErrorForm: CaseIterable {
    case openAI
    /// DashScope's own.
    case native
    /// FastAPI's `detail`.
    case detail
    /// Ollama, LM Studio: `{"error": "text"}`.
    case text
    /// OpenRouter: the provider's error as text inside its own.
    case nested

    func body(_ message: String, code: String? = nil, parameter: String? = nil) -> [UInt8] {
        switch self {
        case .openAI: Array(#"{"error":"#.utf8) + Self.members(message, code, parameter) + Array("}".utf8)
        case .native: Self.members(message, code, parameter)
        case .detail: Self.member("detail", message)
        case .text: Self.member("error", message)
        case .nested:
            Array(#"{"error":{"message":"Provider returned error","metadata":{"provider_name":"p","raw":"#.utf8)
                + Self.string(Self.openAI.body(message, code: code, parameter: parameter)) + Array("}}}".utf8)
        }
    }

    /// Whether there is a place for a code and a parameter.
    var hasCode: Bool {
        switch self {
        case .openAI, .native, .nested: true
        case .detail, .text: false
        }
    }

    private static func members(_ message: String, _ code: String?, _ parameter: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"message":"#)
        writer.string(message)
        if let code {
            writer.raw(#","code":"#)
            writer.string(code)
        }
        if let parameter {
            writer.raw(#","param":"#)
            writer.string(parameter)
        }
        writer.raw(#","request_id":"r"}"#)
        return writer.take()
    }

    private static func member(_ name: StaticString, _ value: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"#)
        writer.string(name.description)
        writer.raw(":")
        writer.string(value)
        writer.raw("}")
        return writer.take()
    }

    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(String(decoding: bytes, as: UTF8.self))
        return writer.take()
    }
}

/// The ways in which an error arrives.
enum ErrorArrival: CaseIterable {
    case status400
    case status422
    case status500
    /// A body in JSON where an answer should be.
    case status200
    /// `event: error` in a stream.
    case event
    /// An event like any other, whose data is an error.
    case data

    /// What is understood of the error.
    func category(of body: [UInt8]) -> UpstreamFailure.Category? {
        switch self {
        case .status400: Self.refusal(400, body)
        case .status422: Self.refusal(422, body)
        case .status500: Self.refusal(500, body)
        case .status200: Self.answer(body, contentType: "application/json")
        case .event: Self.answer(Array("event: error\ndata: ".utf8) + body + Array("\n\n".utf8))
        case .data:
            Self.answer(
                Array(#"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#.utf8)
                    + Array("\n\ndata: ".utf8) + body + Array("\n\n".utf8))
        }
    }

    private static func refusal(_ status: Int, _ body: [UInt8]) -> UpstreamFailure.Category {
        UpstreamFailure(status: status, contentType: "application/json", body: body).category
    }

    private static func answer(
        _ body: [UInt8], contentType: String = "text/event-stream",
    ) -> UpstreamFailure.Category? {
        var translator = MessageStreamTranslator(
            context: ResponseContext(requestedModel: "m"), identifiers: CountingIdentifiers(), sink: RecordingSink(),
            contentType: contentType)
        unsafe body.withUnsafeBytes { unsafe translator.receive($0) }
        translator.finish(.complete)
        guard case .failed(let failure) = translator.outcome else { return nil }
        return failure.category
    }
}

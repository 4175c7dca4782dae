// SPDX-License-Identifier: Apache-2.0

import Server
import Translation

/// The answer to a request that offers tools which Anthropic's servers would run. No upstream of ours has them, and to
/// leave them out would make the model invent results that the client presents as real: so the request is answered here.
enum ServerToolAnswer: Sendable, Equatable {
    /// Claude Code's WebSearch sends a request of its own with nothing but this tool. The result says that the search is
    /// not available, which the client shows as it is, after one request.
    case webSearchUnavailable(model: String, isStreaming: Bool)
    case unsupported(tool: String)

    /// Nil when the request has no such tool.
    init?(to request: RequestFacts) {
        guard let tool = request.features.serverTools.first else { return nil }
        let isOnlyWebSearch = request.features.serverTools.count == 1 && !request.features.hasTools
        self =
            isOnlyWebSearch && tool.hasPrefix("web_search_")
            ? .webSearchUnavailable(model: request.model, isStreaming: request.isStreaming) : .unsupported(tool: tool)
    }

    func send(to writer: ResponseWriter, requestID: String) {
        switch self {
        case .unsupported(let tool):
            let error = MessagesAPIError(
                .invalidRequest,
                message: "The server tool \(tool) runs at Anthropic only; this upstream cannot serve it.")
            writer.send(error.response(requestID: requestID))
        case .webSearchUnavailable(let model, isStreaming: true):
            // No model is asked, so no token is used.
            var events = MessageStart.event(id: Identifier.message(), model: model, usageEstimate: 0)
            Self.writeEvents(to: &events)
            writer.send(
                OutboundResponse(status: 200, headers: [("content-type", "text/event-stream")], body: events))
        case .webSearchUnavailable(let model, isStreaming: false):
            writer.send(
                OutboundResponse(
                    status: 200, headers: [("content-type", "application/json")], body: Self.message(model: model)))
        }
    }

    private static func writeEvents(to events: inout [UInt8]) {
        let (use, result) = Self.blocks()
        for (index, block) in [use, result].enumerated() {
            events += Self.event(
                "content_block_start", #"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#)
            events += Self.event("content_block_stop", #"{"type":"content_block_stop","index":\#(index)}"#)
        }
        events += Self.event(
            "message_delta",
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":0,"output_tokens":0}}"#
        )
        events += Self.event("message_stop", #"{"type":"message_stop"}"#)
    }

    private static func message(model: String) -> [UInt8] {
        let (use, result) = Self.blocks()
        var writer = JSONWriter()
        writer.raw(#"{"type":"message","role":"assistant","id":"#)
        writer.string(Identifier.message())
        writer.raw(#","model":"#)
        writer.string(model)
        writer.raw(#","content":["#)
        writer.raw((use + "," + result).utf8)
        writer.raw(#"],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}"#)
        return writer.bytes
    }

    private static func blocks() -> (use: String, result: String) {
        let id = Identifier.serverToolUse()
        return (
            #"{"type":"server_tool_use","id":"\#(id)","name":"web_search","input":{}}"#,
            #"{"type":"web_search_tool_result","tool_use_id":"\#(id)","content":{"type":"web_search_tool_result_error","error_code":"unavailable"}}"#
        )
    }

    private static func event(_ name: String, _ data: String) -> [UInt8] {
        Array("event: \(name)\ndata: \(data)\n\n".utf8)
    }
}

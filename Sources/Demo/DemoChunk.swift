// SPDX-License-Identifier: Apache-2.0

import Translation

/// How the demo upstream spells its replies: Chat Completions chunks, or one completion.
enum DemoChunk {
    /// The whole event stream of `reply`, chunk by chunk.
    static func stream(_ reply: DemoModel.Reply) -> [[UInt8]] {
        let (text, call) = Self.parts(of: reply)
        var chunks = Self.pieces(of: text).map { piece in
            Self.event { writer in
                writer.raw(#"{"content":"#)
                writer.string(piece)
                writer.raw("}")
            }
        }
        if let call {
            chunks.append(
                Self.event { writer in
                    writer.raw(#"{"tool_calls":["#)
                    Self.write(call, to: &writer)
                    writer.raw("]}")
                })
        }
        chunks.append(Self.event(finishReason: call == nil ? "stop" : "tool_calls") { $0.raw("{}") })
        // After the finish reason, with no choices: as OpenAI's API sends it with stream_options.include_usage.
        chunks.append(Self.usage(for: text))
        chunks.append(Array("data: [DONE]\n\n".utf8))
        return chunks
    }

    /// The reply as one completion.
    static func completion(_ reply: DemoModel.Reply) -> [UInt8] {
        let (text, call) = Self.parts(of: reply)
        var writer = JSONWriter()
        writer.raw(#"{"id":"demo","object":"chat.completion","model":"#)
        writer.string(DemoModel.name)
        writer.raw(#","choices":[{"index":0,"message":{"role":"assistant","content":"#)
        writer.string(text)
        if let call {
            writer.raw(#","tool_calls":["#)
            Self.write(call, to: &writer)
            writer.raw("]")
        }
        writer.raw(#"},"finish_reason":"#)
        writer.string(call == nil ? "stop" : "tool_calls")
        writer.raw(#"}],"usage":"#)
        Self.writeUsage(for: text, to: &writer)
        writer.raw("}")
        return writer.bytes
    }

    private static func parts(of reply: DemoModel.Reply) -> (text: String, call: (tool: String, arguments: String)?) {
        switch reply {
        case .text(let text): (text, nil)
        case .toolCall(let text, let tool, let arguments): (text, (tool, arguments))
        }
    }

    private static func event(finishReason: String? = nil, delta: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"data: {"id":"demo","object":"chat.completion.chunk","model":"#)
        writer.string(DemoModel.name)
        writer.raw(#","choices":[{"index":0,"delta":"#)
        delta(&writer)
        writer.raw(#","finish_reason":"#)
        if let finishReason { writer.string(finishReason) } else { writer.raw("null") }
        writer.raw("}]}\n\n")
        return writer.bytes
    }

    private static func usage(for text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"data: {"id":"demo","object":"chat.completion.chunk","choices":[],"usage":"#)
        Self.writeUsage(for: text, to: &writer)
        writer.raw("}\n\n")
        return writer.bytes
    }

    private static func write(_ call: (tool: String, arguments: String), to writer: inout JSONWriter) {
        writer.raw(#"{"index":0,"id":"call_demo","type":"function","function":{"name":"#)
        writer.string(call.tool)
        writer.raw(#","arguments":"#)
        writer.string(call.arguments)
        writer.raw("}}")
    }

    /// A script has no tokenizer: four characters count as a token.
    private static func writeUsage(for text: String, to writer: inout JSONWriter) {
        let tokens = max(1, text.utf8.count / 4)
        writer.raw(#"{"prompt_tokens":1,"completion_tokens":"#)
        writer.integer(tokens)
        writer.raw(#","total_tokens":"#)
        writer.integer(tokens + 1)
        writer.raw("}")
    }

    /// Words with the white space after them.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if character.isWhitespace {
                pieces.append(piece)
                piece = ""
            }
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}

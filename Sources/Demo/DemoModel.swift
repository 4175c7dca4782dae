// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// The scripted model that answers where no upstream is configured. It says what it is, tells how to connect a real
/// model, and calls one harmless tool when it is asked to, so that the whole way can be tried without an account.
enum DemoModel {
    /// The name the demo upstream answers to in `message.model` of its own protocol.
    static let name = "qwenproxyd-demo"

    enum Reply: Sendable, Equatable {
        case text(String)
        /// Some text, then one call; `arguments` is JSON text.
        case toolCall(text: String, tool: String, arguments: String)
    }

    /// What to say to a Chat Completions request.
    static func reply(to request: JSONDocument) -> Reply {
        let messages = request.member("messages", of: request.root).map { Array(request.elements(of: $0)) } ?? []
        // Claude Code asks for a title of the session in this form; nothing else it sends has a schema.
        if request.member("response_format", of: request.root) != nil { return .text(#"{"title":"qwenproxyd demo"}"#) }
        guard let last = messages.last else { return .text(Self.introduction) }
        if request.string("role", of: last) == "tool" {
            return .text(
                "The tool answered:\n\n\(Self.text(of: last, in: request).prefix(400))\n\n\(Self.introduction)")
        }
        let question = Self.text(of: last, in: request)
        if Self.asksForTool(question), Self.offersShell(request) {
            return .toolCall(
                text: "I am a scripted demo, but I can call a tool. ",
                tool: "Bash",
                arguments: #"{"command":"echo 'Hello from the qwenproxyd demo'","description":"Say hello"}"#)
        }
        return .text(Self.introduction)
    }

    static let introduction = """
        This is the demo model that is built into qwenproxyd. I am a script, not a language model: the way from Claude \
        Code through qwenproxyd and back works, but no upstream is configured yet.

        To talk to a real model, run this in another terminal and answer its questions:

            \(OwnProgram.typed("qwenproxyctl")) setup

        Or start qwenproxyd with variables: QWEN_BASE_URL and QWEN_API_KEY for Alibaba Model Studio, a Coding Plan or Token \
        Plan, OpenRouter and so on; QWEN_BASE_URL alone for a local server such as vLLM, llama.cpp or Ollama, \
        http://127.0.0.1:11434/v1 for example; and QWEN_MODEL for the name of the model.

        Say "use a tool" to see a tool call.
        """

    /// Only what the user typed counts; reminders that the client adds are left out.
    private static func asksForTool(_ text: String) -> Bool {
        let typed = text.split(separator: "</system-reminder>").last.map(String.init) ?? text
        return typed.lowercased().contains("tool")
    }

    private static func offersShell(_ request: JSONDocument) -> Bool {
        guard let tools = request.member("tools", of: request.root) else { return false }
        return request.elements(of: tools).contains { tool in
            request.member("function", of: tool).flatMap { request.string("name", of: $0) } == "Bash"
        }
    }

    private static func text(of message: JSONNode, in request: JSONDocument) -> String {
        guard let content = request.member("content", of: message) else { return "" }
        if let text = request.string(content) { return text }
        return request.elements(of: content).compactMap { request.string("text", of: $0) }.joined(separator: "\n")
    }
}

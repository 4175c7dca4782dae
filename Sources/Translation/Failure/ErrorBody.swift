// SPDX-License-Identifier: Apache-2.0

/// The parts of an error in JSON. OpenAI: `{"error": {"message", "type", "code"}}`; DashScope: `{"code", "message"}`;
/// FastAPI: `{"detail": …}`; Ollama and the Coding Plan: `{"error": "text"}`; older vLLM: `{"object": "error", …}`;
/// OpenRouter puts the provider's own error as text into `error.metadata.raw`.
struct ErrorBody {
    private(set) var code: String?
    private(set) var type: String?
    private(set) var message = ""
    /// A code that is a number is an HTTP status.
    private(set) var status: Int?
    /// llama.cpp counts for us.
    private(set) var promptTokens: Int?
    private(set) var contextSize: Int?

    var isEmpty: Bool { self.code == nil && self.type == nil && self.message.isEmpty }

    init(_ document: JSONDocument) {
        self.read(document.root, of: document, depth: 0)
    }

    private mutating func read(_ node: JSONNode, of document: JSONDocument, depth: Int) {
        guard depth < 8 else { return }
        switch document.kind(of: node) {
        case .string:
            if self.message.isEmpty { self.readText(document.string(node) ?? "", depth: depth) }
        case .array:
            if let first = document.firstElement(of: node) { self.read(first, of: document, depth: depth + 1) }
        case .object:
            self.readObject(node, of: document, depth: depth)
        case .number, .boolean, .null:
            break
        }
    }

    private mutating func readObject(_ node: JSONNode, of document: JSONDocument, depth: Int) {
        if let code = document.member("code", of: node) {
            self.status = self.status ?? document.integer(code) ?? document.string(code).flatMap { Int($0) }
            self.code = self.code ?? document.string(code).map { String($0.prefix(100)) }
        }
        self.type = self.type ?? document.string("type", of: node)
        self.promptTokens =
            self.promptTokens ?? document.member("n_prompt_tokens", of: node).flatMap { document.integer($0) }
        self.contextSize = self.contextSize ?? document.member("n_ctx", of: node).flatMap { document.integer($0) }
        // The provider's words say more than "Provider returned error".
        if let metadata = document.member("metadata", of: node), let raw = document.member("raw", of: metadata) {
            self.read(raw, of: document, depth: depth + 1)
        }
        for name in ["error", "message", "detail", "msg", "errors", "error_description"] as [StaticString] {
            if let part = document.member(name, of: node) { self.read(part, of: document, depth: depth + 1) }
        }
    }

    /// A message that is JSON itself is an error passed on by a gateway.
    private mutating func readText(_ text: String, depth: Int) {
        if text.utf8.first == UInt8(ascii: "{"), text.utf8.count < 65536,
            let document = try? JSONDocument(parsing: Array(text.utf8), limits: JSONLimits(depth: 32, values: 1000))
        {
            self.read(document.root, of: document, depth: depth + 1)
        }
        if self.message.isEmpty { self.message = text }
    }
}

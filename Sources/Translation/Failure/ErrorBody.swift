// SPDX-License-Identifier: Apache-2.0

/// The parts of an error in JSON. OpenAI: `{"error": {"message", "type", "code"}}`; DashScope: `{"code", "message"}`;
/// FastAPI: `{"detail": …}`; Ollama and the Coding Plan: `{"error": "text"}`; older vLLM: `{"object": "error", …}`;
/// OpenRouter puts the provider's own error as text into `error.metadata.raw`; MiniMax answers 200 with a `base_resp`.
struct ErrorBody {
    private(set) var code: String?
    private(set) var type: String?
    private(set) var message = ""
    /// What the error is about: `param`, or the end of FastAPI's `loc`.
    private(set) var parameter: String?
    /// A code that is a number may be an HTTP status.
    private(set) var status: Int?
    /// llama.cpp counts for us.
    private(set) var promptTokens: Int?
    private(set) var contextSize: Int?

    var isEmpty: Bool { self.code == nil && self.type == nil && self.message.isEmpty }

    init(_ document: JSONDocument) {
        self.read(document.root, of: document, depth: 0)
    }

    private mutating func read(_ node: JSONNode, of document: JSONDocument, depth: Int) {
        // A text can hold an error that holds a text: the depth of one document does not bound this.
        guard depth < 8 else { return }
        switch document.kind(of: node) {
        case .string:
            if self.message.isEmpty { self.readText(document.string(node) ?? "", depth: depth) }
        case .array:
            // FastAPI and Gemini report a list; the first mistake is enough for a rule to know it.
            if let first = document.firstElement(of: node) { self.read(first, of: document, depth: depth + 1) }
        case .object:
            self.readObject(node, of: document, depth: depth)
        case .number, .boolean, .null:
            break
        }
    }

    private mutating func readObject(_ node: JSONNode, of document: JSONDocument, depth: Int) {
        if let code = document.member("code", of: node) {
            // Some servers write the status as text.
            let number = document.integer(code) ?? document.string(code).flatMap { Int($0) }
            self.status = self.status ?? number.flatMap { (400...599).contains($0) ? $0 : nil }
            // Bounded: it goes into the log and the status.
            self.code =
                self.code ?? document.string(code).map { String($0.prefix(100)) }
                ?? number.flatMap { self.status == $0 ? nil : "\($0)" }
        }
        self.code = self.code ?? document.string("reason", of: node).map { String($0.prefix(100)) }
        self.type = self.type ?? document.string("type", of: node)
        self.promptTokens =
            self.promptTokens ?? document.member("n_prompt_tokens", of: node).flatMap { document.integer($0) }
        self.contextSize = self.contextSize ?? document.member("n_ctx", of: node).flatMap { document.integer($0) }
        self.readParameter(of: node, in: document)
        // The provider's words say more than "Provider returned error".
        if let metadata = document.member("metadata", of: node), let raw = document.member("raw", of: metadata) {
            self.read(raw, of: document, depth: depth + 1)
        }
        for name in Self.parts {
            if let part = document.member(name, of: node) { self.read(part, of: document, depth: depth + 1) }
        }
    }

    /// The members that may hold the message, the ones that say most in front.
    private static let parts: [StaticString] = [
        "error", "message", "detail", "msg", "errors", "error_description", "base_resp", "status_msg",
    ]

    private mutating func readParameter(of node: JSONNode, in document: JSONDocument) {
        guard self.parameter == nil else { return }
        let name =
            document.string("param", of: node)
            ?? document.member("loc", of: node).flatMap { location in
                document.kind(of: location) == .array
                    ? document.elements(of: location).reduce(nil) { document.string($1) ?? $0 } : nil
            }
        self.parameter = name.map { String($0.prefix(100)) }
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

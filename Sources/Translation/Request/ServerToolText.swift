// SPDX-License-Identifier: Apache-2.0

/// Retells what Anthropic's servers did in an earlier turn: which tool was run with what, and what it found. Only the
/// readable parts are told; results also carry encrypted ones.
struct ServerToolText {
    let document: JSONDocument

    func write(_ node: JSONNode, to writer: inout JSONWriter) {
        if let name = self.document.visibleString("name", of: node) {
            writer.raw("[")
            writer.contents(name, of: self.document)
            writer.raw(" was called with ")
            if let input = self.document.member("input", of: node) { writer.embedded(input, of: self.document) }
            writer.raw("]")
            return
        }
        writer.raw(#"[Result of the call:"#)
        let start = writer.count
        if let content = self.document.member("content", of: node) { self.writeResult(content, to: &writer) }
        // Some results are encrypted as a whole; the model must not guess what was in them.
        writer.raw(writer.count == start ? " it was left out]" : #"\n]"#)
    }

    private func writeResult(_ content: JSONNode, to writer: inout JSONWriter) {
        switch self.document.kind(of: content) {
        case .string:
            self.line(content, to: &writer)
        case .array:
            for element in self.document.elements(of: content) { self.writeMembers(of: element, to: &writer) }
        case .object:
            self.writeMembers(of: content, to: &writer)
        case .number, .boolean, .null:
            break
        }
    }

    private func writeMembers(of node: JSONNode, to writer: inout JSONWriter) {
        for name in ["title", "url", "error_code", "text", "stdout", "stderr"] as [StaticString] {
            if let text = self.document.visibleString(name, of: node) { self.line(text, to: &writer) }
        }
        // A fetched page stands in a document block.
        guard let page = self.document.member("content", of: node), self.document.kind(of: page) == .object else {
            return
        }
        writer.raw(#"\n"#)
        BlockText(document: self.document).write(ContentBlock(page, in: self.document), to: &writer)
    }

    private func line(_ text: JSONNode, to writer: inout JSONWriter) {
        writer.raw(#"\n"#)
        writer.contents(text, of: self.document)
    }
}

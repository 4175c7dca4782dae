// SPDX-License-Identifier: Apache-2.0

/// Tells a tool's result as text, which is all a tool message may hold: the characters of a JSON string.
struct ToolResultText {
    let document: JSONDocument
    /// Images stand in the user message that follows.
    let showsImages: Bool

    func write(_ result: ToolResult, to writer: inout JSONWriter) {
        let start = writer.count
        if let content = result.content, !self.document.isNull(content) {
            // Chat Completions has no field for it.
            if self.isError(result), !self.saysError(content) { writer.raw("Error: ") }
            self.writeContent(content, to: &writer)
        } else if self.isError(result) {
            writer.raw("Error: ")
        }
        // Some upstreams refuse an empty content.
        if writer.count == start { writer.raw("(no output)") }
    }

    private func writeContent(_ content: JSONNode, to writer: inout JSONWriter) {
        switch self.document.kind(of: content) {
        case .string, .array: break
        // Not allowed, but it can be read as it is.
        case .object, .number, .boolean, .null: return writer.embedded(content, of: self.document)
        }
        let text = BlockText(document: self.document)
        var isFirst = true
        var blocks = ContentBlocks(of: content, in: self.document)
        while let block = blocks.next(in: self.document) {
            let isImage = if case .image = block { true } else { false }
            guard isImage || text.isVisible(block) else { continue }
            if !isFirst { writer.raw(#"\n\n"#) }
            isFirst = false
            if case .image(let image) = block {
                writer.raw(self.substitute(for: image))
            } else {
                text.write(block, to: &writer)
            }
        }
    }

    private func substitute(for image: JSONNode) -> StaticString {
        guard self.showsImages else { return "[An image was left out: this model cannot see images.]" }
        if case .unavailable(let reason) = ImageSource(of: image, in: self.document) { return reason }
        return "[The image is in the next user message.]"
    }

    private func isError(_ result: ToolResult) -> Bool {
        result.isError.flatMap { self.document.boolean($0) } ?? false
    }

    /// Looks at the beginning of the first text.
    private func saysError(_ content: JSONNode) -> Bool {
        var blocks = ContentBlocks(of: content, in: self.document)
        while let block = blocks.next(in: self.document) {
            guard case .text(let text) = block, !self.document.isBlank(text) else { continue }
            // Lower case by one bit: exact for letters, and the words looked for have no others but a blank.
            let beginning = self.document.bytes[self.document.contents(of: text)].prefix(80).map { $0 | 0x20 }
            // Most failed calls speak for themselves ("Exit code 3", "<tool_use_error>"): "Error:" in front of those
            // would be noise.
            return beginning.contains("error".utf8) || beginning.contains("exit code".utf8)
        }
        return false
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Tells blocks that Chat Completions does not know as text: the characters of a JSON string, which the caller opened.
/// What cannot be told is said to be missing, so that the model does not make it up.
struct BlockText {
    let document: JSONDocument

    /// Whether there is anything to tell.
    func isVisible(_ block: ContentBlock) -> Bool {
        switch block {
        case .text(let text): !self.document.isBlank(text)
        case .document, .searchResult, .toolReference, .serverTool: true
        case .thinking, .image, .toolUse, .toolResult, .toolRemoval, .toolAddition, .ignored: false
        }
    }

    func write(_ block: ContentBlock, to writer: inout JSONWriter) {
        switch block {
        case .text(let text):
            writer.contents(text, of: self.document)
        case .document(let node):
            self.writeDocument(node, to: &writer)
        case .searchResult(let node):
            writer.raw("<search_result")
            self.attribute("source", of: node, to: &writer)
            self.attribute("title", of: node, to: &writer)
            writer.raw(#">\n"#)
            self.writeTexts(of: self.document.member("content", of: node), to: &writer)
            writer.raw(#"\n</search_result>"#)
        case .toolReference(let node):
            writer.raw("The tool ")
            let name = self.document.string("tool_name", of: node) ?? self.document.string("name", of: node) ?? ""
            // Under the name that the model can call it by, which may not be the client's.
            writer.escaped(ToolName.upstream(name))
            writer.raw(" is available now.")
        case .serverTool(let node):
            ServerToolText(document: self.document).write(node, to: &writer)
        case .thinking, .image, .toolUse, .toolResult, .toolRemoval, .toolAddition, .ignored:
            break
        }
    }

    /// The texts of a content, as paragraphs.
    func writeTexts(of content: JSONNode?, to writer: inout JSONWriter) {
        guard let content else { return }
        var isFirst = true
        var blocks = ContentBlocks(of: content, in: self.document)
        while let block = blocks.next(in: self.document) {
            guard case .text(let text) = block, !self.document.isBlank(text) else { continue }
            if !isFirst { writer.raw(#"\n\n"#) }
            isFirst = false
            writer.contents(text, of: self.document)
        }
    }

    private func writeDocument(_ node: JSONNode, to writer: inout JSONWriter) {
        writer.raw("<document")
        self.attribute("title", of: node, to: &writer)
        writer.raw(#">\n"#)
        if let context = self.document.visibleString("context", of: node) {
            writer.contents(context, of: self.document)
            writer.raw(#"\n\n"#)
        }
        let source = self.document.member("source", of: node) ?? node
        switch self.document.string("type", of: source) {
        case "text":
            self.writeTexts(of: self.document.member("data", of: source), to: &writer)
        case "content":
            self.writeTexts(of: self.document.member("content", of: source), to: &writer)
        case "url":
            writer.raw("[The document at ")
            if let url = self.document.visibleString("url", of: source) { writer.contents(url, of: self.document) }
            writer.raw(" was not read.]")
        case "base64":
            writer.raw("[The contents were left out: a file of type ")
            if let type = self.document.visibleString("media_type", of: source) {
                writer.contents(type, of: self.document)
            } else {
                writer.raw("application/pdf")
            }
            writer.raw(" cannot be shown to this model. Extract its text with a tool.]")
        default:
            writer.raw("[The contents were left out: they are stored where they cannot be read from here.]")
        }
        writer.raw(#"\n</document>"#)
    }

    private func attribute(_ name: StaticString, of node: JSONNode, to writer: inout JSONWriter) {
        guard let value = self.document.visibleString(name, of: node) else { return }
        writer.raw(" ")
        writer.raw(name)
        writer.raw(#"=\""#)
        writer.contents(value, of: self.document)
        writer.raw(#"\""#)
    }
}

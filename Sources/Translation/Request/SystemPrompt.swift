// SPDX-License-Identifier: Apache-2.0

/// Writes the one system message a conversation may have, in front.
struct SystemPrompt {
    let document: JSONDocument
    let form: ModelProfile.SystemMessageForm

    /// Puts nothing in front when there is nothing to say, unless the upstream insists. Returns whether it wrote.
    func write(_ system: JSONNode?, to writer: inout JSONWriter) -> Bool {
        let texts = system.map { self.texts(of: $0) } ?? []
        switch self.form {
        case .string:
            guard !texts.isEmpty else { return false }
            writer.raw(#"{"role":"system","content":""#)
            for (index, text) in texts.enumerated() {
                // Blocks are paragraphs; a string and a single block give the same text.
                if index > 0 { writer.raw(#"\n\n"#) }
                self.write(text, to: &writer)
            }
            writer.raw("\"}")
        case .cachedParts:
            // The portal takes a request for one of its own client's only with this first part; the marks the client
            // set do not matter.
            writer.raw(
                #"{"role":"system","content":[{"type":"text","text":"","cache_control":{"type":"ephemeral"}}"#)
            for text in texts {
                writer.raw(#",{"type":"text","text":""#)
                self.write(text, to: &writer)
                writer.raw("\"}")
            }
            writer.raw("]}")
        }
        return true
    }

    private enum Text {
        case whole(JSONNode)
        /// What follows the first line.
        case bytes(Range<Int>)
    }

    private func write(_ text: Text, to writer: inout JSONWriter) {
        switch text {
        case .whole(let node): writer.contents(node, of: self.document)
        case .bytes(let range): writer.raw(self.document.bytes[range])
        }
    }

    private func texts(of system: JSONNode) -> [Text] {
        var texts: [Text] = []
        var blocks = ContentBlocks(of: system, in: self.document)
        while let block = blocks.next(in: self.document) {
            guard case .text(let node) = block, !self.document.isBlank(node) else { continue }
            guard self.document.hasPrefix(node, "x-anthropic-billing-header:") else {
                texts.append(.whole(node))
                continue
            }
            // Differs in every conversation: in front of everything it would leave the upstream's cache no prefix.
            if let rest = self.behindFirstLine(of: node) { texts.append(.bytes(rest)) }
        }
        return texts
    }

    /// Nil when the text has one line only. The document is free of half surrogate pairs, so bytes may be copied.
    private func behindFirstLine(of node: JSONNode) -> Range<Int>? {
        let range = self.document.contents(of: node)
        var index = range.lowerBound
        while index < range.upperBound {
            guard self.document.bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            let isNewline = self.document.bytes[index + 1] == UInt8(ascii: "n")
            index += 2
            if isNewline { return index < range.upperBound ? index..<range.upperBound : nil }
        }
        return nil
    }
}

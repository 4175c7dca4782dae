// SPDX-License-Identifier: Apache-2.0

/// Writes the one system message a conversation may have, in front.
struct SystemPrompt {
    let document: JSONDocument
    let form: ModelProfile.SystemMessageForm

    /// Puts nothing in front when there is nothing to say, unless the upstream insists. Returns whether it wrote.
    ///
    /// - Parameter texts: as `texts(of:in:)` finds them.
    func write(_ texts: [Range<Int>], to writer: inout JSONWriter, marks: CacheMarks) -> Bool {
        switch self.form {
        case .string:
            guard !texts.isEmpty else { return false }
            writer.raw(
                marks.areSent
                    ? #"{"role":"system","content":[{"type":"text","text":""# : #"{"role":"system","content":""#)
            for (index, text) in texts.enumerated() {
                // Blocks are paragraphs; a string and a single block give the same text.
                if index > 0 { writer.raw(#"\n\n"#) }
                writer.contents(in: text, of: self.document)
            }
            writer.raw("\"")
            if marks.areSent {
                marks.write(to: &writer)
                writer.raw("}]")
            }
            writer.raw("}")
        case .cachedParts:
            // The portal takes a request for one of its own client's only with this first part; the marks the client
            // set do not matter.
            writer.raw(
                #"{"role":"system","content":[{"type":"text","text":"","cache_control":{"type":"ephemeral"}}"#)
            for text in texts {
                writer.raw(#",{"type":"text","text":""#)
                writer.contents(in: text, of: self.document)
                writer.raw("\"}")
            }
            writer.raw("]}")
        }
        return true
    }

    /// Where the characters of the texts stand that are sent.
    static func texts(of system: JSONNode, in document: JSONDocument) -> [Range<Int>] {
        var texts: [Range<Int>] = []
        var blocks = ContentBlocks(of: system, in: document)
        while let block = blocks.next(in: document) {
            guard case .text(let node) = block, !document.isBlank(node) else { continue }
            let contents = document.contents(of: node)
            guard document.hasPrefix(node, "x-anthropic-billing-header:") else {
                texts.append(contents)
                continue
            }
            // Differs in every conversation: in front of everything it would leave the upstream's cache no prefix.
            if let rest = Self.afterFirstLine(of: contents, in: document) { texts.append(rest) }
        }
        return texts
    }

    /// Nil when the text has one line only.
    private static func afterFirstLine(of contents: Range<Int>, in document: JSONDocument) -> Range<Int>? {
        var index = contents.lowerBound
        while index < contents.upperBound {
            guard document.bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            let isNewline = document.bytes[index + 1] == UInt8(ascii: "n")
            index += 2
            if isNewline { return index < contents.upperBound ? index..<contents.upperBound : nil }
        }
        return nil
    }
}

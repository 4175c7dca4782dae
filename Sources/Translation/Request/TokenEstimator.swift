// SPDX-License-Identifier: Apache-2.0

/// Estimates how many tokens a Qwen tokenizer makes of a request, without the tokenizer: its vocabulary alone would be
/// larger than the rest of the daemon. The weights were fitted to Qwen's own vocabulary over source code, prose, logs
/// and other languages, spelled as in a JSON string.
struct TokenEstimator: Sendable {
    private var weight = SampledWeight()
    private var fixed = 0

    var tokens: Int { self.fixed + (self.weight.total + TokenWeights.unit - 1) / TokenWeights.unit }

    /// Any value whose text the model reads.
    mutating func addText(_ node: JSONNode, of document: JSONDocument) {
        self.weight.add(document.bytes.span, in: document.range(of: node))
    }

    /// A block that is told as text, but may hold an image or a file, of which only the mention is told.
    mutating func addBlock(_ node: JSONNode, of document: JSONDocument) {
        var hasEncodedData = false
        if let source = document.member("source", of: node), document.member("type", of: source) != nil {
            hasEncodedData = !(document.member("type", of: source).map { document.isString($0, "text") } ?? false)
            if let content = document.member("content", of: source) {
                var blocks = ContentBlocks(of: content, in: document)
                while let block = blocks.next(in: document) {
                    switch block {
                    case .text(let text): self.addText(text, of: document)
                    case .image: self.addImage()
                    default: break
                    }
                }
            }
        }
        if hasEncodedData { self.fixed += 40 } else { self.addText(node, of: document) }
    }

    /// A function as the chat template shows it to the model.
    mutating func addTool(_ tool: JSONNode, of document: JSONDocument) {
        self.fixed += 12
        self.addText(tool, of: document)
    }

    /// The marks around a message in the chat template.
    mutating func addMessage() { self.fixed += 5 }

    /// The marks around a call, with the names of its members.
    mutating func addToolCall() { self.fixed += 14 }

    /// Depends on the size in pixels, which would have to be decoded first; this is a screenshot.
    mutating func addImage() { self.fixed += 1300 }
}

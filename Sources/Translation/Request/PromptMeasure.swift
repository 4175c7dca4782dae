// SPDX-License-Identifier: Apache-2.0

/// Measures what of a request is sent: the texts that the translation writes, each by its characters and not by their
/// spelling, and not what it leaves out.
struct PromptMeasure {
    /// What is measured. Not a part of the measure: its references would be counted for each text.
    private struct Prompt {
        let document: JSONDocument
        let memory: (any TextWeightMemory)?
    }

    private var text = SampledWeight()
    private var thinking = SampledWeight()
    private var fingerprint = PrefixHash()
    /// Marks of the chat template, files that are only mentioned; in tokens.
    private var fixed = 0
    private var images = 0
    private var imageCount = 0
    private var prefixes: [PromptSize.Prefix] = []

    private init() {}

    /// The parts of a request that was validated.
    static func size(
        of document: JSONDocument, systemTexts: [Range<Int>]?, messages: [Message], blocks: [ContentBlock],
        tools: [ToolOffer], _ memory: (any TextWeightMemory)?,
    ) -> PromptSize {
        let prompt = Prompt(document: document, memory: memory)
        var measure = Self()
        measure.prefixes.reserveCapacity(messages.count + 1)
        measure.addSystem(systemTexts, in: prompt)
        for message in messages { measure.add(message, blocks, in: prompt) }
        let lastPrompt = messages.lastIndex { $0.role == .user && !$0.contents.contains(.toolResult) } ?? -1
        return PromptSize(
            tools: Self.weight(of: tools, in: document, memory), prefixes: measure.prefixes, lastPrompt: lastPrompt + 1)
    }

    /// Apart from the rest, so that the same functions weigh the same in a longer conversation.
    private static func weight(of tools: [ToolOffer], in document: JSONDocument, _ memory: (any TextWeightMemory)?)
        -> Int
    {
        guard !tools.isEmpty else { return 0 }
        var text = SampledWeight()
        for tool in tools {
            if let description = tool.description {
                text.add(document.bytes.span, in: document.range(of: description), memory)
            }
            if let schema = tool.schema { text.add(document.bytes.span, in: document.range(of: schema), memory) }
        }
        // What the templates say about calling functions, and the punctuation around each with its name.
        return text.total + (90 + 22 * tools.count) * TextWeigher.unit
    }

    private mutating func endPrefix() {
        self.prefixes.append(
            PromptSize.Prefix(
                fingerprint: self.fingerprint.value, weight: self.text.total + self.fixed * TextWeigher.unit,
                thinking: self.thinking.total, images: self.images * TextWeigher.unit,
                missingImages: self.imageCount * Self.missingImage * TextWeigher.unit))
    }

    /// "An image was left out".
    private static let missingImage = 14
}

// MARK: - Parts of the prompt

extension PromptMeasure {
    private mutating func addSystem(_ texts: [Range<Int>]?, in prompt: Prompt) {
        if let texts {
            self.fixed += Self.messageMarks
            for text in texts { self.add(text, in: prompt) }
        }
        self.endPrefix()
    }

    private mutating func add(_ message: Message, _ blocks: [ContentBlock], in prompt: Prompt) {
        // A system message in the middle is sent as the user's text, so both count as one side.
        self.fingerprint.add(message.role == .assistant ? 1 : 2)
        self.fixed += Self.messageMarks
        for block in blocks[message.blocks] { self.add(block, in: prompt) }
        self.endPrefix()
    }

    private mutating func add(_ block: ContentBlock, in prompt: Prompt) {
        switch block {
        case .text(let text):
            self.add(prompt.document.contents(of: text), in: prompt)
        case .thinking(let thinking):
            // Kept apart: which thinking is sent again depends on the model, which is not known yet.
            self.thinking.add(prompt.document.bytes.span, in: prompt.document.contents(of: thinking), prompt.memory)
        case .image(let image):
            self.addImage(image, in: prompt)
        case .toolUse(let use):
            self.fixed += Self.callMarks
            if let name = use.name { self.add(prompt.document.contents(of: name), in: prompt) }
            if let input = use.input { self.add(prompt.document.range(of: input), in: prompt) }
        case .toolResult(let result):
            self.fixed += Self.messageMarks
            if let content = result.content { self.addContent(content, in: prompt) }
        case .document(let node):
            self.addDocument(node, in: prompt)
        case .searchResult(let node), .toolReference(let node), .serverTool(let node):
            self.add(prompt.document.range(of: node), in: prompt)
        // These are not sent, so they cost nothing.
        case .toolRemoval, .toolAddition, .ignored:
            break
        }
    }

    private mutating func addContent(_ content: JSONNode, in prompt: Prompt) {
        var blocks = ContentBlocks(of: content, in: prompt.document)
        while let block = blocks.next(in: prompt.document) {
            switch block {
            case .text, .image, .document, .searchResult, .toolReference, .serverTool: self.add(block, in: prompt)
            case .thinking, .toolUse, .toolResult, .toolRemoval, .toolAddition, .ignored: break
            }
        }
    }

    /// Of a file only its kind is told.
    private mutating func addDocument(_ node: JSONNode, in prompt: Prompt) {
        self.fixed += Self.fileMention
        for name in ["title", "context"] as [StaticString] {
            guard let text = prompt.document.visibleString(name, of: node) else { continue }
            self.add(prompt.document.contents(of: text), in: prompt)
        }
        let source = prompt.document.member("source", of: node) ?? node
        switch prompt.document.string("type", of: source) {
        case "text":
            if let data = prompt.document.member("data", of: source) { self.addContent(data, in: prompt) }
        case "content":
            if let content = prompt.document.member("content", of: source) { self.addContent(content, in: prompt) }
        case "url":
            if let url = prompt.document.visibleString("url", of: source) {
                self.add(prompt.document.contents(of: url), in: prompt)
            }
        default:
            self.fixed += Self.fileMention
        }
    }

    private mutating func addImage(_ image: JSONNode, in prompt: Prompt) {
        self.imageCount += 1
        switch ImageSource(of: image, in: prompt.document) {
        case .data(_, let base64):
            let range = prompt.document.contents(of: base64)
            // The beginning and the length tell images apart.
            self.fingerprint.add(range.count)
            self.fingerprint.add(PrefixHash.hash(of: prompt.document.bytes.span, in: range.prefix(512)))
            let file = prompt.document.bytes.span.extracting(range)
            self.images += ImageSize(base64: file)?.tokens ?? ImageSize.usualTokens
        case .url(let url):
            self.fingerprint.add(PrefixHash.hash(of: prompt.document.bytes.span, in: prompt.document.contents(of: url)))
            // Nothing is fetched to find out how large it is.
            self.images += ImageSize.usualTokens
        case .unavailable:
            self.images += Self.missingImage
        }
    }

    private mutating func add(_ range: Range<Int>, in prompt: Prompt) {
        self.fingerprint.add(self.text.add(prompt.document.bytes.span, in: range, prompt.memory))
    }

    /// The marks around a message in the chat template.
    private static let messageMarks = 5
    /// The marks around a call, with the names of its members.
    private static let callMarks = 14
    private static let fileMention = 20
}

// SPDX-License-Identifier: Apache-2.0

/// Measures what of a request is sent: the texts that the translation writes, each by its characters and not by their
/// spelling, and not what it leaves out.
struct PromptMeasure {
    private let memory: (any TextWeightMemory)?
    private var text = SampledWeight()
    private var thinking = SampledWeight()
    private var fingerprint = PrefixHash()
    /// Marks of the chat template, files that are only mentioned; in tokens.
    private var fixed = 0
    private var images = 0
    private var imageCount = 0
    private var prefixes: [PromptSize.Prefix] = []

    private init(_ memory: (any TextWeightMemory)?) {
        self.memory = memory
    }

    /// The parts of a request that was validated.
    static func size(
        of document: JSONDocument, systemTexts: [Range<Int>]?, messages: [Message], blocks: [ContentBlock],
        tools: [ToolOffer], _ memory: (any TextWeightMemory)?,
    ) -> PromptSize {
        var measure = Self(memory)
        measure.prefixes.reserveCapacity(messages.count + 1)
        measure.addSystem(systemTexts, in: document)
        for message in messages { measure.add(message, blocks, in: document) }
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
    private mutating func addSystem(_ texts: [Range<Int>]?, in document: JSONDocument) {
        if let texts {
            self.fixed += Self.messageMarks
            for text in texts { self.add(text, in: document) }
        }
        self.endPrefix()
    }

    private mutating func add(_ message: Message, _ blocks: [ContentBlock], in document: JSONDocument) {
        // A system message in the middle is sent as the user's text, so both count as one side.
        self.fingerprint.add(message.role == .assistant ? 1 : 2)
        self.fixed += Self.messageMarks
        for block in blocks[message.blocks] { self.add(block, in: document) }
        self.endPrefix()
    }

    private mutating func add(_ block: ContentBlock, in document: JSONDocument) {
        switch block {
        case .text(let text):
            self.add(document.contents(of: text), in: document)
        case .thinking(let thinking):
            // Kept apart: which thinking is sent again depends on the model, which is not known yet.
            self.thinking.add(document.bytes.span, in: document.contents(of: thinking), self.memory)
        case .image(let image):
            self.addImage(image, in: document)
        case .toolUse(let use):
            self.fixed += Self.callMarks
            if let name = use.name { self.add(document.contents(of: name), in: document) }
            if let input = use.input { self.add(document.range(of: input), in: document) }
        case .toolResult(let result):
            self.fixed += Self.messageMarks
            if let content = result.content { self.addContent(content, in: document) }
        case .document(let node):
            self.addDocument(node, in: document)
        case .searchResult(let node), .toolReference(let node), .serverTool(let node):
            self.add(document.range(of: node), in: document)
        // These are not sent, so they cost nothing.
        case .toolRemoval, .toolAddition, .ignored:
            break
        }
    }

    private mutating func addContent(_ content: JSONNode, in document: JSONDocument) {
        var blocks = ContentBlocks(of: content, in: document)
        while let block = blocks.next(in: document) {
            switch block {
            case .text, .image, .document, .searchResult, .toolReference, .serverTool: self.add(block, in: document)
            case .thinking, .toolUse, .toolResult, .toolRemoval, .toolAddition, .ignored: break
            }
        }
    }

    /// Of a file only its kind is told.
    private mutating func addDocument(_ node: JSONNode, in document: JSONDocument) {
        self.fixed += Self.fileMention
        for name in ["title", "context"] as [StaticString] {
            if let text = document.visibleString(name, of: node) { self.add(document.contents(of: text), in: document) }
        }
        let source = document.member("source", of: node) ?? node
        switch document.string("type", of: source) {
        case "text":
            if let data = document.member("data", of: source) { self.addContent(data, in: document) }
        case "content":
            if let content = document.member("content", of: source) { self.addContent(content, in: document) }
        case "url":
            if let url = document.visibleString("url", of: source) {
                self.add(document.contents(of: url), in: document)
            }
        default:
            self.fixed += Self.fileMention
        }
    }

    private mutating func addImage(_ image: JSONNode, in document: JSONDocument) {
        self.imageCount += 1
        switch ImageSource(of: image, in: document) {
        case .data(_, let base64):
            let range = document.contents(of: base64)
            // The beginning and the length tell images apart.
            self.fingerprint.add(range.count)
            self.fingerprint.add(PrefixHash.hash(of: document.bytes.span, in: range.prefix(512)))
            let file = document.bytes.span.extracting(range)
            self.images += ImageSize(base64: file)?.tokens ?? ImageSize.usualTokens
        case .url(let url):
            self.fingerprint.add(PrefixHash.hash(of: document.bytes.span, in: document.contents(of: url)))
            // Nothing is fetched to find out how large it is.
            self.images += ImageSize.usualTokens
        case .unavailable:
            self.images += Self.missingImage
        }
    }

    private mutating func add(_ range: Range<Int>, in document: JSONDocument) {
        self.fingerprint.add(self.text.add(document.bytes.span, in: range, self.memory))
    }

    /// The marks around a message in the chat template.
    private static let messageMarks = 5
    /// The marks around a call, with the names of its members.
    private static let callMarks = 14
    private static let fileMention = 20
}

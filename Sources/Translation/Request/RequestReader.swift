// SPDX-License-Identifier: Apache-2.0

/// Validates what the translation relies on, in the Messages API's own wording, and leaves everything else alone:
/// clients send new fields and blocks before they are documented.
struct RequestReader: ~Copyable {
    let document: JSONDocument
    let fields: RequestFields
    /// The blocks of all that was read, so that translating need not find out again what they are.
    private(set) var blocks: [ContentBlock] = []
    private(set) var containsImages = false
    private(set) var renamedTools: [String: String] = [:]
    private var toolChanges = ToolChanges()

    init(parsing body: [UInt8]) throws(InvalidRequest) {
        let document = try Self.object(parsing: body)
        self.document = document
        self.fields = RequestFields(of: document)
        // A block has about ten tokens; with fewer the array grows.
        self.blocks.reserveCapacity(document.tokenCount / 10)
    }

    private static func object(parsing body: [UInt8]) throws(InvalidRequest) -> JSONDocument {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsingWellFormed: body, limits: JSONLimits(values: RequestLimits.values))
        } catch {
            throw error.reason == .tooLarge
                ? RequestLimits.excess("", "The request body holds too many JSON values", RequestLimits.values)
                : InvalidRequest(path: "", message: "The request body is not valid JSON: \(error).")
        }
        guard document.kind(of: document.root) == .object else {
            throw InvalidRequest(path: "", message: "The request body should be a JSON object.")
        }
        return document
    }
}

// MARK: - System

extension RequestReader {
    /// Where the characters stand of what is sent of it; nil when it says nothing.
    mutating func system() throws(InvalidRequest) -> [Range<Int>]? {
        guard let system = self.fields.system else { return nil }
        let contents = try self.contents(of: system) { "system\($0)" }
        return contents.contains(.text) ? SystemPrompt.texts(of: system, in: self.document) : nil
    }
}

// MARK: - Messages

extension RequestReader {
    /// The messages that have something to say.
    mutating func messages() throws(InvalidRequest) -> [Message] {
        guard let node = self.fields.messages else {
            throw InvalidRequest(path: "messages", message: "Field required")
        }
        guard self.document.kind(of: node) == .array else {
            throw InvalidRequest(path: "messages", message: "Input should be a valid list")
        }
        var messages: [Message] = []
        var count = 0
        for element in self.document.elements(of: node) {
            let index = count
            let message = try self.message(element) { "messages.\(index)\($0)" }
            if !message.isSilent { messages.append(message) }
            count += 1
        }
        // Counted are all messages, not only those with something to say: an empty message is no reason to refuse.
        guard count > 0 else {
            throw InvalidRequest(path: "messages", message: "at least one message is required")
        }
        return messages
    }

    private mutating func message(
        _ node: JSONNode, path: (String) -> String
    ) throws(InvalidRequest) -> Message {
        guard self.document.kind(of: node) == .object else {
            throw InvalidRequest(path: path(""), message: "Input should be a valid dictionary")
        }
        var (roleNode, content): (JSONNode?, JSONNode?)
        self.document.forEachMember(of: node) { name, value in
            switch name {
            case ShortString("role"): roleNode = value
            case ShortString("content"): content = value
            default: break
            }
        }
        guard let roleNode else {
            throw InvalidRequest(path: path(".role"), message: "Field required")
        }
        let role: Message.Role
        switch self.document.shortString(roleNode) {
        case ShortString("user"): role = .user
        case ShortString("assistant"): role = .assistant
        case ShortString("system"): role = .system
        default: throw InvalidRequest(path: path(".role"), message: "Input should be 'user', 'assistant' or 'system'")
        }
        guard let content else {
            throw InvalidRequest(path: path(".content"), message: "Field required")
        }
        let start = self.blocks.count
        let contents = try self.contents(of: content) { path(".content\($0)") }
        return Message(role: role, blocks: start..<self.blocks.count, contents: contents)
    }

    /// Validates a content and notes what is in it.
    private mutating func contents(
        of content: JSONNode, path: (String) -> String
    ) throws(InvalidRequest) -> Message.Contents {
        switch self.document.kind(of: content) {
        case .string:
            try self.note(.text(content))
            return self.document.isBlank(content) ? [] : .text
        case .array:
            var contents: Message.Contents = []
            var index = 0
            var elements = JSONElementCursor(over: content, of: self.document)
            while let block = elements.next(of: self.document) {
                contents.formUnion(try self.contents(ofBlock: block) { path(".\(index)\($0)") })
                index += 1
            }
            return contents
        default:
            throw InvalidRequest(path: path(""), message: "Input should be a valid string or list")
        }
    }

    private mutating func contents(
        ofBlock node: JSONNode, path: (String) -> String
    ) throws(InvalidRequest) -> Message.Contents {
        let block = ContentBlock(node, in: self.document)
        try self.note(block)
        switch block {
        case .text(let text):
            return self.document.isBlank(text) ? [] : .text
        case .thinking:
            return .thinking
        case .image:
            self.containsImages = true
            return .image
        case .toolUse(let use):
            self.note(use, name: try self.require(use.name, "name", path: path))
            return .toolUse
        case .toolResult(let result):
            try self.require(result.toolUseID, "tool_use_id", path: path)
            return self.contents(ofToolResult: result)
        case .toolRemoval(let block):
            if let name = self.toolName(in: block) { self.toolChanges.remove(name) }
            return []
        case .toolAddition(let block):
            if let name = self.toolName(in: block) { self.toolChanges.add(name) }
            return []
        case .toolReference(let block):
            if let name = self.toolName(in: block) { self.toolChanges.arrive(name) }
            return .text
        // They are told in words, so the message has something to say.
        case .document, .searchResult, .serverTool:
            return .text
        case .ignored:
            try self.requireString("type", of: node, path: path)
            // An unknown kind may have any shape, but a text block without text is a mistake that the client must
            // see.
            if self.isText(node) { try self.requireString("text", of: node, path: path) }
            return []
        }
    }

    private mutating func contents(ofToolResult result: ToolResult) -> Message.Contents {
        guard let content = result.content else { return .toolResult }
        var contents = Message.Contents.toolResult
        var blocks = ContentBlocks(of: content, in: self.document)
        while let block = blocks.next(in: self.document) {
            switch block {
            case .image:
                self.containsImages = true
                contents.insert(.image)
            case .toolReference(let block):
                if let name = self.toolName(in: block) { self.toolChanges.arrive(name) }
            case .text, .document, .searchResult, .serverTool, .thinking, .toolUse, .toolResult, .toolRemoval,
                .toolAddition, .ignored:
                break
            }
        }
        return contents
    }

    private mutating func note(_ block: ContentBlock) throws(InvalidRequest) {
        guard self.blocks.count < RequestLimits.blocks else {
            throw RequestLimits.excess("messages", "Too many content blocks", RequestLimits.blocks)
        }
        self.blocks.append(block)
    }

    private mutating func note(_ toolUse: ToolUse, name: JSONNode) {
        if !ToolName.isAcceptable(self.document.bytes.span.extracting(self.document.contents(of: name))),
            let name = self.document.string(name)
        {
            self.rename(name)
        }
    }

    private mutating func rename(_ name: String) {
        let upstreamName = ToolName.upstream(name)
        if upstreamName != name { self.renamedTools[upstreamName] = name }
    }

    private func isText(_ node: JSONNode) -> Bool {
        self.document.member("type", of: node).map { self.document.isString($0, "text") } ?? false
    }

    /// The tool is named in a `tool_reference` of its own, or directly.
    private func toolName(in block: JSONNode) -> String? {
        let reference = self.document.member("tool", of: block) ?? block
        return self.document.string("name", of: reference) ?? self.document.string("tool_name", of: reference)
    }

    @discardableResult
    private func requireString(
        _ name: StaticString, of node: JSONNode, path: (String) -> String
    ) throws(InvalidRequest) -> JSONNode {
        guard self.document.kind(of: node) == .object else {
            throw InvalidRequest(path: path(""), message: "Input should be a valid dictionary")
        }
        return try self.require(self.document.member(name, of: node), name, path: path)
    }

    /// `value`, the member called `name`, when it is a string.
    @discardableResult
    private func require(
        _ value: JSONNode?, _ name: StaticString, path: (String) -> String
    ) throws(InvalidRequest) -> JSONNode {
        guard let value else {
            throw InvalidRequest(path: path(".\(name)"), message: "Field required")
        }
        guard self.document.kind(of: value) == .string else {
            throw InvalidRequest(path: path(".\(name)"), message: "Input should be a valid string")
        }
        return value
    }
}

// MARK: - Tools

extension RequestReader {
    /// The functions to offer and the types of the tools that are none. Call it behind `messages()`, which knows the
    /// tools that were taken away.
    mutating func tools() throws(InvalidRequest) -> (offers: [ToolOffer], serverTools: [String]) {
        guard let node = self.fields.tools else { return ([], []) }
        guard self.document.kind(of: node) == .array else {
            throw InvalidRequest(path: "tools", message: "Input should be a valid list")
        }
        var offers: [(offer: ToolOffer, isDeferred: Bool)] = []
        var serverTools: [String] = []
        var names: Set<String> = []
        var index = 0
        for tool in self.document.elements(of: node) {
            defer { index += 1 }
            guard index < RequestLimits.tools else {
                throw RequestLimits.excess("tools", "Too many tools", RequestLimits.tools)
            }
            guard self.document.kind(of: tool) == .object else {
                throw InvalidRequest(path: "tools.\(index)", message: "Input should be a valid dictionary")
            }
            if let type = self.serverToolType(of: tool) {
                serverTools.append(type)
                continue
            }
            try self.requireString("name", of: tool) { "tools.\(index)\($0)" }
            let offer = self.offer(tool)
            // Of two tools with one name the first counts; upstreams refuse the request otherwise.
            guard !self.toolChanges.isRemoved(offer.declared.name), offer.declared.name != "DeferredToolPlaceholder",
                names.insert(offer.declared.upstreamName).inserted
            else { continue }
            self.rename(offer.declared.name)
            offers.append((offer, self.isDeferred(tool)))
        }
        return (self.toolChanges.ordered(offers), serverTools)
    }

    /// Not offered from the beginning, but since a search for tools brought it.
    private func isDeferred(_ tool: JSONNode) -> Bool {
        self.document.member("defer_loading", of: tool).flatMap { self.document.boolean($0) } ?? false
    }

    /// A tool with a type of its own and without a schema is known to Anthropic's servers only.
    private func serverToolType(of tool: JSONNode) -> String? {
        guard let type = self.document.string("type", of: tool), type != "custom",
            self.document.value("input_schema", of: tool) == nil
        else { return nil }
        return type
    }

    private func offer(_ tool: JSONNode) -> ToolOffer {
        let name = self.document.string("name", of: tool) ?? ""
        let schema = self.document.member("input_schema", of: tool).flatMap {
            self.document.kind(of: $0) == .object ? $0 : nil
        }
        return ToolOffer(
            declared: DeclaredTool(
                name: name, upstreamName: ToolName.upstream(name),
                parameters: ParameterTypes(document: self.document).parameters(of: schema)),
            description: self.document.visibleString("description", of: tool), schema: schema)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One block of a message's content, as far as it can be told to a Chat Completions model.
enum ContentBlock {
    /// The string node of a text.
    case text(JSONNode)
    /// The string node of the model's own thinking.
    case thinking(JSONNode)
    case image(JSONNode)
    case document(JSONNode)
    case searchResult(JSONNode)
    case toolUse(ToolUse)
    case toolResult(ToolResult)
    /// A tool that a search for tools found.
    case toolReference(JSONNode)
    /// A tool that Anthropic's servers ran, or its result: history that can only be retold.
    case serverTool(JSONNode)
    /// From here on the tool is offered no more, or again.
    case toolRemoval(JSONNode)
    case toolAddition(JSONNode)
    /// A block this version does not know, or that only Anthropic's servers can read.
    case ignored

    var isToolUse: Bool {
        if case .toolUse = self { true } else { false }
    }

    init(_ node: JSONNode, in document: borrowing JSONDocument) {
        if document.kind(of: node) == .string {
            self = .text(node)
            return
        }
        let members = BlockMembers(of: node, in: document)
        guard let type = members.type else {
            self = .ignored
            return
        }
        // A number is compared, not a string: this is asked for every block of a conversation that is sent again each
        // turn.
        switch document.shortString(type) {
        case ShortString("text"):
            self = Self.string(members.text, in: document, as: ContentBlock.text)
        case ShortString("tool_use"):
            self = .toolUse(ToolUse(node: node, id: members.id, name: members.name, input: members.input))
        case ShortString("tool_result"):
            self = .toolResult(
                ToolResult(
                    node: node, toolUseID: members.toolUseID, content: members.content, isError: members.isError))
        case ShortString("thinking"):
            self = Self.string(members.thinking, in: document, as: ContentBlock.thinking)
        case ShortString("image"):
            self = .image(node)
        default:
            self = Self.rare(node, type: type, members, in: document)
        }
    }

    private static func rare(
        _ node: JSONNode, type: JSONNode, _ members: BlockMembers, in document: JSONDocument
    ) -> Self {
        switch document.string(type) {
        case "document": .document(node)
        case "search_result": .searchResult(node)
        case "tool_reference": .toolReference(node)
        case "tool_removal": .toolRemoval(node)
        case "tool_addition": .toolAddition(node)
        // A summary of what came before; without it the model would not know what the conversation is about.
        case "compaction": self.string(members.content, in: document, as: ContentBlock.text)
        case "server_tool_use", "mcp_tool_use": .serverTool(node)
        // All results of server tools are named so, and new ones come.
        case .some(let name) where name.hasSuffix("_tool_result"): .serverTool(node)
        // Clients send new kinds of blocks before they are documented; a refused request is repeated up to six times.
        default: .ignored
        }
    }

    private static func string(
        _ text: JSONNode?, in document: JSONDocument, as block: (JSONNode) -> Self
    ) -> Self {
        guard let text, document.kind(of: text) == .string else { return .ignored }
        return block(text)
    }
}

/// The blocks of a message's or a tool result's content; a plain string counts as one text block, so that both
/// spellings are translated into the same bytes.
struct ContentBlocks {
    private var single: JSONNode?
    private var elements: JSONElementCursor

    init(of content: JSONNode, in document: borrowing JSONDocument) {
        self.single = document.kind(of: content) == .string ? content : nil
        self.elements = JSONElementCursor(over: content, of: document)
    }

    mutating func next(in document: borrowing JSONDocument) -> ContentBlock? {
        if let single = self.single {
            self.single = nil
            return .text(single)
        }
        guard let element = self.elements.next(of: document) else { return nil }
        return ContentBlock(element, in: document)
    }
}

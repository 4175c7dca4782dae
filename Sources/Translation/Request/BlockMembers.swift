// SPDX-License-Identifier: Apache-2.0

/// The values of a block's members that blocks are told apart by and translated from. One walk finds all of them:
/// looking them up one by one was half the work of reading a conversation.
struct BlockMembers {
    let type: JSONNode?
    let text: JSONNode?
    let thinking: JSONNode?
    let id: JSONNode?
    let name: JSONNode?
    let input: JSONNode?
    let toolUseID: JSONNode?
    let content: JSONNode?
    let isError: JSONNode?

    /// Of several members with one name the last counts. A value that is no object has none.
    init(of block: JSONNode, in document: borrowing JSONDocument) {
        // Variables of their own stay in registers.
        var (type, text, thinking, id, name): (JSONNode?, JSONNode?, JSONNode?, JSONNode?, JSONNode?)
        var (input, toolUseID, content, isError): (JSONNode?, JSONNode?, JSONNode?, JSONNode?)
        document.forEachMember(of: block) { member, value in
            switch member {
            case ShortString("type"): type = value
            case ShortString("text"): text = value
            case ShortString("thinking"): thinking = value
            case ShortString("id"): id = value
            case ShortString("name"): name = value
            case ShortString("input"): input = value
            case ShortString("tool_use_id"): toolUseID = value
            case ShortString("content"): content = value
            case ShortString("is_error"): isError = value
            default: break
            }
        }
        (self.type, self.text, self.thinking, self.id, self.name) = (type, text, thinking, id, name)
        (self.input, self.toolUseID, self.content, self.isError) = (input, toolUseID, content, isError)
    }
}

/// A `tool_use` block: a call.
struct ToolUse: Equatable {
    let node: JSONNode
    var id: JSONNode?
    var name: JSONNode?
    var input: JSONNode?
}

/// A `tool_result` block: the answer to a call.
struct ToolResult: Equatable {
    let node: JSONNode
    var toolUseID: JSONNode?
    var content: JSONNode?
    var isError: JSONNode?
}

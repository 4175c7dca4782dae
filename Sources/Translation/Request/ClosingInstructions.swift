// SPDX-License-Identifier: Apache-2.0

/// What the upstream has no field for and the model is therefore told at the end of the conversation.
struct ClosingInstructions {
    /// Set when a function has to be called; the inner value is its name, or nil for any of them.
    var toolCall: String??
    /// The JSON schema the answer has to match.
    var schema: JSONNode?

    var isEmpty: Bool { self.toolCall == nil && self.schema == nil }

    /// The characters of a JSON string.
    func write(to writer: inout JSONWriter, from document: JSONDocument) {
        switch self.toolCall {
        case .some(.some(let name)):
            writer.raw("Answer with a call of the function ")
            writer.escaped(name)
            writer.raw(".")
        case .some(.none):
            writer.raw("Answer with a call of one of the functions.")
        case .none:
            break
        }
        guard let schema = self.schema else { return }
        if self.toolCall != nil { writer.raw(#"\n"#) }
        // DashScope refuses `json_object` where the word json does not occur in the conversation.
        writer.raw(#"Answer with nothing but a json object that matches this JSON schema:\n"#)
        writer.embedded(schema, of: document)
    }
}

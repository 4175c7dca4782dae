// SPDX-License-Identifier: Apache-2.0

extension JSONWriter {
    /// The identifier that a call has upstream, as it stands between quotes.
    mutating func id(of call: ToolCallLedger.Call, from document: JSONDocument) {
        if let id = call.renamedID {
            self.escaped(id)
        } else if let id = call.use.id {
            self.contents(id, of: document)
        }
    }

    /// The name that the tool of a call has upstream, as it stands between quotes.
    mutating func toolName(_ name: JSONNode, of document: JSONDocument) {
        let spelled = document.bytes[document.contents(of: name)]
        if ToolName.isAcceptable(spelled) {
            self.raw(spelled)
        } else {
            self.escaped(ToolName.upstream(document.string(name) ?? ""))
        }
    }
}

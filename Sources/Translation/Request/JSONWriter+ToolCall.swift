// SPDX-License-Identifier: Apache-2.0

extension JSONWriter {
    /// The identifier that a call has upstream, as it stands between quotes.
    mutating func id(of call: Int, in ledger: borrowing ToolCallLedger, from document: JSONDocument) {
        if let id = ledger.renamedID(of: call) {
            self.escaped(id)
        } else if let id = ledger.calls[call].use.id {
            self.contents(id, of: document)
        }
    }

    /// The name that the tool of a call has upstream, as it stands between quotes.
    mutating func toolName(_ name: JSONNode, of document: JSONDocument) {
        if ToolName.isAcceptable(document.bytes.span.extracting(document.contents(of: name))) {
            self.contents(name, of: document)
        } else {
            self.escaped(ToolName.upstream(document.string(name) ?? ""))
        }
    }
}

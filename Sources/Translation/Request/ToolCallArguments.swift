// SPDX-License-Identifier: Apache-2.0

/// Writes the input of a call as the characters of a JSON string that holds a JSON object, which is what upstreams
/// check: one call with something else in the history makes them refuse the whole conversation.
struct ToolCallArguments {
    let document: JSONDocument

    func write(_ input: JSONNode?, to writer: inout JSONWriter) {
        guard let input else { return writer.raw("{}") }
        switch self.document.kind(of: input) {
        case .object:
            writer.embedded(input, of: self.document)
        case .null:
            writer.raw("{}")
        case .string:
            self.write(string: input, to: &writer)
        case .array, .number, .boolean:
            self.write(unparsed: input, to: &writer)
        }
    }

    /// Clients keep the text of a call that the model spelled as a string, or that could not be parsed.
    private func write(string: JSONNode, to writer: inout JSONWriter) {
        let text = self.document.string(string) ?? ""
        guard let inner = try? JSONDocument(parsingWellFormed: Array(text.utf8)), inner.kind(of: inner.root) == .object
        else { return self.document.isBlank(string) ? writer.raw("{}") : self.write(unparsed: string, to: &writer) }
        writer.embedded(inner.root, of: inner)
    }

    private func write(unparsed value: JSONNode, to writer: inout JSONWriter) {
        writer.raw(#"{\"__unparsed\":"#)
        writer.embedded(value, of: self.document)
        writer.raw("}")
    }
}

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

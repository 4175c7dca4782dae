// SPDX-License-Identifier: Apache-2.0

/// A tool of the request that is offered to the model as a function.
struct ToolOffer {
    let declared: DeclaredTool
    /// The string node, when there is a description.
    let description: JSONNode?
    /// The object node, when there is a schema.
    let schema: JSONNode?
}

extension ToolOffer {
    /// `{"type":"function","function":{…}}`
    func write(to writer: inout JSONWriter, from document: JSONDocument) {
        writer.raw(#"{"type":"function","function":{"name":"#)
        writer.string(self.declared.upstreamName)
        if let description = self.description {
            writer.raw(#","description":""#)
            writer.contents(description, of: document)
            writer.raw("\"")
        }
        writer.raw(#","parameters":{"#)
        self.writeSchema(to: &writer, from: document)
        writer.raw("}}}")
    }

    /// The members of the schema in their order and spelling. Only what upstreams insist on is put in front, and
    /// `$schema`, which says nothing to a model, is left out.
    private func writeSchema(to writer: inout JSONWriter, from document: JSONDocument) {
        // Reordered members would change what the model reads.
        let members = self.schema.map { Array(document.members(of: $0)) } ?? []
        var hasType = false
        var hasProperties = false
        for (name, value) in members {
            // Upstreams want an object schema with properties; MCP servers also send `{}` and `{"type":"object"}`.
            if document.isString(name, "type") { hasType = document.isString(value, "object") }
            if document.isString(name, "properties") { hasProperties = document.kind(of: value) == .object }
        }
        var isFirst = true
        func separate() {
            if !isFirst { writer.raw(",") }
            isFirst = false
        }
        if !hasType {
            separate()
            writer.raw(#""type":"object""#)
        }
        if !hasProperties {
            separate()
            writer.raw(#""properties":{}"#)
        }
        for (name, value) in members {
            if document.isString(name, "$schema") { continue }
            if !hasType, document.isString(name, "type") { continue }
            if !hasProperties, document.isString(name, "properties") { continue }
            separate()
            writer.value(name, of: document)
            writer.raw(":")
            writer.value(value, of: document)
        }
    }
}

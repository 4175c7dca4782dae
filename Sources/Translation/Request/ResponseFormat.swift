// SPDX-License-Identifier: Apache-2.0

/// The form of an answer that has to match a JSON schema.
struct ResponseFormat {
    /// The schema, an object.
    let schema: JSONNode
    let support: ModelProfile.StructuredOutput

    /// Nil when any answer will do.
    init?(_ fields: RequestFields, of document: borrowing JSONDocument, for profile: ModelProfile) {
        guard
            let format = fields.outputConfiguration.flatMap({ document.value("format", of: $0) })
                ?? fields.outputFormat,
            document.string("type", of: format) == "json_schema",
            let schema = document.member("schema", of: format), document.kind(of: schema) == .object
        else { return nil }
        self.schema = schema
        self.support = profile.structuredOutput
    }

    /// Whether the upstream is held to a form; it refuses that together with thinking.
    var isEnforced: Bool { self.support != .none }

    /// Without the schema beside the conversation the model must be told in it. DashScope also demands the word "json"
    /// there before it promises a JSON object.
    var isToldInWords: Bool { self.support != .jsonSchema }

    func write(to writer: inout JSONWriter, from document: JSONDocument) {
        switch self.support {
        case .none:
            break
        case .jsonObject:
            writer.raw(#","response_format":{"type":"json_object"}"#)
        case .jsonSchema:
            writer.raw(
                #","response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":"#)
            writer.value(self.schema, of: document)
            writer.raw("}}")
        }
    }
}

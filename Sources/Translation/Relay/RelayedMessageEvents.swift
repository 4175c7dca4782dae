// SPDX-License-Identifier: Apache-2.0

extension RelayedMessage {
    /// The message as the stream of events that a client expects that asked for one. Blocks of kinds we do not know are
    /// passed on as they are, in the event that begins them.
    public func eventStream() -> [UInt8] {
        // An event's data is one line. Line ends stand only between values: inside of a string they are escaped.
        let line = self.body.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        // It was parsed once already.
        guard let document = try? JSONDocument(parsing: line) else { return [] }
        var events = RelayedMessageEvents(document: document)
        events.write()
        return events.writer.take()
    }
}

/// Writes the events of one message.
private struct RelayedMessageEvents {
    let document: JSONDocument
    var writer = JSONWriter()

    init(document: JSONDocument) {
        self.document = document
        self.writer = JSONWriter(reservingCapacity: document.bytes.count + 1024)
    }

    /// Members of the message that are only known at its end.
    private static let endMembers: [StaticString] = ["stop_reason", "stop_sequence"]

    mutating func write() {
        let message = self.document.root
        self.begin("message_start")
        self.writer.raw(#","message":"#)
        self.writeObject(message, replacing: [("content", "[]"), ("stop_reason", "null"), ("stop_sequence", "null")])
        self.end()
        let blocks = self.document.member("content", of: message).map { Array(self.document.elements(of: $0)) } ?? []
        for (index, block) in blocks.enumerated() { self.writeBlock(block, at: index) }
        self.begin("message_delta")
        self.writer.raw(#","delta":{"#)
        for (position, name) in Self.endMembers.enumerated() {
            if position > 0 { self.writer.raw(",") }
            self.writer.string(name.description)
            self.writer.raw(":")
            self.writeValue(self.document.member(name, of: message))
        }
        self.writer.raw("}")
        if let usage = self.document.member("usage", of: message) {
            self.writer.raw(#","usage":"#)
            self.writer.value(usage, of: self.document)
        }
        self.end()
        self.begin("message_stop")
        self.end()
    }

    private mutating func writeBlock(_ block: JSONNode, at index: Int) {
        let kind = self.document.string("type", of: block)
        self.begin("content_block_start", index)
        self.writer.raw(#","content_block":"#)
        switch kind {
        case "text":
            self.writeObject(block, replacing: [("text", #""""#), ("citations", "[]")])
            self.end()
            self.writeDelta("text_delta", "text", of: block, at: index)
            if let citations = self.document.member("citations", of: block) {
                for citation in self.document.elements(of: citations) {
                    self.writeDelta("citations_delta", "citation", citation, at: index)
                }
            }
        case "thinking":
            self.writeObject(block, replacing: [("thinking", #""""#), ("signature", #""""#)])
            self.end()
            self.writeDelta("thinking_delta", "thinking", of: block, at: index)
            self.writeDelta("signature_delta", "signature", of: block, at: index)
        case "tool_use", "server_tool_use", "mcp_tool_use":
            // Clients take the input from the deltas and ignore what stands here.
            self.writeObject(block, replacing: [("input", "{}")])
            self.end()
            if let input = self.document.member("input", of: block) { self.writeInput(input, at: index) }
        case .some, nil:
            self.writer.value(block, of: self.document)
            self.end()
        }
        self.begin("content_block_stop", index)
        self.end()
    }

    private mutating func writeInput(_ input: JSONNode, at index: Int) {
        self.begin("content_block_delta", index)
        self.writer.raw(#","delta":{"type":"input_json_delta","partial_json":""#)
        self.writer.embedded(input, of: self.document)
        self.writer.raw(#""}"#)
        self.end()
    }

    private mutating func writeDelta(_ type: StaticString, _ name: StaticString, of block: JSONNode, at index: Int) {
        guard let value = self.document.member(name, of: block), self.document.kind(of: value) == .string,
            !self.document.isEmptyString(value)
        else { return }
        self.writeDelta(type, name, value, at: index)
    }

    private mutating func writeDelta(_ type: StaticString, _ name: StaticString, _ value: JSONNode, at index: Int) {
        self.begin("content_block_delta", index)
        self.writer.raw(#","delta":{"type":""#)
        self.writer.raw(type)
        self.writer.raw(#"",""#)
        self.writer.raw(name)
        self.writer.raw(#"":"#)
        self.writer.value(value, of: self.document)
        self.writer.raw("}")
        self.end()
    }

    /// The object with other values for some of its members.
    private mutating func writeObject(_ object: JSONNode, replacing values: [(name: StaticString, value: StaticString)])
    {
        self.writer.raw("{")
        var isFirst = true
        for (name, value) in self.document.members(of: object) {
            if !isFirst { self.writer.raw(",") }
            isFirst = false
            self.writer.value(name, of: self.document)
            self.writer.raw(":")
            if let replacement = values.first(where: { self.document.isString(name, $0.name) }) {
                self.writer.raw(replacement.value)
            } else {
                self.writer.value(value, of: self.document)
            }
        }
        self.writer.raw("}")
    }

    private mutating func writeValue(_ value: JSONNode?) {
        if let value { self.writer.value(value, of: self.document) } else { self.writer.raw("null") }
    }

    private mutating func begin(_ type: StaticString, _ index: Int? = nil) {
        self.writer.raw("event: ")
        self.writer.raw(type)
        self.writer.raw("\ndata: {\"type\":\"")
        self.writer.raw(type)
        self.writer.raw("\"")
        if let index {
            self.writer.raw(#","index":"#)
            self.writer.integer(index)
        }
    }

    private mutating func end() { self.writer.raw("}\n\n") }
}

// SPDX-License-Identifier: Apache-2.0

/// A whole message of a Messages API upstream.
public struct RelayedMessage: Sendable {
    /// With the model's name as the client asked for it.
    public let body: [UInt8]
    /// As the upstream counted it.
    public let usage: Usage

    /// Nil when the bytes are no message.
    public init?(_ bytes: [UInt8], requestedModel: String) {
        guard let document = try? JSONDocument(parsing: bytes),
            document.string("type", of: document.root) == "message"
        else { return nil }
        var usage = Usage()
        if let node = document.member("usage", of: document.root) { usage.read(node, of: document) }
        self.body = document.bytes(naming: requestedModel, in: document.root)
        self.usage = usage
    }
}

extension JSONDocument {
    /// The document with another value for the member `model` of `object`.
    func bytes(naming model: String, in object: JSONNode) -> [UInt8] {
        guard let node = self.member("model", of: object) else { return self.bytes }
        let range = self.range(of: node)
        var writer = JSONWriter(reservingCapacity: self.bytes.count + model.utf8.count + 8)
        writer.raw(self.bytes[..<range.lowerBound])
        writer.string(model)
        writer.raw(self.bytes[range.upperBound...])
        return writer.take()
    }
}

extension Usage {
    /// The Messages API's own counts. Those that are not there stay as they were: the later events of a stream repeat only
    /// some of them.
    mutating func read(_ usage: JSONNode, of document: JSONDocument) {
        func count(_ name: StaticString) -> Int? {
            document.member(name, of: usage).flatMap { document.tokenCount($0) }
        }
        self.inputTokens = count("input_tokens") ?? self.inputTokens
        self.outputTokens = count("output_tokens") ?? self.outputTokens
        self.cacheReadInputTokens = count("cache_read_input_tokens") ?? self.cacheReadInputTokens
        self.cacheCreationInputTokens = count("cache_creation_input_tokens") ?? self.cacheCreationInputTokens
        let forAnHour = document.member("cache_creation", of: usage).flatMap {
            document.member("ephemeral_1h_input_tokens", of: $0)
        }
        self.cacheCreationOneHourTokens = min(
            forAnHour.flatMap { document.tokenCount($0) } ?? self.cacheCreationOneHourTokens,
            self.cacheCreationInputTokens)
    }
}

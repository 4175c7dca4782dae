// SPDX-License-Identifier: Apache-2.0

extension MessagesRequest {
    /// The request as the client sent it, with another name for the model, what the routes say about its parameters, and
    /// otherwise byte by byte the same.
    public func body(naming model: String, _ overrides: ParameterOverrides = ParameterOverrides()) -> [UInt8] {
        var members = overrides.members(for: self)
        guard !members.isEmpty else { return self.document.bytes(naming: model, in: self.document.root) }
        var writer = JSONWriter()
        writer.string(model)
        members.append(("model", writer.take()))
        return self.document.bytes(setting: members, in: self.document.root)
    }
}

extension ParameterOverrides {
    /// As members of a request of the Messages API, which replace the client's.
    fileprivate func members(for request: MessagesRequest) -> [(name: StaticString, value: [UInt8])] {
        let wantedTokens = request.facts.maximumTokens ?? .max
        let tokens = min(wantedTokens, self.maximumTokens ?? .max)
        var members: [(name: StaticString, value: [UInt8])] = []
        if tokens < wantedTokens { members.append(("max_tokens", Array("\(tokens)".utf8))) }
        if let temperature = self.temperature { members.append(("temperature", Array("\(temperature)".utf8))) }
        if let topP = self.topP { members.append(("top_p", Array("\(topP)".utf8))) }
        if let topK = self.topK { members.append(("top_k", Array("\(topK)".utf8))) }
        if let thinking = self.thinking(for: request, tokens: tokens) { members.append(("thinking", thinking)) }
        return members
    }

    /// The least budget that the Messages API takes.
    private static let leastBudget = 1024

    /// Nil leaves the client's word. A budget must be smaller than `tokens`, of which the answer needs some.
    private func thinking(for request: MessagesRequest, tokens: Int) -> [UInt8]? {
        guard self.thinking != nil || self.maximumTokens != nil else { return nil }
        let asked = RequestedThinking(request.fields, of: request.document)
        guard self.thinking ?? asked.isWanted == true else {
            return self.thinking == false ? Array(#"{"type":"disabled"}"#.utf8) : nil
        }
        // The client's own budget still fits.
        if asked.isWanted == true, asked.budget ?? 0 < tokens { return nil }
        guard tokens > Self.leastBudget else { return Array(#"{"type":"disabled"}"#.utf8) }
        return Array(#"{"type":"enabled","budget_tokens":\#(max(Self.leastBudget, tokens / 2))}"#.utf8)
    }
}

extension JSONDocument {
    /// The document with these values for members of `object`, which is not empty. Those it has not are put in front.
    fileprivate func bytes(setting members: [(name: StaticString, value: [UInt8])], in object: JSONNode) -> [UInt8] {
        let front = self.range(of: object).lowerBound + 1
        let edits = members.map { member -> (range: Range<Int>, text: [UInt8]) in
            if let node = self.member(member.name, of: object) { return (self.range(of: node), member.value) }
            return (front..<front, Array("\"\(member.name)\":".utf8) + member.value + [UInt8(ascii: ",")])
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.bytes.count + edits.reduce(0) { $0 + $1.text.count })
        var copied = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            bytes += self.bytes[copied..<edit.range.lowerBound]
            bytes += edit.text
            copied = edit.range.upperBound
        }
        return bytes + self.bytes[copied...]
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The length and the randomness of an answer, brought into the ranges the upstream takes.
struct SamplingParameters {
    let fields: RequestFields
    let document: JSONDocument
    let profile: ModelProfile

    private static let maximumStopSequences = 16

    static func stopSequences(_ fields: RequestFields, of document: JSONDocument) -> [String] {
        guard let node = fields.stopSequences else { return [] }
        return Array(
            document.elements(of: node).lazy.compactMap { document.string($0) }.filter { !$0.isEmpty }
                .prefix(Self.maximumStopSequences))
    }

    /// `,"name":value` for each parameter that is sent.
    func write(to writer: inout JSONWriter, maximumTokens: Int?, stopSequences: [String]) {
        let overrides = self.profile.overrides
        let refused = self.profile.refusedParameters
        if let maximumTokens {
            // OpenAI's reasoning models take only the newer name.
            writer.raw(refused.contains(.maximumTokens) ? #","max_completion_tokens":"# : #","max_tokens":"#)
            writer.integer(maximumTokens)
        }
        if refused.contains(.temperature) {
            // Whatever the client wants, the model decides.
        } else if let temperature = overrides.temperature {
            writer.raw(#","temperature":"#)
            writer.raw("\(temperature)".utf8)
        } else if let (node, value) = self.number(self.fields.temperature) {
            writer.raw(#","temperature":"#)
            // The range is [0, 2): two itself is refused.
            if value < 0 {
                writer.raw("0")
            } else if value >= 2 {
                writer.raw("1.99")
            } else {
                self.copy(node, to: &writer)
            }
        }
        if refused.contains(.topP) {
            // As above.
        } else if let topP = overrides.topP {
            writer.raw(#","top_p":"#)
            writer.raw("\(topP)".utf8)
        } else if let (node, value) = self.number(self.fields.topP) {
            writer.raw(#","top_p":"#)
            // The range is (0, 1]: nothing is refused, so the least is asked for.
            if value <= 0 {
                writer.raw("0.01")
            } else if value > 1 {
                writer.raw("1")
            } else {
                self.copy(node, to: &writer)
            }
        }
        if self.profile.acceptsTopK,
            let value = overrides.topK ?? self.fields.topK.flatMap({ self.document.integer($0) }), value >= 0
        {
            writer.raw(#","top_k":"#)
            // Servers read it into 32 bits.
            writer.integer(min(value, Int(Int32.max)))
        }
        // A refused `stop` is no loss: sequences are also looked for in the answer.
        guard !stopSequences.isEmpty, !refused.contains(.stop) else { return }
        writer.raw(#","stop":["#)
        for (index, sequence) in stopSequences.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.string(sequence)
        }
        writer.raw("]")
    }

    private func number(_ node: JSONNode?) -> (JSONNode, Double)? {
        guard let node, let value = self.document.double(node) else { return nil }
        return (node, value)
    }

    private func copy(_ node: JSONNode, to writer: inout JSONWriter) { writer.value(node, of: self.document) }
}

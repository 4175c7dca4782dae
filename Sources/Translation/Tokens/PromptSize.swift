// SPDX-License-Identifier: Apache-2.0

/// How large a prompt is, before an upstream has counted it: what every message adds, and a fingerprint of all up to it, by
/// which a longer prompt that begins the same is known again.
public struct PromptSize: Sendable {
    /// All up to and with one message.
    struct Prefix: Sendable {
        /// Of what is sent in any case: the system prompt and what was said, without the thinking.
        var fingerprint: UInt64
        /// Of the same, in `TextWeigher.unit`.
        var weight: Int
        /// Of all thinking so far.
        var thinking: Int
        /// Of all images so far, when the model sees them.
        var images: Int
        /// Of what is said in their place otherwise.
        var missingImages: Int
    }

    /// The offered functions. They stand for themselves: one that arrives late does not change what was said before.
    let tools: Int
    /// Only the system prompt, then one for each message.
    let prefixes: [Prefix]
    /// The index in `prefixes` up to which no thinking belongs to the present loop of tool calls.
    let lastPrompt: Int

    /// An estimate, at least 1.
    public func tokens(for profile: ModelProfile) -> Int { Self.tokens(self.weight(for: profile)) }

    /// The same for a model of which nothing is known: it sees images, and its thinking is not sent back.
    public var estimate: Int { self.tokens(for: ModelProfile(name: "", acceptsImages: true)) }

    /// In `TextWeigher.unit`.
    func weight(for profile: ModelProfile) -> Int { self.weight(upTo: self.prefixes.count - 1, for: profile) }

    /// Of a prompt that ends with the prefix at `index`.
    func weight(upTo index: Int, for profile: ModelProfile) -> Int {
        let prefix = self.prefixes[index]
        let images = profile.acceptsImages ? prefix.images : prefix.missingImages
        let thinking =
            switch profile.reasoningReplay {
            case .none: 0
            case .toolLoop: max(0, prefix.thinking - self.prefixes[self.lastPrompt].thinking)
            case .everyTurn: prefix.thinking
            }
        return self.tools + prefix.weight + images + thinking
    }

    static func tokens(_ weight: Int) -> Int { max(1, (weight + TextWeigher.unit - 1) / TextWeigher.unit) }
}

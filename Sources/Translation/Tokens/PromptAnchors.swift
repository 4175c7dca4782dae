// SPDX-License-Identifier: Apache-2.0

/// What upstreams counted for prompts that were sent, so that of a longer prompt only the new part is estimated.
///
/// Pure. Bounded: the oldest anchor gives way.
public struct PromptAnchors: Sendable {
    private struct Anchor: Sendable {
        var tokens: Int
        /// What the same prompt was estimated at.
        var weight: Int
    }

    private var anchors: [UInt64: Anchor] = [:]
    /// The keys in a ring, to find the oldest.
    private var keys: [UInt64] = []
    private var oldest = 0
    private let limit: Int

    /// Of a prompt that was not seen before as many messages get an anchor.
    private static let longestTail = 256
    /// A part that was estimated shorter than this says nothing about the vocabulary.
    private static let leastEvidence = 200 * TextWeigher.unit

    /// - Parameter limit: anchors to keep; one takes about 50 bytes.
    public init(limit: Int = 8_192) {
        self.limit = limit
    }

    /// What the upstream will count for the prompt, as far as that can be told. Never less for a prompt that goes on where
    /// another ends.
    /// - Parameter model: tells models at upstreams apart.
    public func tokens(of size: PromptSize, for profile: ModelProfile, model: Int, scale: TokenScale) -> Int {
        let weight = size.weight(for: profile)
        guard let (_, anchor) = self.longestAnchor(in: size, model: model) else {
            return PromptSize.tokens(Self.scaled(weight, scale))
        }
        let difference = Self.scaled(weight - anchor.weight, scale)
        return max(1, anchor.tokens + (difference + TextWeigher.unit / 2) / TextWeigher.unit)
    }

    /// The upstream counted `tokens` for the whole prompt.
    public mutating func observe(
        _ tokens: Int, of size: PromptSize, for profile: ModelProfile, model: Int, scale: inout TokenScale,
    ) {
        let last = size.prefixes.count - 1
        let weight = size.weight(for: profile)
        // A template may add a prompt of its own, but a figure without any likeness is a server's mistake.
        let expected = PromptSize.tokens(weight)
        guard tokens >= expected / 4, tokens <= 4 * expected + 4_000 else { return }
        var (start, base) = (0, Anchor(tokens: 0, weight: 0))
        if let (index, anchor) = self.longestAnchor(in: size, model: model) {
            // The same prompt once more, which says nothing new about its parts.
            guard index < last else {
                return self.insert(Anchor(tokens: tokens, weight: weight), for: Self.key(size.prefixes[last], model))
            }
            let known = size.weight(upTo: index, for: profile)
            let moved = anchor.tokens + Self.scaled(known - anchor.weight, scale) / TextWeigher.unit
            // An anchor that leaves nothing for the new part contradicts this count, and is not built on.
            if moved < tokens, known < weight { (start, base) = (index + 1, Anchor(tokens: moved, weight: known)) }
        }
        if weight - base.weight >= Self.leastEvidence {
            scale.observe(
                reported: tokens - base.tokens, estimated: (weight - base.weight) / TextWeigher.unit)
        }
        // Anchors for the messages in between, too: a client may cut the conversation back to any of them.
        for index in max(start, last - Self.longestTail)..<last {
            let part = size.weight(upTo: index, for: profile) - base.weight
            let share = Double(max(part, 0)) / Double(max(weight - base.weight, 1))
            let between = base.tokens + Int(share * Double(tokens - base.tokens))
            self.insert(
                Anchor(tokens: between, weight: part + base.weight), for: Self.key(size.prefixes[index], model))
        }
        self.insert(Anchor(tokens: tokens, weight: weight), for: Self.key(size.prefixes[last], model))
    }

    private func longestAnchor(in size: PromptSize, model: Int) -> (index: Int, anchor: Anchor)? {
        guard !self.anchors.isEmpty else { return nil }
        for index in size.prefixes.indices.reversed() {
            if let anchor = self.anchors[Self.key(size.prefixes[index], model)] { return (index, anchor) }
        }
        return nil
    }

    private mutating func insert(_ anchor: Anchor, for key: UInt64) {
        guard self.anchors.updateValue(anchor, forKey: key) == nil else { return }
        guard self.keys.count >= self.limit else { return self.keys.append(key) }
        self.anchors[self.keys[self.oldest]] = nil
        self.keys[self.oldest] = key
        self.oldest = (self.oldest + 1) % self.limit
    }

    private static func key(_ prefix: PromptSize.Prefix, _ model: Int) -> UInt64 {
        prefix.fingerprint ^ UInt64(truncatingIfNeeded: model)
    }

    private static func scaled(_ weight: Int, _ scale: TokenScale) -> Int { weight * scale.thousandths / 1_000 }
}

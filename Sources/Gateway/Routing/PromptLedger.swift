// SPDX-License-Identifier: Apache-2.0

import Knowledge
import Synchronization
import Translation

/// What models at upstreams counted for prompts, and how their counts differ from our estimates. In memory, but for the
/// differences, which `KnowledgeStore` keeps across restarts.
final class PromptLedger: Sendable {
    /// A model at an upstream.
    struct Key: Hashable, Sendable {
        var upstream: String
        var model: String
    }

    /// The configuration names the models, but a client may ask for any.
    private static let limit = 256

    private let anchors = SharedPromptAnchors()
    private let counters = Mutex<[Key: PromptCounter]>([:])

    /// The same one for as long as it is remembered, so that a new configuration does not begin anew.
    func counter(for key: Key) -> PromptCounter {
        self.counters.withLock { counters in
            if let counter = counters[key] { return counter }
            // A scale that is dropped here comes back as `learned`, to a hundredth.
            if counters.count >= Self.limit { counters.removeAll() }
            let counter = PromptCounter(key, anchors: self.anchors)
            counters[key] = counter
            return counter
        }
    }
}

/// The anchors of all models, of which there are so many that they share one bounded table.
private final class SharedPromptAnchors: Sendable {
    let table = Mutex(PromptAnchors())
}

/// How one model at one upstream counts prompts.
final class PromptCounter: Sendable {
    private let anchors: SharedPromptAnchors
    /// Tells its anchors apart from those of other models.
    private let model: Int
    /// Nil before anything was counted here.
    private let scale = Mutex<TokenScale?>(nil)

    fileprivate init(_ key: PromptLedger.Key, anchors: SharedPromptAnchors) {
        self.model = key.hashValue
        self.anchors = anchors
    }

    /// What the upstream will count for the prompt.
    /// - Parameter learned: the scale that was known before anything was counted here, in thousandths.
    func tokens(of size: PromptSize, for profile: ModelProfile, learned: Int?) -> Int {
        let scale = self.scale.withLock { $0 } ?? TokenScale(thousandths: learned)
        return self.anchors.table.withLock { $0.tokens(of: size, for: profile, model: self.model, scale: scale) }
    }

    /// Takes in what the upstream counted. Returns the scale when it moved by more than a hundredth from what is kept.
    func counted(_ tokens: Int, of size: PromptSize, for profile: ModelProfile, learned: Int?) -> Int? {
        self.scale.withLock { known in
            var scale = known ?? TokenScale(thousandths: learned)
            self.anchors.table.withLock {
                $0.observe(tokens, of: size, for: profile, model: self.model, scale: &scale)
            }
            known = scale
            return abs(scale.thousandths - (learned ?? 1_000)) > 10 ? scale.thousandths : nil
        }
    }
}

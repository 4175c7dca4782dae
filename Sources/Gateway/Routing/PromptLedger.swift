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

    private struct State {
        var anchors = PromptAnchors()
        var scales: [Key: TokenScale] = [:]
    }

    /// The configuration names the models, but a client may ask for any.
    private static let limit = 256

    private let state = Mutex(State())

    /// What the upstream will count for the prompt.
    /// - Parameter learned: the scale that was known before anything was counted here, in thousandths.
    func tokens(of size: PromptSize, for profile: ModelProfile, at key: Key, learned: Int?) -> Int {
        self.state.withLock { state in
            state.anchors.tokens(
                of: size, for: profile, model: key.hashValue,
                scale: state.scales[key] ?? TokenScale(thousandths: learned))
        }
    }

    /// Takes in what the upstream counted. Returns the scale when it moved by more than a hundredth from what is kept.
    func counted(
        _ tokens: Int, of size: PromptSize, for profile: ModelProfile, at key: Key, learned: Int?,
    ) -> Int? {
        self.state.withLock { state in
            // A scale that is dropped here comes back as `learned`, to a hundredth.
            if state.scales[key] == nil, state.scales.count >= Self.limit { state.scales.removeAll() }
            var scale = state.scales[key] ?? TokenScale(thousandths: learned)
            state.anchors.observe(tokens, of: size, for: profile, model: key.hashValue, scale: &scale)
            state.scales[key] = scale
            return abs(scale.thousandths - (learned ?? 1_000)) > 10 ? scale.thousandths : nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension ModelProfile {
    /// The `max_tokens` to send for what the client wants, at least 1. In a window that prompt and answer share it is
    /// what the prompt leaves, by our estimate, so that the upstream need not refuse. It is never lowered below
    /// `OutputRoom.least`, which lets an answer happen where the estimate is too high: only the upstream refuses.
    func maximumTokens(wanted: Int, estimatedInputTokens: Int) -> Int {
        min(self.wishedTokens(wanted), self.room(estimatedInputTokens: estimatedInputTokens))
    }

    /// Whether it is the window, and not the client, the model or the user's routes, that limits the answer.
    func isLimitedByWindow(wanted: Int, estimatedInputTokens: Int) -> Bool {
        self.room(estimatedInputTokens: estimatedInputTokens) < self.wishedTokens(wanted)
    }

    /// What the answer may have wherever the window ends.
    private func wishedTokens(_ wanted: Int) -> Int {
        max(1, min(wanted, self.overrides.maximumTokens ?? .max, self.maximumOutputTokens))
    }

    private func room(estimatedInputTokens: Int) -> Int {
        self.windowIsShared ? OutputRoom(window: self.contextWindow).behind(estimatedInputTokens) : .max
    }
}

/// What a prompt leaves of a window for the answer, as far as an estimate can tell.
struct OutputRoom {
    let window: Int

    /// Room that is asked for whatever the estimate says: 4,096 tokens hold an edit of a file. Small windows keep most of
    /// theirs for the prompt.
    var least: Int { max(256, min(4096, self.window / 8)) }

    /// - Parameter estimate: of the prompt. It is up to 9 % too low for the requests of Claude Code, and the templates of
    ///   tools add some hundred tokens (both measured), so an eighth and 256 are kept free.
    func behind(_ estimate: Int) -> Int {
        let estimate = max(0, min(estimate, 1 << 40))
        return max(self.least, self.window - estimate - estimate / 8 - 256)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Model tokens since the start, as the upstream counted them.
public struct TokenCounts: Codable, Sendable, Equatable {
    /// Of prompts.
    public var input: Int
    /// Of answers.
    public var output: Int
    /// Those of `input` that came from the upstream's prefix cache.
    public var cached: Int

    public init(input: Int = 0, output: Int = 0, cached: Int = 0) {
        self.input = input
        self.output = output
        self.cached = cached
    }
}

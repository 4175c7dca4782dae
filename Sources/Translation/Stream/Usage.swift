// SPDX-License-Identifier: Apache-2.0

/// Token counts of one answer in the sense of the Messages API: the three input counts exclude each other.
public struct Usage: Sendable, Equatable {
    /// Of the prompt, without what came from a cache.
    public var inputTokens: Int
    /// Of the answer, thinking included.
    public var outputTokens: Int
    /// Of the prompt, read from the upstream's cache.
    public var cacheReadInputTokens: Int
    /// Of the prompt, written to the upstream's cache.
    public var cacheCreationInputTokens: Int
    /// Of those written to the cache, the ones that stay for an hour, which costs more.
    public var cacheCreationOneHourTokens: Int
    /// Of the answer, spent on thinking; nil when the upstream does not say.
    public var thinkingTokens: Int?

    public init(
        inputTokens: Int = 0,
        outputTokens: Int = 0,
        cacheReadInputTokens: Int = 0,
        cacheCreationInputTokens: Int = 0,
        cacheCreationOneHourTokens: Int = 0,
        thinkingTokens: Int? = nil,
    ) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cacheReadInputTokens = cacheReadInputTokens
        self.cacheCreationInputTokens = cacheCreationInputTokens
        self.cacheCreationOneHourTokens = cacheCreationOneHourTokens
        self.thinkingTokens = thinkingTokens
    }

    /// All that the model read, from the cache or not.
    public var totalInputTokens: Int {
        self.inputTokens + self.cacheReadInputTokens + self.cacheCreationInputTokens
    }

    /// Writes the object's members. The four counts are always there: clients add them up to know when to compact.
    func write(to writer: inout JSONWriter) {
        writer.raw(#"{"input_tokens":"#)
        writer.integer(self.inputTokens)
        writer.raw(#","cache_creation_input_tokens":"#)
        writer.integer(self.cacheCreationInputTokens)
        if self.cacheCreationOneHourTokens > 0 {
            writer.raw(#","cache_creation":{"ephemeral_5m_input_tokens":"#)
            writer.integer(self.cacheCreationInputTokens - self.cacheCreationOneHourTokens)
            writer.raw(#","ephemeral_1h_input_tokens":"#)
            writer.integer(self.cacheCreationOneHourTokens)
            writer.raw("}")
        }
        writer.raw(#","cache_read_input_tokens":"#)
        writer.integer(self.cacheReadInputTokens)
        writer.raw(#","output_tokens":"#)
        writer.integer(self.outputTokens)
        if let thinkingTokens = self.thinkingTokens {
            writer.raw(#","output_tokens_details":{"thinking_tokens":"#)
            writer.integer(thinkingTokens)
            writer.raw("}")
        }
        writer.raw("}")
    }
}

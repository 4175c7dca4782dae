// SPDX-License-Identifier: Apache-2.0

/// Reads the `usage` object of a chat completion. The names of the detail counts differ between servers.
enum UsageReader {
    /// Nil when `node` is no object or counts nothing: some servers send zeros in every chunk but the last.
    static func usage(_ node: JSONNode, of document: JSONDocument) -> Usage? {
        guard document.kind(of: node) == .object else { return nil }
        let prompt = Self.count("prompt_tokens", "input_tokens", of: node, in: document)
        let completion = Self.count("completion_tokens", "output_tokens", of: node, in: document)
        guard let prompt = prompt ?? completion.map({ _ in 0 }), prompt > 0 || completion ?? 0 > 0 else { return nil }
        let details =
            // The second name is that of the Responses API, which some gateways pass through.
            document.member("prompt_tokens_details", of: node) ?? document.member("input_tokens_details", of: node)
        var cached = details.flatMap { Self.count("cached_tokens", of: $0, in: document) }
        // Moonshot and DeepSeek count outside the details.
        cached = cached ?? Self.count("cached_tokens", "prompt_cache_hit_tokens", of: node, in: document)
        let created = details.flatMap { Self.count("cache_creation_input_tokens", of: $0, in: document) }
        // Whatever the upstream says, no count is negative, and together they are its count of the prompt.
        let read = min(cached ?? 0, prompt)
        let written = min(created ?? 0, prompt - read)
        let forAnHour = details.flatMap { document.member("cache_creation", of: $0) }.flatMap {
            Self.count("ephemeral_1h_input_tokens", of: $0, in: document)
        }
        return Usage(
            inputTokens: prompt - read - written,
            outputTokens: completion ?? 0,
            cacheReadInputTokens: read,
            cacheCreationInputTokens: written,
            cacheCreationOneHourTokens: min(forAnHour ?? 0, written),
            thinkingTokens: Self.thinking(node, of: document).map { min($0, completion ?? 0) },
        )
    }

    private static func thinking(_ node: JSONNode, of document: JSONDocument) -> Int? {
        let details =
            document.member("completion_tokens_details", of: node)
            ?? document.member("output_tokens_details", of: node)
        // Some servers count it outside the details (SGLang).
        return details.flatMap { Self.count("reasoning_tokens", of: $0, in: document) }
            ?? Self.count("reasoning_tokens", of: node, in: document)
    }

    private static func count(
        _ name: StaticString, _ otherName: StaticString? = nil, of object: JSONNode, in document: JSONDocument
    ) -> Int? {
        if let value = document.member(name, of: object).flatMap({ document.tokenCount($0) }) { return value }
        return otherName.flatMap { Self.count($0, of: object, in: document) }
    }
}

extension JSONDocument {
    /// More tokens than any answer has, and so few that sums of them cannot overflow.
    private static let maximumTokenCount = 1 << 40

    /// A number of tokens as an upstream writes it, brought into the range that a count can have. Nil when it is no number.
    func tokenCount(_ node: JSONNode) -> Int? {
        // Peers may send any number: counts of many answers are added up later, and an overflow would end the
        // process.
        if let count = self.integer(node) { return min(max(count, 0), Self.maximumTokenCount) }
        guard let count = self.double(node) else { return nil }
        return Int(min(max(count, 0), Double(Self.maximumTokenCount)))
    }
}

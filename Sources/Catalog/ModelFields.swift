// SPDX-License-Identifier: Apache-2.0

package import Shared
package import Translation

extension Catalog {
    /// What the catalogue says about a model, each value from the most important file that has one.
    package func fields(of model: String) -> [ModelExplanation.Field] {
        let key = ModelCatalog.key(of: model)
        let entries = self.layers.compactMap { layer in
            layer.file.models.first { $0.row.matches(key) }.map { (layer: layer, entry: $0) }
        }
        return ModelEntry.fieldNames.compactMap { name in
            for (layer, entry) in entries {
                guard let value = entry.said[name] else { continue }
                return ModelExplanation.Field(
                    name: name, value: value, origin: .init(layer.origin), source: entry.source, date: entry.date)
            }
            return nil
        }
    }

    /// What a model costs at a product, by size of the prompt; empty when that is not known.
    package func prices(of model: String, at product: UpstreamProduct) -> [ModelPrice] {
        let key = ModelCatalog.key(of: model)
        // The prices of the world as a whole are the vendor's own. A plan, a server of one's own and other vendors
        // have none, or others: there only what a person wrote counts.
        let layers = self.layers.filter { $0.origin.isPersonal || product.hasListPrices }
        return layers.lazy.compactMap { layer in
            layer.file.models.first { $0.row.matches(key) }?.prices
        }.first { !$0.isEmpty } ?? []
    }

    /// When the model came out, as `YYYY-MM-DD`; nil when that is not known.
    package func released(_ model: String) -> String? {
        let key = ModelCatalog.key(of: model)
        return self.layers.lazy.compactMap { layer in
            layer.file.models.first { $0.row.matches(key) }?.released
        }.first
    }
}

extension Catalog.Origin {
    /// Somebody wrote it for this machine.
    fileprivate var isPersonal: Bool {
        switch self {
        case .shipped, .updated: false
        case .administrator, .user: true
        }
    }
}

extension UpstreamProduct {
    /// Each token is paid, at the vendor's price or near it.
    fileprivate var hasListPrices: Bool {
        switch self {
        case .modelStudio, .openRouter: true
        case .portal, .codingPlan, .tokenPlan, .local, .other: false
        }
    }
}

extension [ModelPrice] {
    /// What an answer cost, in millionths of a US dollar; nil when there is no price for a prompt of this size. What
    /// came from a cache or went into one counts in full where its price is not known.
    package func cost(of usage: Usage) -> Int? {
        let prompt = usage.totalInputTokens
        // The vendors charge the whole prompt at the price of the tier that it falls into.
        guard let price = self.first(where: { $0.upToInputTokens.map { prompt <= $0 } ?? true }) else { return nil }
        // A price for a million tokens in dollars is one for a token in millionths of a dollar.
        let cost =
            Double(usage.inputTokens) * price.input + Double(usage.outputTokens) * price.output
            + Double(usage.cacheReadInputTokens) * (price.cacheRead ?? price.input)
            + Double(usage.cacheCreationInputTokens - usage.cacheCreationOneHourTokens)
            * (price.cacheWrite ?? price.input)
            + Double(usage.cacheCreationOneHourTokens)
            * (price.cacheWriteOneHour ?? price.cacheWrite ?? price.input)
        // More than fits a number is no price.
        return Int(exactly: cost.rounded())
    }
}

extension ModelExplanation.Field.Origin {
    package init(_ origin: Catalog.Origin) {
        switch origin {
        case .shipped: self = .shipped
        case .updated: self = .updated
        case .administrator: self = .administrator
        case .user: self = .user
        }
    }
}

extension ModelEntry {
    /// As in the files, in the order of the documentation.
    package static let fieldNames = [
        "context_window", "max_output_tokens", "max_tokens_covers_thinking", "images", "thinking", "efforts",
        "always_thinks", "reasoning_replay", "tool_choice", "structured_output", "cache", "prices", "released",
    ]

    /// What the row says, by the names of the files.
    package var said: [String: String] {
        var said: [String: String] = [:]
        said["context_window"] = self.traits.contextWindow.map { "\($0)" }
        said["max_output_tokens"] = self.traits.maximumOutputTokens.map { "\($0)" }
        said["max_tokens_covers_thinking"] = self.maxTokensCoverThinking.map { "\($0)" }
        said["images"] = self.traits.acceptsImages.map { "\($0)" }
        said["thinking"] = self.traits.thinking?.rawValue
        said["efforts"] = self.traits.effortScale?.rawValue
        said["always_thinks"] = self.traits.alwaysThinks.map { "\($0)" }
        said["reasoning_replay"] = self.traits.reasoningReplay?.rawValue
        said["tool_choice"] = self.traits.toolChoice?.rawValue
        said["structured_output"] = self.traits.structuredOutput?.rawValue
        said["cache"] = self.traits.cacheForm?.rawValue
        said["prices"] = self.prices.isEmpty ? nil : self.prices.map(\.description).joined(separator: "; ")
        said["released"] = self.released
        return said
    }
}

extension ModelPrice: CustomStringConvertible {
    package var description: String {
        var parts = ["$\(Self.text(self.input)) in", "$\(Self.text(self.output)) out"]
        if let price = self.cacheRead { parts.append("$\(Self.text(price)) cache read") }
        if let price = self.cacheWrite { parts.append("$\(Self.text(price)) cache write") }
        if let price = self.cacheWriteOneHour { parts.append("$\(Self.text(price)) cache write for an hour") }
        let size = self.upToInputTokens.map { "up to \($0) tokens: " } ?? ""
        return size + parts.joined(separator: ", ")
    }

    /// Without what caches cost.
    package var outline: String {
        let size = self.upToInputTokens.map { " up to \($0 / 1000)k" } ?? ""
        return "$\(Self.text(self.input)) in, $\(Self.text(self.output)) out\(size)"
    }

    private static func text(_ price: Double) -> String {
        let text = "\(price)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

// SPDX-License-Identifier: Apache-2.0

package import Shared
import Translation

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

    /// When the model came out, as `YYYY-MM-DD`; nil when that is not known.
    package func released(_ model: String) -> String? {
        let key = ModelCatalog.key(of: model)
        return self.layers.lazy.compactMap { layer in
            layer.file.models.first { $0.row.matches(key) }?.released
        }.first
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

    private static func text(_ price: Double) -> String {
        let text = "\(price)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

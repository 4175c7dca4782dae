// SPDX-License-Identifier: Apache-2.0

package import Shared
package import Translation

/// A service that sells or serves models, as far as it is known.
package struct Product: Sendable, Equatable {
    /// How its users are identified.
    package enum Credentials: String, Sendable, Equatable, CaseIterable {
        case key
        /// By a key, or not at all.
        case keyOrNone = "key_or_none"
        /// By the login of qwen-code.
        case login
        case none
    }

    /// In the catalogue's files.
    package let name: String
    /// Within a sentence.
    package let title: String
    /// What its errors mean, and what advice goes with them.
    package let kind: UpstreamProduct
    /// What its hosts know beside OpenAI's own parameters.
    package let dialect: UpstreamDialect
    /// Domains, in lower case; the hosts below them belong to it too.
    package let hosts: [String]
    /// How its users are identified.
    package let credentials: Credentials
    /// The variable in which the vendor's own tools look for the key.
    package let keyVariable: String?
    /// How its Messages API wants the key.
    package let anthropicKeyHeader: KeyHeader
    /// Its terms admit coding agents only, so it is told which one is asking.
    package let admitsAgentsOnly: Bool
    /// Nil when no limit is known.
    package let requestsPerMinute: Int?
    /// Models that it has now, the best one for coding first. What the server says goes before this.
    package let models: [String]
    /// Models that it had.
    package let retired: [Retirement]

    /// The model to ask when no other was said. Never one that was retired.
    package var defaultModel: String? { self.models.first { self.retirement(of: $0) == nil } }

    /// Nil when the product is not known to have given the model up.
    package func retirement(of model: String) -> Retirement? {
        let key = ModelCatalog.key(of: model)
        return self.retired.first { $0.match.contains { NamePattern($0).matches(key) } }
    }
}

/// Models that a product gave up.
package struct Retirement: Sendable, Equatable {
    /// Patterns of names.
    package let match: [String]
    /// The last day but one, as `YYYY-MM-DD`: from this day on requests are refused.
    package let on: String
    /// What the vendor names in its place.
    package let successor: String?
    /// Who says so.
    package let source: String

    init?(_ row: inout CatalogObjectReader) {
        let match = row.names("match")
        let on = row.date("on")
        self.successor = row.text("successor")
        let source = row.text("source", isRequired: true)
        row.noteUnknown()
        guard let match, let on, let source else { return nil }
        (self.match, self.on, self.source) = (match.map(ModelCatalog.key(of:)), on, source)
    }
}

/// An upstream that is known by name, so that the user need not type its address or look up its rules.
package struct Preset: Sendable, Equatable {
    /// As the configuration calls it.
    package let name: String
    /// In a list for people.
    package let title: String
    /// The base of the Chat Completions API. Nil where only the user knows; `{workspace}` and `{region}` are filled in.
    package let baseURL: String?
    /// The base of the Messages API, where the product has one.
    package let anthropicURL: String?
    /// What `{region}` may be.
    package let regions: [String]
    /// What holds for all presets of the product.
    package let product: Product

    /// The models to offer, the best one for coding first.
    package var models: [String] { self.product.models }

    /// The variable in which the vendor's own tools look for the key.
    package var keyVariable: String? { self.product.keyVariable }

    /// The address is complete as it is.
    package var isAddressed: Bool { self.baseURL?.contains("{") == false }
}

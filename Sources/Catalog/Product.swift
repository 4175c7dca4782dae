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

    /// The model to ask when no other was said. Never one that was retired, or is going to be.
    package var defaultModel: String? { self.models.first { self.row(of: $0) == nil } }

    /// Nil when the product is not known to have given the model up. A successor that was given up in turn is not named, but
    /// its own.
    package func retirement(of model: String) -> Retirement? {
        guard var retirement = self.row(of: model) else { return nil }
        retirement.present = self.defaultModel
        // Each row once, or two that name each other would not end.
        for _ in self.retired {
            guard let next = retirement.successor.flatMap(self.row(of:)) else { return retirement }
            retirement.successor = next.successor
        }
        retirement.successor = nil
        return retirement
    }

    private func row(of model: String) -> Retirement? {
        let key = ModelCatalog.key(of: model)
        return self.retired.first { $0.match.contains { NamePattern($0).matches(key) } }
    }
}

/// Models that a product gave up.
package struct Retirement: Sendable, Equatable {
    /// Patterns of names.
    package let match: [String]
    /// As `YYYY-MM-DD`: from this day on requests are refused. Vendors tell it weeks before.
    package let on: String
    /// What the vendor names in its place.
    package fileprivate(set) var successor: String?
    /// What the product has, where the vendor names nothing.
    package fileprivate(set) var present: String?
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

    /// Whether requests are refused already.
    package func isOver(at now: Timestamp) -> Bool { self.on <= now.description.prefix(10) }
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

    /// An address with what was to be filled in.
    package static func filled(_ template: String, workspace: String, region: String) -> String {
        template.replacing("{workspace}", with: workspace).replacing("{region}", with: region)
    }

    /// The address is complete as it is.
    package var isAddressed: Bool { self.baseURL?.contains("{") == false }
}

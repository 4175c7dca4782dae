// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// What one file says about a product. Nil: nothing is said, and less important files count.
package struct ProductEntry: Sendable, Equatable {
    /// A preset as the file has it.
    struct Address: Sendable, Equatable {
        let name: String
        let title: String
        let baseURL: String?
        let anthropicURL: String?
        let regions: [String]

        init?(_ row: inout CatalogObjectReader) {
            let name = row.text("name", isRequired: true)
            self.baseURL = Self.url("base_url", &row)
            self.anthropicURL = Self.url("anthropic_url", &row)
            self.regions = row.names("regions", isRequired: false) ?? []
            self.title = row.text("title") ?? name ?? ""
            if self.regions.isEmpty, [self.baseURL, self.anthropicURL].contains(where: { $0?.contains("{") == true }) {
                row.mistake("regions", "an address with something to fill in needs them")
            }
            row.noteUnknown()
            guard let name else { return nil }
            self.name = name.lowercased()
        }

        /// A key goes there.
        private static func url(_ name: StaticString, _ row: inout CatalogObjectReader) -> String? {
            guard let url = row.text(name) else { return nil }
            let host = url.dropFirst("https://".count).prefix { $0 != "/" }
            // Only https: an updated catalogue must not be able to send keys in the clear.
            guard url.hasPrefix("https://"), !host.isEmpty, !url.hasSuffix("/"),
                Preset.filled(String(host), workspace: "w", region: "r").utf8.allSatisfy({
                    $0.isLetterOrDigit || "-.".utf8.contains($0)
                })
            else {
                row.mistake(
                    name,
                    "expected an address that begins with https:// and has no / at the end, with no more to fill in "
                        + "than {workspace} and {region}")
                return nil
            }
            return url
        }
    }

    /// What the product is called in all files.
    package let name: String
    let title: String?
    let kind: UpstreamProduct?
    let dialect: UpstreamDialect?
    let hosts: [String]?
    let credentials: Product.Credentials?
    let keyVariable: String?
    let anthropicKeyHeader: KeyHeader?
    let admitsAgentsOnly: Bool?
    let requestsPerMinute: Int?
    let models: [String]?
    let retired: [Retirement]?
    let presets: [Address]?
    /// Who says so.
    package let source: String
    /// When the source was looked at, as `YYYY-MM-DD`.
    package let date: String

    init?(_ row: inout CatalogObjectReader) {
        let name = row.text("name", isRequired: true)
        self.title = row.text("title")
        self.kind = row.choice("kind")
        self.dialect = row.choice("dialect")
        self.hosts = row.domains("hosts")
        self.credentials = row.choice("credentials")
        self.keyVariable = row.text("key_variable")
        self.anthropicKeyHeader = row.choice("anthropic_key_header")
        self.admitsAgentsOnly = row.flag("agents_only")
        self.requestsPerMinute = row.count("requests_per_minute")
        self.models = row.names("models", isRequired: false)
        var retired: [Retirement] = []
        for var part in row.objects("retired") {
            if let retirement = Retirement(&part) { retired.append(retirement) }
            row.take(part)
        }
        // An empty list takes back what a less important file says; no list leaves it.
        self.retired = row.has("retired") ? retired : nil
        var presets: [Address] = []
        for var part in row.objects("presets") {
            if let preset = Address(&part) { presets.append(preset) }
            row.take(part)
        }
        self.presets = row.has("presets") ? presets : nil
        let source = row.text("source", isRequired: true)
        let date = row.date("date")
        row.noteUnknown()
        guard let name, let source, let date, row.mistakes.isEmpty else { return nil }
        (self.name, self.source, self.date) = (name, source, date)
    }
}

extension Product {
    /// - Parameter entries: all of one product, the most important first. Never empty.
    init(_ entries: [ProductEntry]) {
        func first<Value>(_ value: (ProductEntry) -> Value?) -> Value? { entries.lazy.compactMap(value).first }
        self.init(
            name: entries[0].name,
            title: first(\.title) ?? entries[0].name,
            kind: first(\.kind) ?? .other,
            dialect: first(\.dialect) ?? .standard,
            hosts: first(\.hosts) ?? [],
            credentials: first(\.credentials) ?? .keyOrNone,
            keyVariable: first(\.keyVariable),
            anthropicKeyHeader: first(\.anthropicKeyHeader) ?? .bearer,
            admitsAgentsOnly: first(\.admitsAgentsOnly) ?? false,
            requestsPerMinute: first(\.requestsPerMinute),
            models: first(\.models) ?? [],
            retired: first(\.retired) ?? [])
    }
}

extension Preset {
    init(_ address: ProductEntry.Address, of product: Product) {
        self.init(
            name: address.name, title: address.title, baseURL: address.baseURL, anthropicURL: address.anthropicURL,
            regions: address.regions, product: product)
    }
}

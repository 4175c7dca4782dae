// SPDX-License-Identifier: Apache-2.0

package import Translation

/// What is known about models and products: what came with the program, or a newer file in its place, under the files of the
/// administrator and of the user. A value; `CatalogFiles` reads it.
package struct Catalog: Sendable, Equatable {
    /// Where a part of the catalogue comes from, the least important first. The raw value is shown to people.
    package enum Origin: String, Sendable, CaseIterable {
        /// It is part of the program or of its package.
        case shipped
        /// `qwenproxyctl models update` brought it.
        case updated
        case administrator
        case user
    }

    /// One file and where it is from.
    package struct Layer: Sendable, Equatable {
        /// Where it is from.
        package let origin: Origin
        /// Nil for what is inside the program.
        package let path: String?
        /// What it says.
        package let file: CatalogFile

        package init(_ origin: Origin, path: String?, _ file: CatalogFile) {
            self.origin = origin
            self.path = path
            self.file = file
        }
    }

    /// The most important first. Never empty.
    package let layers: [Layer]
    /// What requests depend on.
    package let models: ModelCatalog
    /// In the order in which they are offered.
    package let products: [Product]
    /// Those of all products.
    package let presets: [Preset]
    /// By domain.
    private let hosts: [String: Product]

    /// - Parameter layers: the most important first.
    package init(layers: [Layer]) {
        self.layers = layers
        // What the least important file has comes first, in its order.
        var seen: Set<String> = []
        let names = layers.reversed().flatMap(\.file.products).map(\.name).filter { seen.insert($0).inserted }
        let entries = layers.flatMap(\.file.products)
        let byName = Dictionary(grouping: entries, by: \.name).mapValues(Product.init)
        let products = names.compactMap { byName[$0] }
        // A host or a preset that two products claim belongs to that of the more important file.
        self.hosts = Self.claims(entries, \.hosts).reduce(into: [:]) { hosts, claim in
            if hosts[claim.value] == nil { hosts[claim.value] = byName[claim.product] }
        }
        var claimed: Set<String> = []
        let addresses = Self.claims(entries, \.presets).filter { claimed.insert($0.value.name).inserted }
        let addressesByName = Dictionary(grouping: addresses, by: \.product)
        self.presets = products.flatMap { product in
            (addressesByName[product.name] ?? []).map { Preset($0.value, of: product) }
        }
        self.products = products
        self.models = ModelCatalog(
            layers: layers.map { $0.file.models.map(\.row) }, dialects: self.hosts.mapValues(\.dialect))
    }

    /// What products say, of each the most important file that says it, the most important file first.
    private static func claims<Value>(
        _ entries: [ProductEntry], _ values: (ProductEntry) -> [Value]?,
    ) -> [(product: String, value: Value)] {
        var heard: Set<String> = []
        return entries.flatMap { entry -> [(product: String, value: Value)] in
            guard let values = values(entry), heard.insert(entry.name).inserted else { return [] }
            return values.map { (entry.name, $0) }
        }
    }

    /// What describes the world as a whole: what came with the program, or an update of it.
    package var base: Layer { self.layers[self.layers.count - 1] }

    /// What came with the program. A file that a test holds to its format.
    package static let shipped: Catalog = {
        do throws(CatalogFile.Mistakes) {
            let file = try CatalogFile(parsing: PackageResources.catalog_json)
            return Catalog(layers: [Layer(.shipped, path: nil, file)])
        } catch {
            // Not a peer's file: it is part of the program, and the tests read it.
            preconditionFailure("The catalogue in the program cannot be read: \(error)")
        }
    }()
}

extension Catalog {
    /// Nil when no preset has this name. Case does not matter.
    package func preset(named name: String) -> Preset? {
        let name = name.lowercased()
        return self.presets.first { $0.name == name }
    }

    /// The product whose host this is.
    package func product(ofHost host: String) -> Product? {
        var domain = host.lowercased()[...]
        while !domain.isEmpty {
            // From the whole host upwards, so that a host with an entry of its own goes before its domain.
            if let product = self.hosts[String(domain)] { return product }
            domain = domain.firstIndex(of: ".").map { domain[domain.index(after: $0)...] } ?? ""
        }
        return nil
    }

    /// Those with an address of their own: what `base_url` may be set to.
    package var addressedPresets: [Preset] { self.presets.filter(\.isAddressed) }

    /// The regions of all presets that want one.
    package var regions: [String] {
        var regions: [String] = []
        for region in self.presets.flatMap(\.regions) where !regions.contains(region) { regions.append(region) }
        return regions
    }
}

extension Sequence<Preset> {
    /// One line for messages.
    package var list: String { self.map(\.name).joined(separator: ", ") }
}

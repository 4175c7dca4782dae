// SPDX-License-Identifier: Apache-2.0

package import Translation

/// One file of the catalogue, read and checked. docs/catalog.md describes the format.
package struct CatalogFile: Sendable, Equatable {
    /// Why a file cannot be used. Of a file that has several mistakes all are told, or the first of very many.
    package struct Mistakes: Error, Sendable, Equatable, CustomStringConvertible {
        /// Each with its place. Never empty.
        package let all: [String]

        package var description: String { self.all.joined(separator: "\n") }
    }

    /// When the file was put together, as `YYYY-MM-DD`. Of two files that describe the world as a whole the newer counts.
    package let date: String
    /// What is said about models. The first row that matches a name counts.
    package let models: [ModelEntry]
    /// What is said about products.
    package let products: [ProductEntry]
    /// What this version does not know and passes over.
    package let remarks: [String]

    /// The only format so far. A later one would say things that this version would misunderstand.
    static let format = 1
    /// A file of ours has 20 KB.
    package static let limit = 4 << 20

    /// Reads the whole, or throws all that is wrong with it.
    package init(parsing bytes: [UInt8]) throws(Mistakes) {
        let document: JSONDocument
        do throws(JSONError) {
            // A file may come from the network: its depth and its number of values are bounded.
            document = try JSONDocument(parsing: bytes, limits: JSONLimits(depth: 16, values: 1_000_000))
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            throw Mistakes(all: ["it is no JSON: \(error), in line \(line)"])
        }
        var reader = CatalogObjectReader(document, document.root, at: "")
        guard document.kind(of: document.root) == .object else { throw Mistakes(all: ["expected a JSON object"]) }
        // Before everything else: in a later format the mistakes found below would be none.
        guard let format = reader.count("format"), format == Self.format else {
            throw Mistakes(all: ["format: expected \(Self.format); a newer qwenproxyd may be able to read it"])
        }
        let date = reader.date("date")
        var models: [ModelEntry] = []
        for var row in reader.objects("models") {
            if let entry = ModelEntry(&row) { models.append(entry) }
            reader.take(row)
        }
        var products: [ProductEntry] = []
        for var row in reader.objects("products") {
            if let entry = ProductEntry(&row) { products.append(entry) }
            reader.take(row)
        }
        // After all others: what they asked for is known.
        reader.noteUnknown()
        reader.refuse(twice: products.map(\.name), as: "products")
        reader.refuse(twice: products.flatMap { $0.presets ?? [] }.map(\.name), as: "presets")
        reader.refuse(twice: products.flatMap { $0.hosts ?? [] }, as: "hosts")
        // The whole or nothing: a part of a file would say something else than its author.
        guard reader.mistakes.isEmpty, let date else { throw Mistakes(all: reader.mistakes.lines) }
        self.date = date
        self.models = models
        self.products = products
        self.remarks = reader.remarks.lines
    }
}

/// One row about models.
package struct ModelEntry: Sendable, Equatable {
    /// Patterns of names, as they were written.
    package let match: [String]
    /// What requests depend on.
    package let traits: ModelTraits
    /// `max_tokens` bounds thinking and answer together. Nil: not known.
    package let maxTokensCoverThinking: Bool?
    /// By size of the prompt, the smallest first.
    package let prices: [ModelPrice]
    /// When the model came out, as `YYYY-MM-DD`.
    package let released: String?
    /// Who says so.
    package let source: String
    /// When the source was looked at, as `YYYY-MM-DD`.
    package let date: String

    var row: ModelCatalog.Row {
        ModelCatalog.Row(self.match.map { NamePattern(ModelCatalog.key(of: $0)) }, self.traits)
    }

    init?(_ row: inout CatalogObjectReader) {
        let match = row.names("match")
        if match?.isEmpty == true { row.mistake("match", "expected at least one pattern") }
        if match?.contains(where: Self.matchesByMistake) == true {
            row.mistake("match", "a vendor's prefix does not count here, and without it nothing is left of a pattern")
        }
        self.traits = ModelTraits(
            contextWindow: row.count("context_window"),
            maximumOutputTokens: row.count("max_output_tokens"),
            acceptsImages: row.flag("images"),
            thinking: row.choice("thinking"),
            effortScale: row.choice("efforts"),
            alwaysThinks: row.flag("always_thinks"),
            reasoningReplay: row.choice("reasoning_replay"),
            toolChoice: row.choice("tool_choice"),
            structuredOutput: row.choice("structured_output"),
            cacheForm: row.choice("cache"))
        self.maxTokensCoverThinking = row.flag("max_tokens_covers_thinking")
        var prices: [ModelPrice] = []
        for var price in row.objects("prices") {
            if let tier = ModelPrice(&price) { prices.append(tier) }
            row.take(price)
        }
        if !ModelPrice.areTiers(prices) {
            row.mistake("prices", "expected tiers of growing up_to_input_tokens; only the last may be without it")
        }
        self.prices = prices
        self.released = row.optionalDate("released")
        let source = row.text("source", isRequired: true)
        let date = row.date("date")
        row.noteUnknown()
        guard let match, let source, let date, row.mistakes.isEmpty else { return nil }
        (self.match, self.source, self.date) = (match, source, date)
    }

    /// `vendor/*` would match every model of every vendor, and `vendor/` none.
    private static func matchesByMistake(_ pattern: String) -> Bool {
        let key = ModelCatalog.key(of: pattern)
        return key.isEmpty || pattern.contains("/") && key.allSatisfy { $0 == "*" }
    }
}

/// What a million tokens cost, in US dollars, for prompts up to a size.
package struct ModelPrice: Sendable, Equatable {
    /// Nil for prompts of any size beyond the other tiers.
    package let upToInputTokens: Int?
    /// Of the prompt.
    package let input: Double
    /// Of the answer, thinking included.
    package let output: Double
    /// Of what was found in the cache.
    package let cacheRead: Double?
    /// Of what was put into the cache for five minutes.
    package let cacheWrite: Double?
    /// Of what was put into the cache for an hour.
    package let cacheWriteOneHour: Double?

    init?(_ row: inout CatalogObjectReader) {
        self.upToInputTokens = row.count("up_to_input_tokens")
        let input = row.price("input", isRequired: true)
        let output = row.price("output", isRequired: true)
        self.cacheRead = row.price("cache_read")
        self.cacheWrite = row.price("cache_write")
        self.cacheWriteOneHour = row.price("cache_write_1h")
        row.noteUnknown()
        guard let input, let output else { return nil }
        (self.input, self.output) = (input, output)
    }

    /// Whether every one of them counts for some size of a prompt.
    fileprivate static func areTiers(_ prices: [Self]) -> Bool {
        let sizes = prices.map { $0.upToInputTokens ?? .max }
        return zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 }
    }
}

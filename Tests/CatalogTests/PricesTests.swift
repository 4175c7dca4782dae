// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Catalog

@Suite struct PricesTests {
    private static func layer(_ origin: Catalog.Origin, _ prices: String) throws -> Catalog.Layer {
        let text = """
            {"format": 1, "date": "2026-11-26",
             "models": [{"match": ["m*"], "prices": \(prices), "source": "a test", "date": "2026-11-26"}]}
            """
        return Catalog.Layer(origin, path: nil, try CatalogFile(parsing: Array(text.utf8)))
    }

    private static let tiers = """
        [{"up_to_input_tokens": 1000, "input": 0.4, "output": 1.6},
         {"input": 1.2, "output": 4.8, "cache_read": 0.1, "cache_write": 1.5}]
        """

    @Test func `the size of the whole prompt decides about the tier`() throws {
        let prices = Catalog(layers: [try Self.layer(.shipped, Self.tiers)]).prices(of: "m-1", at: .modelStudio)
        #expect(prices.cost(of: Usage(inputTokens: 1000, outputTokens: 100)) == 560)
        #expect(prices.cost(of: Usage(inputTokens: 1001, outputTokens: 0)) == 1201)
        // Without a price of its own, what came from the cache counts in full.
        #expect(prices.cost(of: Usage(inputTokens: 100, cacheReadInputTokens: 900)) == 400)
        #expect(
            prices.cost(
                of: Usage(
                    inputTokens: 1000, outputTokens: 10, cacheReadInputTokens: 2000, cacheCreationInputTokens: 100))
                == 1200 + 48 + 200 + 150)
    }

    @Test func `what is kept for an hour has a price of its own`() throws {
        func cost(_ prices: String) throws -> Int? {
            let usage = Usage(inputTokens: 1, cacheCreationInputTokens: 1000, cacheCreationOneHourTokens: 400)
            return Catalog(layers: [try Self.layer(.shipped, "[\(prices)]")]).prices(of: "m", at: .modelStudio)
                .cost(of: usage)
        }
        #expect(try cost(#"{"input": 1, "output": 1, "cache_write": 2, "cache_write_1h": 3}"#) == 1 + 1200 + 1200)
        #expect(try cost(#"{"input": 1, "output": 1, "cache_write": 2}"#) == 1 + 2000)
        #expect(try cost(#"{"input": 1, "output": 1}"#) == 1 + 1000)
    }

    @Test func `a size beyond all tiers, and no number at all, has no price`() throws {
        let bounded = #"[{"up_to_input_tokens": 1000, "input": 0.4, "output": 1.6}]"#
        let prices = Catalog(layers: [try Self.layer(.shipped, bounded)]).prices(of: "m", at: .modelStudio)
        #expect(prices.cost(of: Usage(inputTokens: 1001)) == nil)
        #expect([ModelPrice]().cost(of: Usage(inputTokens: 1)) == nil)
        let dear = Catalog(layers: [try Self.layer(.shipped, #"[{"input": 1000000, "output": 1}]"#)])
        #expect(dear.prices(of: "m", at: .modelStudio).cost(of: Usage(inputTokens: .max)) == nil)
    }

    @Test(arguments: UpstreamProduct.allCases)
    func `a list price counts where tokens are paid, and what a person wrote everywhere`(product: UpstreamProduct)
        throws
    {
        let shipped = try Self.layer(.shipped, #"[{"input": 1, "output": 1}]"#)
        let listed = Catalog(layers: [shipped]).prices(of: "m", at: product)
        #expect(listed.isEmpty == ![.modelStudio, .openRouter].contains(product))
        let own = Catalog(layers: [try Self.layer(.user, #"[{"input": 7, "output": 1}]"#), shipped])
        #expect(own.prices(of: "m", at: product).map(\.input) == [7])
        #expect(own.prices(of: "other", at: product).isEmpty)
    }
}

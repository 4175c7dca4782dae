// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Shared
import Testing
import Translation

/// What comes with the program.
@Suite struct ShippedCatalogTests {
    private let shipped = Catalog.shipped
    private let models = Catalog.shipped.models

    @Test func `every row has a source and a day, and none of them lies ahead of the file's`() {
        let file = self.shipped.base.file
        #expect(file.models.count > 20 && file.products.count > 5)
        #expect(file.remarks == [])
        let rows =
            file.models.map { ("\($0.match)", $0.source, $0.date) }
            + file.products.map { ($0.name, $0.source, $0.date) }
        for (name, source, date) in rows {
            #expect(source.count > 5, "\(name)")
            #expect(Timestamp("\(date)T00:00:00Z") != nil && date <= file.date, "\(name)")
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let file = Self.root.appending(path: "Sources/Catalog/catalog.json")

    @Test func `the file in the repository is the one in the program`() throws {
        #expect(try CatalogFile(parsing: [UInt8](Data(contentsOf: Self.file))) == self.shipped.base.file)
    }

    @Test func `the documentation of the format has the members that are read`() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/catalog.md"), encoding: .utf8)
        let tables = text.split(separator: "\n### ").dropFirst().map { part in
            part.split(separator: "\n").filter { $0.hasPrefix("| `") }
                .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        }
        try #require(tables.count == 2)
        #expect(tables[0] == ["match"] + ModelEntry.fieldNames)

        let shipped = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file)) as? [String: Any]
        let products = try #require(shipped?["products"] as? [[String: Any]])
        #expect(Set(products.flatMap(\.keys)).subtracting(["source", "date"]).isSubset(of: tables[1]))
        // An object is a mistake for each member that is read, and for no other.
        for member in tables[1] where member != "name" {
            let row = #"{"name":"a","source":"a test","date":"2026-11-26","\#(member)":{}}"#
            #expect(throws: CatalogFile.Mistakes.self, "\(member)") {
                try CatalogFile(
                    parsing: Array(#"{"format":1,"date":"2026-11-26","products":[\#(row)]}"#.utf8))
            }
        }
    }

    @Test func `no row hides behind an earlier one`() {
        for entry in self.shipped.base.file.models {
            for pattern in entry.match where !pattern.contains("*") && !pattern.contains("[") {
                #expect(self.shipped.fields(of: pattern).first?.source == entry.source, "\(pattern)")
            }
        }
    }

    @Test func `no default was retired, and every model that is offered has a row`() {
        for product in self.shipped.products {
            for model in product.models {
                #expect(product.retirement(of: model) == nil, "\(model) of \(product.name)")
                #expect(self.models.traits(of: model) != nil, "\(model)")
            }
            #expect(product.defaultModel == product.models.first)
            for retirement in product.retired {
                guard let successor = retirement.successor else { continue }
                #expect(product.retirement(of: successor) == nil, "\(successor)")
            }
            if product.credentials == .key, !self.shipped.presets.filter({ $0.product == product }).isEmpty {
                #expect(product.defaultModel != nil && product.keyVariable != nil, "\(product.name)")
            }
        }
    }

    @Test func `presets have names of their own, and hosts belong to their product`() throws {
        let presets = self.shipped.presets
        #expect(Set(presets.map(\.name)).count == presets.count)
        for preset in presets {
            #expect(self.shipped.preset(named: preset.name.uppercased()) == preset)
            guard let address = preset.baseURL else { continue }
            let filled = address.replacing("{workspace}", with: "w").replacing(
                "{region}", with: preset.regions.first ?? "")
            let host = try #require(URL(string: filled)?.host())
            #expect(self.shipped.product(ofHost: host)?.name == preset.product.name, "\(preset.name)")
            #expect(self.models.dialect(of: host) == preset.product.dialect)
        }
        #expect(self.shipped.product(ofHost: "aliyuncs.com.example") == nil)
        #expect(self.shipped.product(ofHost: "evilaliyuncs.com") == nil)
    }

    @Test(arguments: [
        ("qwen4-max", 983_616, 393_216, true, ModelProfile.ThinkingControl.reasoningEffort),
        ("qwen3.8-max", 983_616, 131_072, true, .reasoningEffort),
        ("qwen3.8-max-0902", 983_616, 131_072, true, .reasoningEffort),
        ("qwen3.8-flash", 991_808, 131_072, true, .enableThinking),
        ("qwen3.7-plus", 991_808, 65_536, true, .enableThinking),
        ("qwen3.7-max", 983_616, 65_536, false, .enableThinking),
        ("qwen-plus-latest", 997_952, 32_768, false, .enableThinking),
        ("qwen-plus-2025-07-28", 997_952, 32_768, false, .enableThinking),
        ("qwen-plus-2025-04-28", 129_024, 16_384, false, .enableThinking),
        ("qwen-flash-2026-02-01", 997_952, 32_768, false, .enableThinking),
        ("glm-5.2", 1_048_576, 131_072, false, .enableThinking), ("glm-5.1", 202_745, 131_072, false, .enableThinking),
        ("glm-5", 202_752, 16_384, false, .enableThinking),
        ("deepseek-v4-pro", 1_000_000, 393_216, false, .enableThinking),
        ("kimi-k2.7-code", 229_376, 16_384, true, .enableThinking),
        ("kimi-k2.5", 262_144, 32_768, true, .enableThinking),
        ("qwen3-coder-plus-2025-07-22", 997_952, 65_536, false, .none),
        ("qwen3-coder-next", 262_144, 65_536, false, .none),
        ("qwen3-235b-a22b-thinking-2507", 262_144, 32_768, false, .none),
        ("qwen3-vl-235b-a22b-thinking", 262_144, 32_768, true, .none),
        ("Qwen/Qwen2.5-VL-7B-Instruct", 262_144, 32_768, true, .none),
        ("qwen/qwen3-vl-8b-instruct:free", 262_144, 32_768, true, .none),
        ("qwen2.5vl:7b", 262_144, 32_768, true, .enableThinking),
        ("qwen/qwen3.7-plus:nitro", 991_808, 65_536, true, .enableThinking),
    ])
    func `what is known about models`(
        name: String, window: Int, output: Int, images: Bool, thinking: ModelProfile.ThinkingControl
    ) {
        let profile = self.models.profile(for: name, at: "dashscope.aliyuncs.com")
        #expect((profile.contextWindow, profile.maximumOutputTokens) == (window, output))
        #expect((profile.acceptsImages, profile.thinking) == (images, thinking))
    }

    @Test func `quirks of models`() {
        let newest = self.models.profile(for: "qwen4-max", at: "ap-southeast-1.maas.qwencloudapi.com")
        #expect(
            (newest.structuredOutput, newest.cacheForm, newest.effortScale) == (.jsonSchema, .marksWithTTL, .noneToMax))
        #expect(self.models.profile(for: "deepseek-v4-flash").reasoningReplay == .everyTurn)
        #expect(self.models.profile(for: "qwen3.7-plus").reasoningReplay == .toolLoop)
        #expect(self.models.profile(for: "qwq-32b", at: "dashscope.aliyuncs.com").alwaysStreams)
        let fields = self.shipped.fields(of: "qwen3.7-plus")
        #expect(
            fields.first { $0.name == "prices" }?.value
                == "up to 256000 tokens: $0.4 in, $1.6 out; $1.2 in, $4.8 out")
        #expect(self.shipped.released("qwen4-max") == "2026-11-16")
    }

    @Test func `a retired model has its day and its successor`() throws {
        let retirement = try #require(
            self.shipped.product(ofHost: "dashscope-intl.aliyuncs.com")?.retirement(of: "Qwen3-Coder-Plus-2025-07-22"))
        #expect((retirement.on, retirement.successor) == ("2026-10-10", "qwen3.7-plus"))
        #expect(
            self.shipped.product(ofHost: "coding.dashscope.aliyuncs.com")?.retirement(of: "qwen3-coder-plus") == nil)
        #expect(self.shipped.product(ofHost: "openrouter.ai")?.retirement(of: "qwen/qwen3-coder-plus") == nil)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// A few rows of each kind, for tests of what is made of them.
extension ModelCatalog {
    static let sample = ModelCatalog(
        layers: [
            [
                Row(
                    ["qwen3-coder*"],
                    ModelTraits(
                        contextWindow: 997_952, acceptsImages: false, thinking: ModelProfile.ThinkingControl.none)),
                Row(["*-thinking*", "qwq*"], ModelTraits(alwaysThinks: true)),
                Row(["qwen*-vl-*"], ModelTraits(acceptsImages: true, thinking: .enableThinking)),
                Row(
                    ["qwen4-*"],
                    ModelTraits(thinking: .reasoningEffort, effortScale: .noneToMax, cacheForm: .marksWithTTL)),
                Row(
                    ["qwen3.8-max*"],
                    ModelTraits(thinking: .reasoningEffort, reasoningReplay: .toolLoop, toolChoice: .required)),
                Row(["qwen3.7-*"], ModelTraits(thinking: .enableThinking, toolChoice: .required, cacheForm: .marks)),
                Row(["qwen*"], ModelTraits(thinking: .enableThinking)),
            ]
        ],
        dialects: [
            "qwen.ai": .portal, "aliyuncs.com": .dashScope, "openai.com": .openAI, "openrouter.ai": .openRouter,
        ])
}

@Suite struct ModelCatalogTests {
    private func catalog(_ layers: [ModelCatalog.Row]...) -> ModelCatalog {
        ModelCatalog(layers: layers, dialects: ["a.test": .dashScope, "b.a.test": .openAI])
    }

    @Test func `rows are found by pattern, whatever the vendor's prefix and case`() {
        let sample = ModelCatalog.sample
        #expect(sample.profile(for: "Qwen/Qwen3-Coder-30B").contextWindow == 997_952)
        #expect(sample.profile(for: "a/b/QWEN3-VL-8b").acceptsImages)
        #expect(sample.profile(for: "qwen3-coder:free").name == "qwen3-coder:free")
        #expect(sample.traits(of: "made-up") == nil)
    }

    @Test func `of one source the first row counts, and of several the first that says a value`() {
        let catalog = self.catalog(
            [.init(["x-1"], ModelTraits(contextWindow: 1000)), .init(["x*"], ModelTraits(contextWindow: 2000))],
            [.init(["x-*"], ModelTraits(maximumOutputTokens: 30, cacheForm: .marks))],
            [.init(["*"], ModelTraits(contextWindow: 4000, maximumOutputTokens: 40, acceptsImages: true))])
        #expect(
            catalog.traits(of: "x-1")
                == ModelTraits(
                    contextWindow: 1000, maximumOutputTokens: 30, acceptsImages: true, cacheForm: .marks))
        #expect(catalog.traits(of: "x")?.contextWindow == 2000)
        #expect(catalog.traits(of: "x")?.maximumOutputTokens == 40)
    }

    @Test(arguments: [
        ("a.test", UpstreamDialect.dashScope), ("c.A.test", .dashScope), ("b.a.test", .openAI), ("d.b.a.test", .openAI),
        ("nota.test", .standard), ("test", .standard), ("", .standard), ("a.test.evil", .standard),
    ])
    func `a domain speaks for the hosts below it`(host: String, dialect: UpstreamDialect) {
        #expect(self.catalog().dialect(of: host) == dialect)
        #expect(self.catalog().dialect(of: nil) == .dashScope)
    }

    @Test func `a host decides which parameters it is sent`() {
        let sample = ModelCatalog.sample
        let portal = sample.profile(for: "qwen3.7-plus", at: "portal.qwen.ai")
        #expect((portal.systemMessage, portal.thinking, portal.cacheForm) == (.cachedParts, .enableThinking, .marks))
        let local = sample.profile(for: "qwen3.7-plus", at: "127.0.0.1")
        #expect((local.thinking, local.toolChoice, local.systemMessage) == (.none, .required, .string))
        #expect(local.cacheForm == .automatic)
        #expect(!sample.profile(for: "gpt-5", at: "api.openai.com").acceptsTopK)
        #expect(sample.profile(for: "x", at: "notqwen.ai").systemMessage == .string)
        let router = sample.profile(for: "qwen/qwen4-max", at: "openrouter.ai")
        #expect((router.cacheForm, router.namesForcedTool) == (.marksWithTTL, false))
    }

    @Test func `an unknown model is trusted with little`() {
        #expect(ModelCatalog.sample.profile(for: "made-up") == ModelProfile(name: "made-up"))
        #expect(ModelCatalog.sample.profile(for: "") == ModelProfile(name: ""))
    }
}

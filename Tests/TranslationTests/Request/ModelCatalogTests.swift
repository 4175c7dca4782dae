// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ModelCatalogTests {
    @Test func `rows are found by pattern, whatever the vendor's prefix and case`() {
        let coder = ModelCatalog.profile(for: "qwen3-coder-plus-2025-07-22")
        #expect((coder.contextWindow, coder.maximumOutputTokens, coder.acceptsImages) == (997_952, 65_536, false))
        #expect(coder.thinking == .none)
        #expect(coder.name == "qwen3-coder-plus-2025-07-22")
        #expect(ModelCatalog.profile(for: "Qwen/Qwen3.7-Plus", at: "dashscope.aliyuncs.com").acceptsImages)
        #expect(ModelCatalog.profile(for: "qwen3.8-max-preview").thinking == .reasoningEffort)
        #expect(ModelCatalog.profile(for: "qwen3-235b-a22b-thinking-2507").thinking == .none)
        #expect(ModelCatalog.profile(for: "qwen3-32b").thinking == .enableThinking)
    }

    @Test func `a host decides which parameters it is sent`() {
        let portal = ModelCatalog.profile(for: "coder-model", at: "portal.qwen.ai")
        #expect((portal.systemMessage, portal.thinking) == (.cachedParts, .enableThinking))
        let local = ModelCatalog.profile(for: "qwen3-32b", at: "127.0.0.1")
        #expect((local.thinking, local.toolChoice, local.systemMessage) == (.none, .required, .string))
        #expect(!ModelCatalog.profile(for: "gpt-5", at: "api.openai.com").acceptsTopK)
        #expect(ModelCatalog.profile(for: "x", at: "notqwen.ai").systemMessage == .string)
    }

    @Test func `an unknown model is trusted with little`() {
        let unknown = ModelCatalog.profile(for: "made-up")
        #expect(unknown == ModelProfile(name: "made-up"))
        #expect(ModelCatalog.profile(for: "") == ModelProfile(name: ""))
    }
}

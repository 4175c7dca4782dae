// SPDX-License-Identifier: Apache-2.0

import Catalog
import Configuration
import Credentials
import Shared
import Testing

@testable import Gateway

@Suite struct OfferedModelsTests {
    @Test func `a few are remembered, those of Qwen first, and none that could not stand in a text`() {
        let offers = OfferedModels()
        #expect(offers.some(of: "u", at: "http://h").isEmpty)
        let others = (0..<20).map { "other-\($0)" }
        offers.remember(others + ["Qwen/b", "qwen-a", "", "two words", "esc\u{1B}", "`x`"], of: "u", at: "http://h")
        #expect(offers.some(of: "u", at: "http://h") == ["Qwen/b", "qwen-a"] + others.prefix(6))
        #expect(offers.some(of: "u", at: "http://other").isEmpty && offers.some(of: "v", at: "http://h").isEmpty)
        offers.remember(["new"], of: "u", at: "http://h")
        #expect(offers.some(of: "u", at: "http://h") == ["new"])
    }

    @Test func `advice about a model names those that are there and the command`() {
        var upstream = UpstreamIdentity(name: "plan", product: .other, kind: .apiKey, host: "h", model: "m")
        #expect(!upstream.modelAdvice.contains("Models that it has"))
        #expect(upstream.modelAdvice.contains("`qwenproxyctl upstream add plan --replace --model NAME`"))
        upstream.offeredModels = ["qwen-a", "qwen-b"]
        #expect(upstream.modelAdvice.contains("Models that it has: qwen-a, qwen-b. "))
        upstream.name = "default"
        #expect(upstream.modelAdvice.contains("QWEN_MODEL"))
    }

    @Test(arguments: [
        ("dashscope-cn", "qwen3-coder-plus", " Model Studio retired it on 2026-10-10; qwen3.7-plus is the successor."),
        ("qwencloud", "Qwen3-Coder-Plus-2025-07-22", "retired it on 2026-10-10; qwen3.7-plus is the successor."),
        ("dashscope-us", "qwen3-max", " Model Studio retired it on 2026-10-10. It has qwen3.7-plus. "),
        ("token-plan-intl", "qwen4-max-preview", "retired it on 2026-11-25; qwen4-max is the successor."),
    ])
    func `advice about a retired model names the day and the successor`(preset: String, model: String, words: String)
        throws
    {
        let product = try #require(Catalog.shipped.preset(named: preset)?.product)
        var upstream = UpstreamIdentity(name: "u", product: product.kind, kind: .apiKey, host: "h", model: model)
        #expect(!upstream.modelAdvice.contains("retired"))
        upstream.retirement = product.retirement(of: model)
        #expect(upstream.modelAdvice.contains(words), "\(upstream.modelAdvice)")
    }
}

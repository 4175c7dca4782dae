// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct OutputRoomTests {
    private func profile(window: Int, isShared: Bool = true) -> ModelProfile {
        var profile = ModelProfile(name: "m", contextWindow: window)
        profile.windowIsShared = isShared
        return profile
    }

    @Test(arguments: [
        // window, estimate of the prompt, wanted; sent
        (32_768, 1000, 32_000, 31_387), (32_768, 12_000, 32_000, 19_012), (32_768, 12_000, 500, 500),
        // The estimate leaves nothing, or less than nothing: an answer can happen all the same.
        (32_768, 30_000, 32_000, 4096), (32_768, 1_000_000, 32_000, 4096), (32_768, 1_000_000, 100, 100),
        (8192, 8000, 32_000, 1024), (256, 10_000, 32_000, 256), (1 << 31, 10, Int.max, 32_768),
        (32_768, Int.max, 32_000, 4096),
    ])
    func `the answer gets what the prompt leaves`(window: Int, estimate: Int, wanted: Int, sent: Int) {
        #expect(self.profile(window: window).maximumTokens(wanted: wanted, estimatedInputTokens: estimate) == sent)
    }

    @Test func `limits of their own are not added up`() {
        let profile = self.profile(window: 8192, isShared: false)
        #expect(profile.maximumTokens(wanted: 32_000, estimatedInputTokens: 8000) == 32_000)
        #expect(profile.maximumTokens(wanted: .max, estimatedInputTokens: 0) == 32_768)
        #expect(profile.maximumTokens(wanted: 0, estimatedInputTokens: 0) == 1)
    }

    @Test func `a body says what fits`() throws {
        var profile = self.profile(window: 8192)
        let text = String(repeating: "Please fix the bug. ", count: 600)
        let messages = #"[{"role":"user","content":"\#(text)"}]"#
        let it = try TranslatedRequest(#""max_tokens":32000"#, messages: messages, profile: profile)
        let sent = try #require(it.object["max_tokens"] as? Int)
        #expect(sent == it.request.facts.upstreamMaximumTokens(for: profile))
        #expect(sent + it.request.facts.estimatedInputTokens < 8192 && sent >= 1024)
        // Once it is known exactly, that counts.
        profile.maximumOutputTokens = 2000
        #expect(it.request.facts.upstreamMaximumTokens(for: profile) == 2000)
        #expect(try TranslatedRequest().request.facts.upstreamMaximumTokens(for: profile) == nil)
    }

    @Test(
        arguments: [
            (12_000, 32_768, 32_768, 11_000, 20_768), (nil, 32_768, 32_000, 8000, 23_512),
            // The prompt fills the window, by what the upstream or by what the estimate says.
            (32_768, 32_768, 32_000, 0, nil), (nil, 32_768, 32_000, 40_000, nil),
            // A smaller answer was refused already.
            (12_000, 32_768, 20_768, 0, nil), (nil, 32_768, 4096, 32_000, nil),
            // Nothing is told: half.
            (nil, nil, 32_000, 0, 16_000), (nil, nil, 1, 0, nil), (nil, nil, nil, 0, nil),
            (12_000, 32_768, nil, 0, 20_768),
            (Int.max, 5, 9, 0, nil), (5, Int.max, 9, 0, nil),
        ] as [(Int?, Int?, Int?, Int, Int?)])
    func `a refused answer is asked for as large as it fits`(
        prompt: Int?, window: Int?, asked: Int?, estimate: Int, fitting: Int?
    ) {
        let failure = UpstreamFailure(category: .outputDoesNotFit(promptTokens: prompt, window: window), message: "")
        #expect(failure.outputThatFits(asked: asked, estimatedInputTokens: estimate) == fitting)
        let other = UpstreamFailure(category: .contextTooLong(tokens: prompt, maximum: window), message: "")
        #expect(other.outputThatFits(asked: asked, estimatedInputTokens: estimate) == nil)
    }
}

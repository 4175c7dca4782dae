// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import qwenproxyctl

@Suite struct WindowAdviceTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private static func advice(
        _ window: Int, _ origin: ModelLimits.Origin = .properties, server: String? = nil,
    ) -> WindowAdvice {
        let learnedAt = Timestamp(secondsSinceEpoch: Self.now.secondsSinceEpoch - 130)
        return WindowAdvice(
            upstream: "box", model: "qwen3",
            limits: ModelLimits(
                contextWindow: window, contextWindowOrigin: origin,
                contextWindowLearnedAt: [.assumed, .shipped, .updated, .administrator, .user, .configuration].contains(
                    origin) ? nil : learnedAt,
                maxOutputTokens: 32_768, maxOutputTokensOrigin: .assumed, server: server))
    }

    @Test(arguments: [
        (1, WindowAdvice.Verdict.cannotStart), (8192, .cannotStart), (11_399, .cannotStart),
        (11_400, .alwaysCompacts), (16_384, .alwaysCompacts), (31_999, .alwaysCompacts), (32_000, .fits),
        (32_768, .fits), (Int.max, .fits),
    ])
    func `a window is judged by what Claude Code needs`(_ window: Int, _ verdict: WindowAdvice.Verdict) {
        let advice = Self.advice(window)
        #expect(advice.verdict == verdict)
        #expect((advice.warning == nil) == (verdict == .fits))
        switch verdict {
        case .cannotStart: #expect(WindowCheck.finding(advice)?.verdict == .failure)
        case .alwaysCompacts: #expect(WindowCheck.finding(advice)?.verdict == .warning)
        case .fits: #expect(WindowCheck.finding(advice)?.verdict == .good)
        }
    }

    @Test func `abilities are measured or assumed, and the doctor says which`() {
        var limits = Self.advice(262_144).limits
        func upstream(_ limits: ModelLimits?, _ api: UpstreamStatus.API = .openai) -> UpstreamStatus {
            UpstreamStatus(
                name: "box", kind: .open, api: api, baseURL: "http://h/v1", model: "m", state: .untried, limits: limits)
        }
        let assumed = AbilityCheck.finding(upstream(limits), now: Self.now)
        #expect(assumed?.verdict == .note && assumed?.fix == "qwenproxyctl upstream test box --deep")
        limits.examinedAt = Timestamp(secondsSinceEpoch: Self.now.secondsSinceEpoch - 3600)
        let measured = AbilityCheck.finding(upstream(limits), now: Self.now)
        #expect(measured?.verdict == .good && measured?.text == "m was tested 1h ago")
        #expect(WindowAdvice(upstream(limits))?.line(now: Self.now).hasSuffix("; abilities tested 1h ago") == true)
        #expect(AbilityCheck.finding(upstream(limits, .anthropic), now: Self.now) == nil)
        #expect(AbilityCheck.finding(upstream(nil), now: Self.now) == nil)
    }

    @Test func `limits are told with where they come from and how old that is`() {
        #expect(
            Self.advice(8192, server: "llama.cpp").line(now: Self.now)
                == "llama.cpp: window 8,192 tokens (from /props, 2min 10s ago), output up to 32,768 (assumed)")
        #expect(
            Self.advice(262_144, .assumed).line(now: Self.now) == "window 262,144 tokens, output up to 32,768 (assumed)"
        )
        var picky = Self.advice(262_144, .assumed).limits
        picky.refuses = ["images", "top_k"]
        #expect(
            WindowAdvice(upstream: "box", model: "m", limits: picky).line(now: Self.now)
                == "window 262,144 tokens, output up to 32,768 (assumed); refuses images, top_k")
        #expect(
            Self.advice(8192, server: "vLLM").provenance(now: Self.now)
                == "vLLM: window from /props, 2min 10s ago; output limit assumed")
        #expect(Self.advice(8192, .assumed).provenance(now: Self.now) == "limits assumed")
        var known = Self.advice(983_616, .shipped).limits
        known.maxOutputTokensOrigin = .shipped
        #expect(WindowAdvice(upstream: "plan", model: "m", limits: known).provenance(now: Self.now) == nil)
        known.contextWindowOrigin = .user
        #expect(
            WindowAdvice(upstream: "plan", model: "m", limits: known).provenance(now: Self.now)
                == "window from your catalogue; output limit from the catalogue")
        for origin in ModelLimits.Origin.allCases {
            #expect(Self.advice(8192, origin).line(now: Self.now).hasPrefix("window 8,192 tokens"))
        }
    }

    @Test(arguments: [
        ("llama.cpp", "--ctx-size"), ("vLLM", "--max-model-len"), ("SGLang", "--context-length"),
        ("Ollama", "OLLAMA_CONTEXT_LENGTH"), ("LM Studio", "context length"), (nil, "models.\"qwen3\".context_window"),
    ])
    func `the way to a larger window is the server's own`(_ server: String?, _ words: String) {
        #expect(Self.advice(8192, server: server).remedy.contains(words))
    }

    @Test func `a window that the user wrote down is the user's to change`() {
        #expect(Self.advice(8192, .configuration, server: "vLLM").remedy == "models.\"qwen3\".context_window says so.")
    }

    @Test func `what is only assumed gets no tick`() {
        #expect(WindowCheck.finding(Self.advice(262_144, .assumed)) == nil)
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (950, "950"), (1000, "1,000"), (12_345, "12,345"), (100_000, "100,000"),
        (-1234, "-1,234"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `large numbers are grouped`(_ number: Int, _ text: String) {
        #expect(Quantity.grouped(number) == text)
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Whatever the quirks, the stream has to say the same; otherwise the tests that use it would test nothing.
@Suite struct CompletionEncoderTests {
    private static let turn: ModelTurn = {
        var turn = ModelTurn(
            "Some text, é 你好.", calls: [.init("Bash", ["command": "echo \"x\""]), .init("Read", ["file_path": "/x"])],
            reasoning: "Let me think.")
        turn.isInterleaved = false
        return turn
    }()

    @Test(arguments: StreamQuirk.combinations + StreamQuirk.allCases.map { [$0] })
    func `a quirk changes the form, not the content`(quirks: Set<StreamQuirk>) throws {
        let encoder = CompletionEncoder(quirks: quirks)
        var text = ""
        var reasoning = ""
        var finishes: Set<String> = []
        for chunk in encoder.chunks(Self.turn) {
            let choice = chunk["choices"]?[0]
            text += choice?["delta"]?["content"]?.string ?? ""
            reasoning += choice?["delta"]?["reasoning_content"]?.string ?? choice?["delta"]?["reasoning"]?.string ?? ""
            if let finish = choice?["finish_reason"]?.string { finishes.insert(finish) }
        }
        #expect(text.hasPrefix("Some text, é 你好."))
        #expect(reasoning == "Let me think.")
        #expect(finishes.contains(quirks.contains(.stopForCalls) ? "stop" : "tool_calls"))
        let bytes = Array(encoder.writes(Self.turn).joined())
        #expect(String(validating: bytes, as: UTF8.self) != nil)
    }

    @Test func `every quirk is part of a combination`() {
        let combinations = StreamQuirk.combinations
        #expect(Set(combinations.flatMap { $0 }) == Set(StreamQuirk.allCases))
        #expect(combinations.count <= 6)
    }

    @Test func `every quirk leaves a trace on the wire`() {
        let plain = Array(CompletionEncoder().writes(Self.turn))
        // Ids of calls differ anyway only where there are several answers.
        for quirk in StreamQuirk.allCases {
            #expect(CompletionEncoder(quirks: [quirk]).writes(Self.turn) != plain, "\(quirk)")
        }
    }
}

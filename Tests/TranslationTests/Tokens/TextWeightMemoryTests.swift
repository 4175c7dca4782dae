// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct TextWeightMemoryTests {
    private static func text(_ length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<length).map { _ in Array("abcdeXYZ 019 \t{}:,\"-".utf8).randomElement(using: &generator) ?? 0x20 }
    }

    /// A body with the texts as messages of one conversation, behind something that is no part of the prompt.
    private static func body(_ texts: [[UInt8]], metadata: String = "") -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"model":"claude-sonnet-5","max_tokens":9,"metadata":{"user_id":"#)
        writer.string(metadata)
        writer.raw(#"},"messages":["#)
        for (index, text) in texts.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw(#"{"role":"#)
            writer.string(index % 2 == 0 ? "user" : "assistant")
            writer.raw(#","content":"#)
            writer.string(String(decoding: text, as: UTF8.self))
            writer.raw("}")
        }
        writer.raw("]}")
        return writer.take()
    }

    @Test func `what is remembered changes no weight`() throws {
        var generator = SeededGenerator(seed: 3)
        let memory = TextWeightMemory()
        var texts: [[UInt8]] = []
        for _ in 0..<60 {
            // Short texts, texts that are sampled, and a text that was there before.
            texts.append(
                texts.count % 7 == 6
                    ? texts[texts.count / 2]
                    : Self.text([5, 95, 96, 300, 700, 3_000, 20_000].randomElement(using: &generator) ?? 1, &generator))
            let body = Self.body(texts)
            let fresh = try MessagesRequest(parsing: body).facts.size
            let known = try MessagesRequest(parsing: body, memory).facts.size
            #expect(known.prefixes.map(\.weight) == fresh.prefixes.map(\.weight))
            #expect(known.prefixes.map(\.fingerprint) == fresh.prefixes.map(\.fingerprint))
            #expect(try CountTokensRequest(parsing: body, memory).inputTokens == fresh.estimate)
        }
    }

    @Test func `a text weighs the same wherever it stands in the body`() throws {
        var generator = SeededGenerator(seed: 5)
        let texts = (0..<4).map { _ in Self.text(30_000, &generator) }
        let sizes = try ["", "a", "ab", "abc0123456789"].map { metadata in
            try MessagesRequest(parsing: Self.body(texts, metadata: metadata)).facts.size.estimate
        }
        #expect(Set(sizes).count == 1)
    }

    @Test func `a text is weighed once, until too many others have come`() {
        let memory = TextWeightMemory()
        var weighed = 0
        func weight(_ key: UInt64) -> Int {
            memory.weight(for: key) {
                weighed += 1
                return Int(key) + 1
            }
        }
        // These share a place, which holds four of them.
        let keys = (1...5).map { UInt64($0) << 32 }
        for key in keys[..<4] + keys[..<4] { #expect(weight(key) == Int(key) + 1) }
        #expect(weighed == 4)
        #expect(weight(keys[4]) == Int(keys[4]) + 1)
        #expect(weight(keys[3]) == Int(keys[3]) + 1)
        #expect(weighed == 5)
        #expect(weight(keys[0]) == Int(keys[0]) + 1)
        #expect(weighed == 6)
    }

    @Test func `the key of nothing is no key`() {
        let memory = TextWeightMemory()
        #expect(memory.weight(for: 1) { 7 } == 7)
        #expect(memory.weight(for: 0) { 8 } == 8)
    }

    /// Each bit of a text, its length and the order of its parts count.
    @Test func `texts that differ have different hashes`() {
        var seen: Set<UInt64> = []
        var count = 0
        func add(_ text: [UInt8]) {
            seen.insert(PrefixHash.hash(of: text.span, in: text.indices))
            count += 1
        }
        for length in 0...200 { add([UInt8](repeating: 0, count: length)) }
        for length in [1, 15, 16, 17, 63, 64, 65, 128, 130] {
            for bit in 0..<length * 8 {
                var text = [UInt8](repeating: 0x61, count: length)
                text[bit / 8] ^= 1 << (bit % 8)
                add(text)
            }
        }
        #expect(seen.count == count)
    }

    @Test func `the order and the roles of messages count, and numbers are not lost`() {
        func fingerprint(_ numbers: [Int]) -> UInt64 {
            var hash = PrefixHash()
            for number in numbers { hash.add(number) }
            return hash.value
        }
        let all = [[], [0], [1], [2], [1, 2], [2, 1], [1, 1], [0, 0], [1, 2, 1]].map(fingerprint)
        #expect(Set(all).count == all.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Translation

private final class Memory: TextWeightMemory {
    private let table = Mutex(TextWeightTable())

    func weight(for key: UInt64) -> Int? { self.table.withLock { $0.weight(for: key) } }
    func remember(_ weight: Int, for key: UInt64) { self.table.withLock { $0.insert(weight, for: key) } }
}

@Suite struct TextWeightTableTests {
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
        let memory = Memory()
        var texts: [[UInt8]] = []
        for _ in share(of: 0..<60) {
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

    /// Other conversations have filled the table before.
    @Test func `the texts of a conversation of five megabytes are known when they come again`() {
        var generator = SeededGenerator(seed: 7)
        let texts = (0..<30_000).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
        var table = TextWeightTable()
        for text in texts { table.insert(1, for: text) }
        var weighed = 0
        for _ in 0..<2 {
            weighed = 0
            for text in texts[..<3_000] where table.weight(for: text) == nil {
                table.insert(1, for: text)
                weighed += 1
            }
        }
        #expect(weighed < 3)
    }

    @Test func `a weight is known until eight others were asked for later`() {
        var table = TextWeightTable()
        // These share both of their sets.
        let keys = (0...9).map { UInt64($0) << 50 | 1 }
        for (weight, key) in keys[..<8].enumerated() { table.insert(weight, for: key) }
        #expect(keys.map { table.weight(for: $0) } == [0, 1, 2, 3, 4, 5, 6, 7, nil, nil])
        #expect(table.weight(for: keys[0]) == 0)
        table.insert(8, for: keys[8])
        #expect(keys.map { table.weight(for: $0) } == [0, nil, 2, 3, 4, 5, 6, 7, 8, nil])
        table.insert(9, for: keys[9])
        #expect(keys.map { table.weight(for: $0) } == [nil, nil, 2, 3, 4, 5, 6, 7, 8, 9])
    }

    @Test func `a weight that has no room is not remembered`() {
        var table = TextWeightTable()
        table.insert(Int(Int32.max) + 1, for: 1)
        #expect(table.weight(for: 1) == nil)
    }

    @Test func `nothing is known before it was weighed`() {
        var table = TextWeightTable()
        #expect(table.weight(for: 0) == nil)
        table.insert(7, for: 1)
        #expect(table.weight(for: 0) == nil)
        #expect(table.weight(for: 1) == 7)
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

    @Test func `a long text that was edited is another text`() {
        var generator = SeededGenerator(seed: 7)
        let text = Self.text(40_000, &generator)
        let hash = PrefixHash.hash(of: text.span, in: text.indices)
        // An edit moves all that follows it.
        for place in stride(from: 0, through: text.count, by: 501) {
            let longer = text[..<place] + [0x21] + text[place...]
            #expect(PrefixHash.hash(of: longer.span, in: 0..<longer.count) != hash)
        }
        // Its beginning and its end count byte by byte.
        for place in [0, 1, 63, text.count - 64, text.count - 2, text.count - 1] {
            var other = text
            other[place] ^= 1
            #expect(PrefixHash.hash(of: other.span, in: other.indices) != hash)
        }
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

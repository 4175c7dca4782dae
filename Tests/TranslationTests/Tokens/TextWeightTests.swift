// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct TextWeightTests {
    private func tokens(_ text: String) throws -> Int {
        var writer = JSONWriter()
        writer.string(text)
        let json = writer.take()
        return try self.tokens(json: json[1..<json.count - 1])
    }

    /// - Parameter json: the characters of a string as they are spelled.
    private func tokens(json: ArraySlice<UInt8>) throws -> Int {
        var weight = SampledWeight()
        let text = Array(json)
        weight.add(text.span, in: 0..<text.count)
        return PromptSize.tokens(weight.total)
    }

    /// The counts are those of Qwen's own tokenizer.
    @Test(arguments: Self.samples)
    func `a text is estimated within a sixth`(text: String, exact: Int) throws {
        let estimate = try self.tokens(text)
        #expect(abs(Double(estimate) / Double(exact) - 1) < 0.17, "\(estimate) for \(exact)")
    }

    /// Two spellings of one text, which a tokenizer never sees.
    @Test(arguments: [
        ("你好，世界", #"\u4f60\u597d\uff0c\u4e16\u754c"#),
        ("a/b \"c\"", #"a\/b \u0022c\u0022"#),
        ("größer 😀 Ж", #"gr\u00f6\u00dfer \ud83d\ude00 \u0416"#),
        ("\tif x {\n\t\treturn\n\t}\n", #"\u0009if x {\n\t\treturn\u000a\t}\n"#),
    ])
    func `text is counted and not how it is spelled`(text: String, json: String) throws {
        #expect(try self.tokens(json: Array(json.utf8)[...]) == self.tokens(text))
    }

    /// A reader that loses its place at an escape, a character or an end would trap or never end.
    @Test func `any bytes have a weight`() throws {
        var generator = SeededGenerator(seed: 11)
        let parts = [
            "\\", "\\u", "\\ud83d", "\\u4f6", "\\n", "é", "你", "😀", "\u{E000}", "  ", "ab", "AB", "7", "{\"", "—", "\t",
        ].map { Array($0.utf8) }
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 1...40, using: &generator)).flatMap { _ in
                parts.randomElement(using: &generator) ?? []
            }
            let start = Int.random(in: 0..<text.count, using: &generator)
            var weight = SampledWeight()
            weight.add(text.span, in: start..<text.count)
            #expect(weight.total > 0 || text[start...].allSatisfy { $0 & 0xC0 == 0x80 })
        }
    }

    /// Text of one kind, over and over, and of all kinds in any order; in one piece, and in pieces of any length.
    @Test(arguments: [(8_000, 0.0), (40_000, 0.04), (150_000, 0.05), (500_000, 0.03)])
    func `much text is estimated as if all of it were weighed`(length: Int, tolerance: Double) {
        var generator = SeededGenerator(seed: 7)
        let kinds = Self.samples.map { Array($0.0.utf8) }
        var texts = kinds.map { kind in Array(repeatElement(kind, count: length / kind.count + 1).joined()) }
        var mixed: [UInt8] = []
        while mixed.count < length { mixed += kinds.randomElement(using: &generator) ?? [] }
        texts.append(mixed)
        for (index, text) in texts.enumerated() {
            for longest in [length, 5_000, 200] {
                var sampled = SampledWeight()
                var whole = TextWeigher()
                var start = 0
                while start < length {
                    let end = min(start + Int.random(in: longest / 2...longest, using: &generator), length)
                    let before = sampled.total
                    sampled.add(text.span, in: start..<end)
                    #expect(sampled.total >= before)
                    whole.add(text.span, in: start..<end, limit: end)
                    start = end
                }
                let error = Double(sampled.total) / Double(whole.weight) - 1
                #expect(abs(error) <= tolerance, "text \(index) of \(length) bytes by \(longest): \(error)")
            }
        }
    }

    /// A word is never longer than a sample by much, or one of a million letters would be read a thousand times.
    @Test func `a word without an end is read once`() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 4_000_000)
        var weight = SampledWeight()
        let clock = ContinuousClock()
        #expect(clock.measure { weight.add(text.span, in: 0..<text.count) } < .seconds(5))
        #expect(weight.total > 0)
    }

    @Test func `a word of accents is many tokens`() throws {
        let accents = String(repeating: "é", count: 100_000)
        #expect(try self.tokens(accents) > 30_000)
    }

    private static let samples: [(String, Int)] = [
        (
            "The gateway accepts a request, checks who is asking, and passes it on. When the other side is slow, the reader stops reading; when the client hangs up, the call is cancelled at once. Nothing is kept longer than the answer takes, and what went wrong is written to the journal exactly once, by whoever could do something about it.",
            70
        ),
        (
            "struct Counter {\n    private var values: [String: Int] = [:]\n\n    mutating func increment(_ name: String, by amount: Int = 1) {\n        guard amount > 0 else { return }\n        self.values[name, default: 0] += amount\n    }\n\n    func total() -> Int {\n        var sum = 0\n        for (_, value) in self.values { sum += value }\n        return sum\n    }\n}\n",
            93
        ),
        (
            "def read_lines(path, limit=100):\n    \"\"\"Return at most `limit` stripped lines of a file.\"\"\"\n    result = []\n    with open(path, encoding=\"utf-8\") as handle:\n        for number, line in enumerate(handle):\n            if number >= limit:\n                break\n            result.append(line.strip())\n    return result\n",
            71
        ),
        ("这个网关接收请求，检查来源，然后把它转发给模型。如果对方很慢，读取就会暂停；如果客户端断开连接，请求会立即取消。所有错误只在日志中记录一次。", 46),
        (
            "Nov 22 20:14:07 host daemon[4121]: listening on 127.0.0.1:3455\nNov 22 20:14:09 host daemon[4121]: request 17 took 231 ms, status 200\nNov 22 20:14:12 host daemon[4121]: upstream closed the connection, retrying in 500 ms\n",
            112
        ),
        (
            "{\n  \"name\": \"sample-project\",\n  \"version\": \"1.4.0\",\n  \"scripts\": {\n    \"build\": \"tsc --project tsconfig.json\",\n    \"test\": \"node --test dist/tests\"\n  },\n  \"dependencies\": {\n    \"express\": \"^4.19.2\",\n    \"typescript\": \"^5.4.5\"\n  }\n}\n",
            82
        ),
    ]
}

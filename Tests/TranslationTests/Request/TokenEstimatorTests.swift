// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct TokenEstimatorTests {
    private func tokens(_ text: String) throws -> Int {
        var writer = JSONWriter()
        writer.string(text)
        let document = try JSONDocument(parsing: writer.take())
        var estimator = TokenEstimator()
        estimator.addText(document.root, of: document)
        return estimator.tokens
    }

    /// The counts are those of Qwen's own tokenizer.
    @Test(arguments: Self.samples)
    func `a text is estimated within a sixth`(text: String, exact: Int) throws {
        let estimate = try self.tokens(text)
        #expect(abs(Double(estimate) / Double(exact) - 1) < 0.17, "\(estimate) for \(exact)")
    }

    @Test func `vectors and single bytes weigh the same`() throws {
        let text = Array(#""let aB = "x\n  y" // 12.5 größer 你好 — 😀 Ж  END_of\t{[(it's)]}""#.utf8)
        for start in 0..<text.count {
            for end in start + 1...text.count {
                let whole = TokenWeights.weight(of: text.span, in: start..<end)
                let single = (start + 1..<end).reduce(0) {
                    $0 + TokenWeights.weight(of: text.span, in: $1 - 1..<$1 + 1)
                }
                #expect(whole == single)
            }
        }
    }

    /// Text of one kind, over and over, and of all kinds in any order; in one piece, and in pieces of any length.
    @Test(arguments: [(8_000, 0.0), (16_000, 0.04), (40_000, 0.05), (150_000, 0.06), (500_000, 0.03)])
    func `much text is estimated as if all of it were weighed`(length: Int, tolerance: Double) {
        var generator = SeededGenerator(seed: 7)
        let kinds = Self.samples.map { Array($0.0.utf8) }
        var texts = kinds.map { kind in Array(repeatElement(kind, count: length / kind.count + 1).joined()) }
        var mixed: [UInt8] = []
        while mixed.count < length { mixed += kinds.randomElement(using: &generator) ?? [] }
        texts.append(mixed)
        for (index, text) in texts.enumerated() {
            for longest in [length, 5_000, 200, 10] {
                var sampled = SampledWeight()
                var exact = 0
                var start = 0
                while start < length {
                    let end = min(start + Int.random(in: longest / 2...longest, using: &generator), length)
                    sampled.add(text.span, in: start..<end)
                    if end - start > 1 { exact += TokenWeights.weight(of: text.span, in: start..<end) }
                    start = end
                }
                let error = Double(sampled.total) / Double(exact) - 1
                #expect(abs(error) <= tolerance, "text \(index) of \(length) bytes by \(longest): \(error)")
            }
        }
    }

    @Test func `a long text does not overflow its lanes`() throws {
        let accents = String(repeating: "é", count: 100_000)
        #expect(try self.tokens(accents) > 200_000)
    }

    @Test func `pixels and files are not counted as text`() throws {
        let data = String(repeating: "iVBORw0KGgo", count: 10_000)
        func estimate(_ block: String) throws -> Int {
            try MessagesRequest(
                parsing: Array(#"{"model":"m","messages":[{"role":"user","content":[\#(block)]}]}"#.utf8)
            ).facts.estimatedInputTokens
        }
        #expect(try 1_000...2_000 ~= estimate(#"{"type":"image","source":{"type":"base64","data":"\#(data)"}}"#))
        #expect(try estimate(#"{"type":"document","source":{"type":"base64","data":"\#(data)"}}"#) < 100)
        #expect(try estimate(#"{"type":"document","source":{"type":"text","data":"\#(data)"}}"#) > 10_000)
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

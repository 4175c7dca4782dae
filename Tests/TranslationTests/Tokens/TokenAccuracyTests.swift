// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Translation

private let python = ProcessInfo.processInfo.environment["QWENPROXYD_TEST_PYTHON"]

/// The estimates against the published vocabulary, which only tests have. `Tests/Python/qwen_tokens.py` makes the texts.
@Suite(.enabled(if: python != nil, "QWENPROXYD_TEST_PYTHON names a Python with the dashscope package"))
struct TokenAccuracyTests {
    @Test func `a text of any kind is estimated within a few percent`() async throws {
        var errors: [String: [Double]] = [:]
        for line in try await self.run("texts") {
            let document = try JSONDocument(parsing: Array(line))
            let text = try #require(document.member("text", of: document.root))
            let tokens = try #require(document.member("tokens", of: document.root).flatMap { document.integer($0) })
            let corpus = try #require(document.string("corpus", of: document.root))
            var weight = SampledWeight()
            weight.add(document.bytes.span, in: document.contents(of: text))
            errors[corpus, default: []].append(Double(PromptSize.tokens(weight.total)) / Double(tokens) - 1)
        }
        #expect(errors.count == 10)
        for (corpus, errors) in errors.sorted(by: { $0.key < $1.key }) {
            let spread = Spread(errors)
            print("\(corpus): \(spread)")
            #expect(errors.count >= 40)
            #expect(spread.median <= 0.06, "\(corpus)")
            #expect(spread.ninetieth <= 0.15, "\(corpus)")
        }
    }

    /// The upstream is one that counts with the vocabulary. Turn after turn the estimate is asked for, then the true count is
    /// reported, as an answer's usage does.
    @Test func `from the second turn on a conversation is counted within one or two percent`() async throws {
        let profile = ModelProfile(name: "qwen3-coder-plus")
        var (first, later): ([Double], [Double]) = ([], [])
        for line in try await self.run("conversations") {
            // Each conversation at a model of its own: nothing is known of its vocabulary beforehand.
            var (anchors, scale) = (PromptAnchors(), TokenScale())
            let document = try JSONDocument(parsing: Array(line))
            for (turn, request) in document.elements(of: document.root).enumerated() {
                let body = try #require(document.string("body", of: request))
                let tokens = try #require(document.member("tokens", of: request).flatMap { document.integer($0) })
                let size = try MessagesRequest(parsing: Array(body.utf8)).facts.size
                let estimate = anchors.tokens(of: size, for: profile, model: 1, scale: scale)
                let error = Double(estimate) / Double(tokens) - 1
                if turn == 0 { first.append(error) } else { later.append(error) }
                anchors.observe(tokens, of: size, for: profile, model: 1, scale: &scale)
                #expect(anchors.tokens(of: size, for: profile, model: 1, scale: scale) == tokens)
            }
        }
        let (beginning, rest) = (Spread(first), Spread(later))
        print("first turn: \(beginning)\nlater turns: \(rest)")
        #expect(later.count >= 100)
        #expect(beginning.median <= 0.06)
        #expect(rest.median <= 0.015)
        #expect(rest.ninetieth <= 0.04)
    }

    /// The script's lines.
    private func run(_ kind: String) async throws -> [Data] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Python/qwen_tokens.py")
        let outcome = try await ChildProcess.run(try #require(python), [script.path, kind])
        try #require(outcome.status == 0, "\(outcome.errorOutput)")
        return Data(outcome.output.utf8).split(separator: UInt8(ascii: "\n"))
    }
}

/// How far estimates are off, as shares of the truth.
private struct Spread: CustomStringConvertible {
    let count: Int
    let bias: Double
    let median: Double
    let ninetieth: Double
    let worst: Double

    init(_ errors: [Double]) {
        let sizes = errors.map(abs).sorted()
        self.count = errors.count
        self.bias = errors.reduce(0, +) / Double(errors.count)
        self.median = sizes[sizes.count / 2]
        self.ninetieth = sizes[sizes.count * 9 / 10]
        self.worst = sizes[sizes.count - 1]
    }

    var description: String {
        func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
        return "\(self.count) texts, median \(percent(self.median)), p90 \(percent(self.ninetieth)), worst "
            + "\(percent(self.worst)), bias \(percent(self.bias)) %"
    }
}

// SPDX-License-Identifier: Apache-2.0

import FuzzTargets
import Translation

/// Changes inputs: bytes without a thought, and JSON values and lines as wholes, so that most results get past the first
/// check of the code under test.
struct Mutator {
    private static let maximumSize = 4096

    private let vocabulary: [[UInt8]]
    private var generator: SplitMix64

    init(vocabulary: [String], seed: UInt64) {
        self.vocabulary = vocabulary.map { Array($0.utf8) }
        self.generator = SplitMix64(seed: seed)
    }

    mutating func mutate(_ corpus: [[UInt8]]) -> [UInt8] {
        // The newest inputs are the least explored.
        let isRecent = self.below(2) == 0
        var input = corpus[isRecent ? corpus.count - 1 - self.below(min(16, corpus.count)) : self.below(corpus.count)]
        for _ in 0..<(1 << self.below(4)) { self.change(&input, corpus: corpus) }
        return input.count <= Self.maximumSize ? input : Array(input.prefix(Self.maximumSize))
    }

    private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(limit, 1), using: &self.generator) }

    private mutating func range(in input: [UInt8], upTo length: Int) -> Range<Int> {
        let start = self.below(input.count + 1)
        return start..<min(input.count, start + self.below(length))
    }

    private mutating func change(_ input: inout [UInt8], corpus: [[UInt8]]) {
        switch self.below(12) {
        case 0 where !input.isEmpty: input[self.below(input.count)] ^= 1 << UInt8(self.below(8))
        case 1 where !input.isEmpty: input[self.below(input.count)] = UInt8(self.below(256))
        case 2: input.insert(UInt8(self.below(256)), at: self.below(input.count + 1))
        case 3: input.removeSubrange(self.range(in: input, upTo: 32))
        case 4: input.insert(contentsOf: input[self.range(in: input, upTo: 64)], at: self.below(input.count + 1))
        case 5:
            let other = corpus[self.below(corpus.count)]
            input.replaceSubrange(self.range(in: input, upTo: 64), with: other[self.range(in: other, upTo: 256)])
        case 6: input.removeLast(self.below(input.count) / 2)
        case 7, 8: self.changeValue(&input, corpus: corpus)
        case 9: self.changeLine(&input)
        default:
            let word = self.vocabulary[self.below(self.vocabulary.count)]
            let range = self.range(in: input, upTo: self.below(2) == 0 ? 1 : 16)
            input.replaceSubrange(range, with: word)
        }
    }

    /// Replaces, removes or repeats a JSON value, of the whole input or of one of its lines.
    private mutating func changeValue(_ input: inout [UInt8], corpus: [[UInt8]]) {
        guard let (document, offset) = self.document(in: input) else { return }
        let values = Self.values(of: document)
        let range = values[self.below(values.count)]
        let place = offset + range.lowerBound..<offset + range.upperBound
        switch self.below(4) {
        case 0:
            let word = self.vocabulary[self.below(self.vocabulary.count)]
            input.replaceSubrange(place, with: word)
        case 1:
            let other = values[self.below(values.count)]
            input.replaceSubrange(place, with: document.bytes[other])
        case 2:
            guard let (theirs, _) = self.document(in: corpus[self.below(corpus.count)]) else { return }
            let ranges = Self.values(of: theirs)
            input.replaceSubrange(place, with: theirs.bytes[ranges[self.below(ranges.count)]])
        default:
            input.insert(contentsOf: [UInt8(ascii: ",")] + document.bytes[range], at: place.upperBound)
        }
    }

    private mutating func document(in input: [UInt8]) -> (JSONDocument, offset: Int)? {
        if let document = try? JSONDocument(parsing: input) { return (document, 0) }
        let lines = Self.lines(of: input)
        guard !lines.isEmpty else { return nil }
        let line = lines[self.below(lines.count)]
        guard let brace = input[line].firstIndex(of: UInt8(ascii: "{")) else { return nil }
        let text = input[brace..<line.upperBound]
        guard let document = try? JSONDocument(parsing: Array(text)) else { return nil }
        return (document, brace)
    }

    private static func values(of document: JSONDocument) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var pending = [document.root]
        while let node = pending.popLast() {
            ranges.append(document.range(of: node))
            pending += document.elements(of: node)
            for (name, value) in document.members(of: node) { pending += [name, value] }
        }
        return ranges
    }

    /// Removes, repeats or moves a line, and sometimes the empty one behind it.
    private mutating func changeLine(_ input: inout [UInt8]) {
        let lines = Self.lines(of: input)
        guard !lines.isEmpty else { return }
        let line = lines[self.below(lines.count)]
        let end = min(input.count, line.upperBound + self.below(3))
        let text = input[line.lowerBound..<end]
        switch self.below(3) {
        case 0: input.removeSubrange(line.lowerBound..<end)
        case 1: input.insert(contentsOf: text, at: line.lowerBound)
        default: input.insert(contentsOf: text, at: lines[self.below(lines.count)].lowerBound)
        }
    }

    private static func lines(of input: [UInt8]) -> [Range<Int>] {
        input.split(separator: UInt8(ascii: "\n")).map { $0.startIndex..<$0.endIndex }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The weight of many texts, one after the other. The beginning is read character by character; of what follows in long texts
/// a part is read and stands for the rest. The same texts in the same order always weigh the same, and every text adds to
/// what the earlier ones weigh.
struct SampledWeight {
    private var weigher = TextWeigher()
    /// What the parts that were not read are taken to weigh.
    private var estimated = 0
    /// Bytes of all texts so far.
    private var seen = 0

    /// In 1/32 of a token, like `TextWeigher.weight`.
    var total: Int { self.weigher.weight + self.estimated }

    /// Bytes of all texts that are read whole.
    static let wholeLength = 16 << 10
    /// A text up to here is read whole wherever it stands.
    private static let shortLength = 512
    private static let stretchLength = 1_024
    private static let sampleLength = 256
    /// A word that is longer is cut: it could be as long as the text.
    private static let longestRest = 64

    /// Adds the text in `range`.
    mutating func add(_ text: Span<UInt8>, in range: Range<Int>) {
        let whole = min(range.count, max(Self.shortLength, Self.wholeLength - self.seen))
        self.seen += range.count
        var position = self.read(text, in: range.lowerBound..<range.lowerBound + whole, upTo: range.upperBound)
        while position < range.upperBound {
            let stretch = position..<min(position + Self.stretchLength, range.upperBound)
            guard stretch.count > 2 * Self.sampleLength else {
                position = self.read(text, in: stretch, upTo: range.upperBound)
                continue
            }
            self.sample(text, in: stretch)
            position = stretch.upperBound
        }
    }

    private mutating func read(_ text: Span<UInt8>, in range: Range<Int>, upTo end: Int) -> Int {
        self.weigher.add(text, in: range, limit: min(range.upperBound + Self.longestRest, end))
    }

    private mutating func sample(_ text: Span<UInt8>, in stretch: Range<Int>) {
        // At another place in every stretch, so that samples do not fall in step with records of one length.
        let room = stretch.count - Self.sampleLength - Self.longestRest
        let start = Self.beginning(text, from: stretch.lowerBound + (stretch.lowerBound &* 0x9E3B) % max(room, 1))
        let before = self.weigher.weight
        let end = self.read(text, in: start..<start + Self.sampleLength, upTo: stretch.upperBound)
        let weight = self.weigher.weight - before
        self.estimated += weight * max(stretch.count - (end - start), 0) / max(end - start, 1)
    }

    /// Where a piece begins, as far as that can be seen.
    private static func beginning(_ text: Span<UInt8>, from start: Int) -> Int {
        for position in start..<start + Self.longestRest
        where text[position] == 0x20 || text[position] == UInt8(ascii: "\\") {
            return position
        }
        return start
    }
}

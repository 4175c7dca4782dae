// SPDX-License-Identifier: Apache-2.0

/// The weight of many texts, one after the other. The beginning is read character by character; of what follows in long texts
/// a part is read and stands for the rest. The same texts in the same order always weigh the same, wherever they stand in a
/// body, and every text adds to what the earlier ones weigh.
struct SampledWeight {
    /// In 1/32 of a token, like `TextWeigher.weight`.
    private(set) var total = 0
    /// Bytes of all texts so far.
    private var seen = 0

    /// Bytes of all texts that are read whole.
    static let wholeLength = 16 << 10
    /// A text up to here is read whole wherever it stands.
    private static let shortLength = 512
    private static let stretchLength = 1_024
    private static let sampleLength = 256
    /// A word that is longer is cut: it could be as long as the text.
    private static let longestRest = 64

    /// Adds the text in `range`. Returns its hash.
    /// - Parameter memory: knows what texts weighed before.
    @discardableResult
    mutating func add(_ text: Span<UInt8>, in range: Range<Int>, _ memory: (any TextWeightMemory)? = nil) -> UInt64 {
        let hash = PrefixHash.hash(of: text, in: range)
        let whole = min(range.count, max(Self.shortLength, Self.wholeLength - self.seen))
        self.seen += range.count
        guard let memory, range.count >= TextWeightTable.leastLength else {
            self.total += Self.weight(of: text, in: range, readWhole: whole)
            return hash
        }
        // How much of it is read makes a difference, too.
        let key = hash ^ UInt64(truncatingIfNeeded: whole) << 40
        if let known = memory.weight(for: key) {
            self.total += known
        } else {
            let weight = Self.weight(of: text, in: range, readWhole: whole)
            memory.remember(weight, for: key)
            self.total += weight
        }
        return hash
    }

    private static func weight(of text: Span<UInt8>, in range: Range<Int>, readWhole whole: Int) -> Int {
        var weigher = TextWeigher()
        var estimated = 0
        var position = Self.read(text, in: range.prefix(whole), upTo: range.upperBound, &weigher)
        while position < range.upperBound {
            let stretch = position..<min(position + Self.stretchLength, range.upperBound)
            // A sample of the rest would save little.
            guard stretch.count > 2 * Self.sampleLength else {
                position = Self.read(text, in: stretch, upTo: range.upperBound, &weigher)
                continue
            }
            estimated += Self.sample(text, in: stretch, number: position - range.lowerBound, &weigher)
            position = stretch.upperBound
        }
        return weigher.weight + estimated
    }

    private static func read(
        _ text: Span<UInt8>, in range: Range<Int>, upTo end: Int, _ weigher: inout TextWeigher,
    ) -> Int {
        weigher.add(text, in: range, limit: min(range.upperBound + Self.longestRest, end))
    }

    /// Returns what the part of the stretch that is not read is taken to weigh.
    private static func sample(
        _ text: Span<UInt8>, in stretch: Range<Int>, number: Int, _ weigher: inout TextWeigher,
    ) -> Int {
        // At another place in every stretch, so that samples do not fall in step with records of one length.
        let room = stretch.count - Self.sampleLength - Self.longestRest
        let start = Self.beginning(text, from: stretch.lowerBound + (number &* 0x9E3B) % max(room, 1))
        let before = weigher.weight
        let end = Self.read(text, in: start..<start + Self.sampleLength, upTo: stretch.upperBound, &weigher)
        let weight = weigher.weight - before
        return weight * max(stretch.count - (end - start), 0) / max(end - start, 1)
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

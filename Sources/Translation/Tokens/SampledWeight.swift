// SPDX-License-Identifier: Apache-2.0

/// The weight of many texts, one after the other. The beginning is read character by character; of what follows in long texts
/// a part is read and stands for the rest. The same texts in the same order always weigh the same, wherever they stand in a
/// body, and every text adds to what the earlier ones weigh.
struct SampledWeight {
    /// In 1/32 of a token, like `TextWeigher.weight`.
    private(set) var total = 0
    /// Bytes of all texts so far.
    private var seen = 0

    /// How much of a text is read. It depends on how much came before, and not on what comes after.
    private struct Reading: Equatable {
        /// Bytes at the beginning that are read whole.
        let whole: Int
        /// Of the rest, a sample of so many bytes stands for a stretch, and a stretch that is hardly longer is read whole.
        let least: Int
        let longest: Int

        init(_ count: Int, after seen: Int) {
            let isMuch = seen >= SampledWeight.closeLength
            self.longest = SampledWeight.sampleLength
            self.least = isMuch ? SampledWeight.sampleLength / 4 : SampledWeight.sampleLength
            self.whole = isMuch ? 0 : min(count, max(SampledWeight.shortLength, SampledWeight.wholeLength - seen))
        }
    }

    /// Bytes of all texts that are read whole.
    static let wholeLength = 16 << 10
    /// Bytes of all texts after which no text is read whole, but for the shortest. A request of a megabyte can be two thousand
    /// short results of tools.
    private static let closeLength = 64 << 10
    /// Until then a text up to here is read whole.
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
        let reading = Reading(range.count, after: self.seen)
        self.seen += range.count
        guard let memory else {
            self.total += Self.weight(of: text, in: range, reading, hash)
            return hash
        }
        // How much of it is read makes a difference, too.
        let key = hash ^ UInt64(truncatingIfNeeded: reading.whole) << 40
        if let known = memory.weight(for: key) {
            self.total += known
        } else {
            let weight = Self.weight(of: text, in: range, reading, hash)
            memory.remember(weight, for: key)
            self.total += weight
        }
        return hash
    }

    private static func weight(
        of text: Span<UInt8>, in range: Range<Int>, _ reading: Reading, _ hash: UInt64,
    ) -> Int {
        var weigher = TextWeigher()
        var estimated = 0
        // At another place in every stretch, so that samples do not fall in step with records of one length; and in every text
        // of one stretch, so that not all of them are beginnings.
        let offset = range.count > Self.stretchLength ? 0 : Int(truncatingIfNeeded: hash & 0xFFFF)
        var position = Self.read(text, in: range.prefix(reading.whole), upTo: range.upperBound, &weigher)
        while position < range.upperBound {
            let stretch = position..<min(position + Self.stretchLength, range.upperBound)
            // A sample of the rest would save little.
            guard stretch.count > 2 * reading.least else {
                position = Self.read(text, in: stretch, upTo: range.upperBound, &weigher)
                continue
            }
            let place = offset &+ (position - range.lowerBound) &* 0x9E3B
            estimated += Self.sample(
                text, in: stretch, place, max(reading.least, min(reading.longest, stretch.count / 4)), &weigher)
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
        _ text: Span<UInt8>, in stretch: Range<Int>, _ place: Int, _ length: Int, _ weigher: inout TextWeigher,
    ) -> Int {
        let room = stretch.count - length - Self.longestRest
        let start = Self.beginning(text, from: stretch.lowerBound + place % max(room, 1))
        let before = weigher.weight
        let end = Self.read(text, in: start..<start + length, upTo: stretch.upperBound, &weigher)
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

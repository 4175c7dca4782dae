// SPDX-License-Identifier: Apache-2.0

/// The weight of all texts of a conversation, one after the other. The beginning is weighed byte by byte; of what
/// follows samples tell enough, and they run through all texts, whatever the length of each. The same texts in the same
/// order always weigh the same.
struct SampledWeight: Sendable {
    /// Of what was weighed byte by byte, in 1/64 of a token like `TokenWeights`.
    private var exact = 0
    /// Of what was sampled, times the length of a sample.
    private var estimated = 0
    /// Bytes of all texts so far.
    private var seen = 0
    /// Bytes from the end of the last text to the next sample.
    private var gap = 0

    /// In 1/64 of a token.
    var total: Int { self.exact + self.estimated / Self.sampleLength }

    /// Bytes that are weighed without sampling.
    static let wholeLength = 8 << 10
    private static let sampleLength = 16

    /// From one sample to the next. Primes, so that samples do not fall in step with lines or records of one length.
    private var stride: Int {
        switch self.seen {
        case ..<(64 << 10): 127
        case ..<(256 << 10): 509
        default: 1_021
        }
    }

    /// Adds the text in `range`, whose first byte only counts as the one before the second.
    mutating func add(_ bytes: Span<UInt8>, in range: Range<Int>) {
        let whole = range.lowerBound..<range.lowerBound + min(range.count, max(0, Self.wholeLength - self.seen))
        if whole.count > 1 { self.exact += TokenWeights.weight(of: bytes, in: whole) }
        self.seen += range.count
        let stride = self.stride
        var position = whole.upperBound + self.gap
        while position < range.upperBound {
            // What is left after the position may be short, but the text need not be.
            let end = min(position + Self.sampleLength + 1, range.upperBound)
            let start = max(end - Self.sampleLength - 1, range.lowerBound)
            self.estimated += self.estimate(bytes, in: start..<end) * stride
            position += stride
        }
        self.gap = position - range.upperBound
    }

    /// What a sample would weigh if it had the usual length.
    @inline(__always)
    private func estimate(_ bytes: Span<UInt8>, in sample: Range<Int>) -> Int {
        if sample.count > Self.sampleLength { return TokenWeights.weight(ofSixteen: bytes, at: sample.lowerBound + 1) }
        // A short one is a whole text: its first byte has no weight, but takes part of the stride.
        return sample.count > 1 ? TokenWeights.weight(of: bytes, in: sample) * Self.sampleLength / sample.count : 0
    }
}

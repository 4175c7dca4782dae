// SPDX-License-Identifier: Apache-2.0

/// A small generator (Steele, Lea, Flood 2014): the same seed gives the same run on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { self.state = seed }

    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension [UInt8] {
    /// FNV-1a, for names of files and for choices that must only depend on the input.
    public var fingerprint: UInt64 {
        self.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The same bytes in pieces whose ends only depend on the bytes.
    func cut(into maximumPieces: Int) -> [ArraySlice<UInt8>] {
        var generator = SplitMix64(seed: self.fingerprint)
        var ends = (1..<Swift.max(2, maximumPieces)).map { _ in Int.random(in: 0...self.count, using: &generator) }
        ends.append(self.count)
        var start = 0
        return ends.sorted().map { end in
            defer { start = end }
            return self[start..<end]
        }
    }
}

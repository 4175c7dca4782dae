// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Feeds changed inputs to what reads the bytes of peers. A trap ends the test's process, so that the input it read last is
/// kept in a file first.
///
/// Some thousand inputs by default, always the same ones. `QWENPROXYD_FUZZ_SECONDS` goes on for so long, and
/// `QWENPROXYD_FUZZ_SEED` begins elsewhere.
public struct Fuzzing {
    private let name: String
    private let seeds: [[UInt8]]
    private let vocabulary: [[UInt8]]
    private var state: UInt64

    /// - Parameters:
    ///   - name: of the file in the temporary directory that holds the present input.
    ///   - seeds: inputs that are worth changing.
    ///   - vocabulary: pieces of text that are worth inserting.
    public init(_ name: String, seeds: [String], vocabulary: [String]) {
        self.name = name
        self.seeds = seeds.map { Array($0.utf8) }
        self.vocabulary = vocabulary.map { Array($0.utf8) }
        self.state = Self.number("QWENPROXYD_FUZZ_SEED").map { UInt64($0) } ?? 1
    }

    /// Returns how many inputs were read.
    @discardableResult
    public mutating func run(count: Int = 3_000, _ read: ([UInt8]) async throws -> Void) async throws -> Int {
        let path = NSTemporaryDirectory() + "/qwenproxyd-fuzz-\(self.name)"
        let seconds = Self.number("QWENPROXYD_FUZZ_SECONDS")
        let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
        var inputs = 0
        while deadline.map({ ContinuousClock.now < $0 }) ?? (inputs < count) {
            let input = inputs < self.seeds.count ? self.seeds[inputs] : self.next()
            if deadline != nil { try Data(input).write(to: URL(filePath: path)) }
            try await read(input)
            inputs += 1
        }
        try? FileManager.default.removeItem(atPath: path)
        if let seconds { print("fuzz \(self.name): \(inputs) inputs in \(seconds) s") }
        return inputs
    }

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }

    private mutating func next() -> [UInt8] {
        var input = self.seeds[self.pick(self.seeds.count)]
        for _ in 0...self.pick(4) { self.change(&input) }
        return input
    }

    private mutating func change(_ input: inout [UInt8]) {
        let start = self.pick(input.count + 1)
        let end = min(input.count, start + self.pick(12))
        switch self.pick(6) {
        case 0: input.removeSubrange(start..<end)
        case 1: input.insert(contentsOf: self.vocabulary[self.pick(self.vocabulary.count)], at: start)
        case 2: input.insert(contentsOf: input[start..<end], at: end)
        case 3: input.insert(UInt8(truncatingIfNeeded: self.random()), at: start)
        case 4: if start < input.count { input[start] ^= 1 << UInt8(self.pick(8)) }
        default:
            let other = self.seeds[self.pick(self.seeds.count)]
            input.replaceSubrange(start..., with: other[self.pick(other.count)...])
        }
    }

    private mutating func pick(_ count: Int) -> Int { count < 2 ? 0 : Int(self.random() >> 33) % count }

    /// SplitMix64, a sequence of Sebastiano Vigna's in the public domain.
    private mutating func random() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

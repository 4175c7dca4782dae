// SPDX-License-Identifier: Apache-2.0

import FuzzTargets

/// What the command line asks for.
struct Options {
    var modes: [String] = []
    var seconds = 60
    var seed: UInt64 = 1
    /// A file to run once instead of fuzzing.
    var replay: String?
    /// A file to translate once instead, without any check.
    var translated: String?
    /// A file with a request whose tokens are counted instead.
    var counted: String?
    /// How often, for the fastest time.
    var times = 1
    /// A directory to write the seeds to instead of fuzzing, for a corpus of libFuzzer.
    var seedsDirectory: String?
    /// Where a worker keeps the input it is about to run; only given by the parent.
    var currentInput: String?

    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    static let usage =
        "usage: Fuzz --mode \(FuzzTargets.names.joined(separator: "|"))|all [--seconds N] [--seed S] [--replay FILE | --write-seeds DIRECTORY], or Fuzz --translate FILE, or Fuzz --count FILE [--times N]"

    init(_ arguments: some Sequence<String>) throws(Mistake) {
        var arguments = arguments.makeIterator()
        while let name = arguments.next() {
            guard let value = arguments.next() else { throw Mistake(description: "\(name) needs a value") }
            switch name {
            case "--mode": self.modes = value == "all" ? FuzzTargets.names : [value]
            case "--seconds": self.seconds = try Self.number(value, for: name)
            case "--seed": self.seed = try Self.number(value, for: name)
            case "--replay": self.replay = value
            case "--translate": self.translated = value
            case "--count": self.counted = value
            case "--times": self.times = try Self.number(value, for: name)
            case "--write-seeds": self.seedsDirectory = value
            case "--current-input": self.currentInput = value
            default: throw Mistake(description: "\(name) is not known")
            }
        }
        guard !self.modes.isEmpty || self.translated != nil || self.counted != nil else {
            throw Mistake(description: "--mode is missing")
        }
        for mode in self.modes where FuzzTargets.named(mode) == nil {
            throw Mistake(description: "there is no mode \(mode)")
        }
    }

    private static func number<Number: FixedWidthInteger>(_ text: String, for name: String) throws(Mistake) -> Number {
        guard let number = Number(text), number >= 0 else { throw Mistake(description: "\(name) needs a number") }
        return number
    }
}

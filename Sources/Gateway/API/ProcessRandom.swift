// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Translation

/// Chance for identifiers, without a system call for each number: one xoshiro256** for the process, seeded by the system.
/// What must not be guessed does not come from here.
struct ProcessRandom: RandomNumberGenerator, Sendable {
    private struct State {
        var words: (UInt64, UInt64, UInt64, UInt64)

        init() {
            var system = SystemRandomNumberGenerator()
            // All zeros would stay zeros for ever.
            self.words = (system.next() | 1, system.next(), system.next(), system.next())
        }

        mutating func next() -> UInt64 {
            let result = Self.rotated(self.words.1 &* 5, by: 7) &* 9
            let shifted = self.words.1 << 17
            self.words.2 ^= self.words.0
            self.words.3 ^= self.words.1
            self.words.1 ^= self.words.2
            self.words.0 ^= self.words.3
            self.words.2 ^= shifted
            self.words.3 = Self.rotated(self.words.3, by: 45)
            return result
        }

        private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
            (word << count) | (word >> (64 - count))
        }
    }

    private static let state = Mutex(State())

    mutating func next() -> UInt64 { Self.state.withLock { $0.next() } }
}

/// Random identifiers in the form the Messages API gives them. They must be unique over a whole conversation: the
/// client drops the later of two messages or tool calls with one id and then repeats the turn for ever.
enum Identifier {
    static func message() -> String { "msg_01" + Self.random() }
    static func serverToolUse() -> String { "srvtoolu_01" + Self.random() }

    /// 22 characters: 131 bits.
    private static func random() -> String {
        var generator = ProcessRandom()
        return Base62.text(22, from: &generator)
    }
}

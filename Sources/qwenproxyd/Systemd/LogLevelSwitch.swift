// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// The level that all loggers share, changeable while they are in use.
final class LogLevelSwitch: Sendable {
    private let index: Atomic<Int>

    init(_ level: Logger.Level) {
        self.index = Atomic(Self.index(of: level))
    }

    /// Read for every log call, also those that log nothing, so it must cost next to nothing.
    var level: Logger.Level {
        get { Self.levels[self.index.load(ordering: .relaxed)] }
        set { self.index.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    static let levels = Logger.Level.allCases

    private static func index(of level: Logger.Level) -> Int {
        guard let index = Self.levels.firstIndex(of: level) else {
            preconditionFailure("allCases lacks \(level)")
        }
        return index
    }
}

// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Shared
import Synchronization

/// The level that all loggers share and those of single subsystems, changeable while they are in use.
package final class LogLevelSwitch: Sendable {
    /// A level of its own, or none.
    package final class Override: Sendable {
        private static let none = -1
        private let index = Atomic(Override.none)

        /// Nil when the shared level counts.
        package var level: Logger.Level? {
            get {
                let index = self.index.load(ordering: .relaxed)
                return index == Self.none ? nil : LogLevelSwitch.levels[index]
            }
            set { self.index.store(newValue.map(LogLevelSwitch.index) ?? Self.none, ordering: .relaxed) }
        }
    }

    private let index: Atomic<Int>
    private let overrides = Dictionary(uniqueKeysWithValues: LogSubsystem.allCases.map { ($0, Override()) })

    package init(_ level: Logger.Level) {
        self.index = Atomic(Self.index(of: level))
    }

    /// Read for every log call, also those that log nothing, so it must cost next to nothing.
    package var level: Logger.Level {
        // Relaxed: nothing else is read by this, and a message more or less while the level changes does no harm.
        get { Self.levels[self.index.load(ordering: .relaxed)] }
        set { self.index.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    /// Looked up once for a logger.
    package func override(for subsystem: LogSubsystem) -> Override {
        guard let override = self.overrides[subsystem] else { preconditionFailure("allCases lacks \(subsystem)") }
        return override
    }

    static let levels = Logger.Level.allCases

    private static func index(of level: Logger.Level) -> Int {
        guard let index = Self.levels.firstIndex(of: level) else {
            preconditionFailure("allCases lacks \(level)")
        }
        return index
    }
}

extension Logger {
    /// A logger of one part of the daemon, whose level can be set on its own.
    package init(_ subsystem: LogSubsystem) { self.init(label: subsystem.rawValue) }
}

// SPDX-License-Identifier: Apache-2.0

/// The levels of the log that are in force.
public struct LogLevelReport: Codable, Sendable, Equatable {
    /// One subsystem and its level.
    public struct Subsystem: Codable, Sendable, Equatable {
        /// The part of the daemon.
        public var name: LogSubsystem
        /// The level that counts for it.
        public var level: LogLevel

        public init(name: LogSubsystem, level: LogLevel) {
            self.name = name
            self.level = level
        }
    }

    /// Of every subsystem that has none of its own.
    public var level: LogLevel
    /// All of them, each with the level that counts for it.
    public var subsystems: [Subsystem]

    public init(level: LogLevel, subsystems: [Subsystem]) {
        self.level = level
        self.subsystems = subsystems
    }
}

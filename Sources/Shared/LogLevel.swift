// SPDX-License-Identifier: Apache-2.0

/// The levels of the daemon's log, from the most to the least talkative. The names are swift-log's.
public enum LogLevel: String, Codable, Sendable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
}

/// The parts of the daemon whose log has a level of its own when one is set. Each is the name of its loggers.
public enum LogSubsystem: String, Codable, Sendable, CaseIterable {
    /// Start, stop, configuration and the service manager.
    case daemon
    /// Connections of clients.
    case server
    /// Requests and their answers.
    case requests
    case upstream
    case credentials
    case control

    /// - Parameter label: of a logger, which may go into detail after a dot.
    public init?(label: String) {
        self.init(rawValue: String(label.prefix { $0 != "." }))
    }
}

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

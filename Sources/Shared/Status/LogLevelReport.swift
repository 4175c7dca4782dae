// SPDX-License-Identifier: Apache-2.0

/// The level in force after `SetLogLevel`.
public struct LogLevelReport: Codable, Sendable, Equatable {
    public var level: LogLevel

    public init(level: LogLevel) {
        self.level = level
    }
}

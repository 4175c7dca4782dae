// SPDX-License-Identifier: Apache-2.0

/// What a successful reload did.
public struct ReloadReport: Codable, Sendable, Equatable {
    /// Where the configuration came from, in order of precedence.
    public var sources: [String]
    /// The settings that have a new value now.
    public var changed: [String]
    /// The settings whose value is not in force before a restart, whichever reload read it.
    public var needsRestart: [String]
    /// All that was read and is not in force. Absent when there is nothing, and in the reply of an older daemon.
    public var pending: [ConfigurationReport.Pending]?

    public init(
        sources: [String], changed: [String], needsRestart: [String], pending: [ConfigurationReport.Pending] = [],
    ) {
        self.sources = sources
        self.changed = changed
        self.needsRestart = needsRestart
        self.pending = pending.isEmpty ? nil : pending
    }
}

/// The process that serves now.
public struct RestartReport: Codable, Sendable, Equatable {
    /// The process that accepts connections now.
    public var pid: Int
    /// Of that process.
    public var version: String

    public init(pid: Int, version: String) {
        self.pid = pid
        self.version = version
    }
}

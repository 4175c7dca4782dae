// SPDX-License-Identifier: Apache-2.0

/// What a successful reload did.
public struct ReloadReport: Codable, Sendable, Equatable {
    /// Where the configuration came from, in order of precedence.
    public var sources: [String]
    /// The settings that have a new value now.
    public var changed: [String]
    /// The settings that have a new value which only a restart puts into force.
    public var needsRestart: [String]

    public init(sources: [String], changed: [String], needsRestart: [String]) {
        self.sources = sources
        self.changed = changed
        self.needsRestart = needsRestart
    }
}

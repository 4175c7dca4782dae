// SPDX-License-Identifier: Apache-2.0

/// The settings in force. Secrets are masked before they get here.
public struct ConfigurationReport: Codable, Sendable, Equatable {
    /// One setting in force.
    public struct Setting: Codable, Sendable, Equatable {
        /// The dotted key, as in the file.
        public var key: String
        /// Absent when nothing is set.
        public var value: String?
        /// Where it was set, for people.
        public var source: String

        public init(key: String, value: String?, source: String) {
            self.key = key
            self.value = value
            self.source = source
        }
    }

    /// A setting that was read and is not in force.
    public struct Pending: Codable, Sendable, Equatable {
        /// What keeps it from being in force.
        public enum Obstacle: String, Codable, Sendable, CaseIterable {
            case restart
            /// systemd opened the socket; only its unit can move it.
            case socketUnit
        }

        /// The dotted key, as in the file.
        public var key: String
        /// As it was read; absent when nothing is set.
        public var value: String?
        /// Where it was set, for people.
        public var source: String
        /// What keeps it from being in force.
        public var obstacle: Obstacle

        public init(key: String, value: String?, source: String, obstacle: Obstacle) {
            self.key = key
            self.value = value
            self.source = source
            self.obstacle = obstacle
        }
    }

    /// The file that `config edit` changes, if it was read.
    public var file: String?
    /// All that were read, in that order: a later one goes before earlier ones. Absent in the reply of an older daemon.
    public var files: [String]?
    /// Every setting that has a value or a default.
    public var settings: [Setting]
    /// Absent when all that was read is in force, and in the reply of an older daemon.
    public var pending: [Pending]?

    public init(file: String?, files: [String], settings: [Setting], pending: [Pending] = []) {
        self.file = file
        self.files = files
        self.settings = settings
        self.pending = pending.isEmpty ? nil : pending
    }
}

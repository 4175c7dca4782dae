// SPDX-License-Identifier: Apache-2.0

/// The settings in force. Secrets are masked before they get here.
public struct ConfigurationReport: Codable, Sendable, Equatable {
    public struct Setting: Codable, Sendable, Equatable {
        public var key: String
        /// Absent when nothing is set.
        public var value: String?
        /// Who said so, for people.
        public var source: String

        public init(key: String, value: String?, source: String) {
            self.key = key
            self.value = value
            self.source = source
        }
    }

    /// The file that was read, if there was one.
    public var file: String?
    public var settings: [Setting]

    public init(file: String?, settings: [Setting]) {
        self.file = file
        self.settings = settings
    }
}

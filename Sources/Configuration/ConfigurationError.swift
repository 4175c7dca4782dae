// SPDX-License-Identifier: Apache-2.0

/// Everything that is wrong with a configuration, so that the user has to come back only once.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    package var mistakes: [ConfigurationMistake]

    package var description: String {
        self.mistakes.map(\.description).joined(separator: "\n")
    }
}

/// One mistake: where it is, which setting it is about, and what would have been right. It never contains a secret.
package struct ConfigurationMistake: Sendable, Equatable, CustomStringConvertible {
    var source: ConfigurationSource
    /// The dotted key; absent when the file as a whole is at fault.
    var key: String?
    var message: String

    package var description: String {
        switch (self.source, self.key) {
        case (.default, let key?): "\(key): \(self.message)"
        case (.default, nil): self.message
        case (let source, let key?): "\(source): \(key): \(self.message)"
        case (let source, nil): "\(source): \(self.message)"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Where a value came from. The order of the cases is the order of precedence, lowest first.
package enum ConfigurationSource: Sendable, Equatable, CustomStringConvertible {
    case `default`
    /// Only for the API key: a file named by a setting, or one of the service manager's credentials.
    case secretFile(String)
    case file(String, line: Int?)
    case environment(String)
    case flag(String)
    /// The service manager opened the socket, and no setting moves it.
    case socketUnit

    package var description: String {
        switch self {
        case .default: "default"
        case .secretFile(let path): path
        case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
        case .environment(let name): "environment \(name)"
        case .flag(let name): "flag \(name)"
        case .socketUnit: "the socket unit"
        }
    }
}

/// One value, and where it was set.
package struct Provenance: Sendable, Equatable {
    /// `Setting.key`
    var key: String
    /// What the `*` in the key stood for.
    var name: String?
    /// Where the setting was given.
    package var source: ConfigurationSource

    /// Whether it is a setting in the table of that upstream.
    func isAbout(upstream: String) -> Bool {
        self.key.hasPrefix("upstreams.") && Setting.names(self.name ?? "", stars: 2)[0] == upstream
    }
}

/// Everything that is wrong with a configuration, so that the user has to come back only once.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    package var mistakes: [ConfigurationMistake]

    package init(mistakes: [ConfigurationMistake]) { self.mistakes = mistakes }

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

    /// Whether the next load can find it mended.
    package var canBeMendedInFile: Bool {
        // What is in a file can change, what the process was started with cannot.
        switch self.source {
        case .default, .file, .secretFile: true
        case .environment, .flag, .socketUnit: false
        }
    }

    /// Whether an option is at fault.
    package var isOnCommandLine: Bool {
        if case .flag = self.source { true } else { false }
    }

    package var description: String {
        switch (self.source, self.key) {
        case (.default, let key?): "\(key): \(self.message)"
        case (.default, nil): self.message
        case (let source, let key?): "\(source): \(key): \(self.message)"
        case (let source, nil): "\(source): \(self.message)"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Shared

/// Where things are, by the XDG base directory conventions and what the service manager says.
struct ConfigurationPaths: Sendable {
    private let environment: [String: String]
    /// The administrator's configuration.
    let systemDirectory: String

    init(environment: [String: String], systemDirectory: String = ConfigurationPath.systemDirectory) {
        self.environment = environment
        self.systemDirectory = systemDirectory
    }

    /// Looked up in the password database when the environment of a system service has none.
    var home: String {
        self.directory("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path
    }

    /// The user's own configuration.
    var ownDirectory: String {
        ConfigurationPath.ownDirectory(configurationHome: self.directory("XDG_CONFIG_HOME"), home: self.home)
    }

    /// The variables of the user's service, which its unit names.
    var environmentFile: String { self.ownDirectory + "/environment" }

    var controlSocket: String {
        (self.directory("XDG_RUNTIME_DIR") ?? "/run") + "/qwenproxyd/control.sock"
    }

    var oauthDirectory: String {
        self.home + "/.qwen"
    }

    /// The credentials (`LoadCredential=`) that may hold the API key, in the order in which they are tried.
    var apiKeyCredentials: [String] {
        guard let directory = self.directory("CREDENTIALS_DIRECTORY") else { return [] }
        return [directory + "/qwen-api-key", directory + "/api-key"]
    }

    /// One of the service's credentials by its file name; nil when the service manager passed none on.
    func credential(_ name: String) -> String? {
        self.directory("CREDENTIALS_DIRECTORY").map { $0 + "/" + name }
    }

    /// Set but empty counts as not set.
    func variable(_ name: String) -> String? {
        self.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `~` and relative paths made absolute, without a trailing slash.
    func absolute(_ path: String) -> String {
        var path = path
        if path == "~" || path.hasPrefix("~/") {
            path = self.home + path.dropFirst()
        } else if !path.hasPrefix("/") {
            // Made absolute once: a later change of the working directory must not move a file.
            path = FileManager.default.currentDirectoryPath + "/" + path
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The directory that a variable names, if it names one.
    private func directory(_ name: String) -> String? {
        // The XDG base directory specification: a relative path in one of its variables is to be ignored.
        guard var path = self.environment[name], path.hasPrefix("/") else { return nil }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        // Names are appended with a slash.
        return path == "/" ? "" : path
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Configuration

/// A directory of a test's own, gone when the test is.
final class Scratch: Sendable {
    let path: String

    init() {
        self.path = NSTemporaryDirectory() + "qwenproxyd-configuration-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String = "config.toml", permissions: Int = 0o600) throws -> String {
        let file = self.path + "/" + name
        let directory = URL(filePath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
        return file
    }

    /// A loader for a user whose home is this directory.
    func loader(
        _ toml: String? = nil,
        environment: [String: String] = [:],
        flags: [String: String] = [:],
    ) throws -> ConfigurationLoader {
        let environment = ["HOME": self.path, "XDG_CONFIG_HOME": self.path + "/xdg"]
            .merging(environment) { $1 }
        return ConfigurationLoader(
            version: "1.2.3", environment: environment, flags: flags, file: try toml.map { try self.write($0) })
    }

    func load(
        _ toml: String? = nil,
        environment: [String: String] = [:],
        flags: [String: String] = [:],
    ) throws -> Configuration {
        try self.loader(toml, environment: environment, flags: flags).load()
    }

    /// The lines of the error; empty when there was none.
    func mistakes(_ toml: String? = nil, environment: [String: String] = [:]) throws -> [String] {
        let loader = try self.loader(toml, environment: environment)
        do throws(ConfigurationError) {
            _ = try loader.load()
            return []
        } catch {
            return error.mistakes.map { $0.description.replacingOccurrences(of: self.path, with: "~") }
        }
    }
}

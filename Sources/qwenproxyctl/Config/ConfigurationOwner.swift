// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Shared

/// Where this user's changes to the configuration go.
///
/// The system's directory is its administrator's. Files of the user's own take the place of all that is in it, which is no
/// loss as long as it sets nothing: the package's file does not.
struct ConfigurationOwner {
    struct Failure: Error, Equatable {
        var reason: String
    }

    let own: String
    let system: String
    let mayChangeSystem: Bool

    init(own: String, system: String, mayChangeSystem: Bool) {
        self.own = own
        self.system = system
        self.mayChangeSystem = mayChangeSystem
    }

    static var current: ConfigurationOwner {
        let directories = ConfigurationFile.directories
        return ConfigurationOwner(
            own: directories[0], system: directories[1], mayChangeSystem: unsafe access(directories[1], W_OK) == 0)
    }

    /// - Parameter directory: the one in force.
    func directory(for directory: String) throws(Failure) -> String {
        guard directory == self.system, !self.mayChangeSystem else { return directory }
        guard self.systemSetsNothing else {
            throw Failure(
                reason: """
                    Only root may change the configuration in \(self.system). For one of your own, which then takes its place:
                      mkdir -p \(self.own) && cp -r \(self.system)/. \(self.own)
                    """)
        }
        return self.own
    }

    private var systemSetsNothing: Bool {
        let files = FileManager.default
        let dropIns = (try? files.contentsOfDirectory(atPath: DropInDirectory(of: self.system).path)) ?? []
        guard !dropIns.contains(where: { $0.hasSuffix(".toml") }) else { return false }
        let path = "\(self.system)/\(ConfigurationPath.name)"
        guard files.fileExists(atPath: path) else { return true }
        guard let content = files.contents(atPath: path) else { return false }
        return String(decoding: content, as: UTF8.self).split(separator: "\n").allSatisfy { line in
            line.first { $0 != " " && $0 != "\t" }.map { $0 == "#" } ?? true
        }
    }
}

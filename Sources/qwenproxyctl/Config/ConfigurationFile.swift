// SPDX-License-Identifier: Apache-2.0

import Catalog
import Glibc
import Shared

/// The configuration file as this program finds it.
struct ConfigurationFile {
    let path: String

    var exists: Bool { unsafe access(self.path, F_OK) == 0 }

    /// The file of the running daemon; without one, the file that a daemon with our environment would read; else the one
    /// to create.
    static func current(running report: ConfigurationReport?) -> ConfigurationFile {
        if let file = report?.file { return ConfigurationFile(path: file) }
        if let file = ProcessEnvironment.value(ConfigurationPath.environmentVariable) {
            return ConfigurationFile(path: file)
        }
        let candidates = [Self.ownDirectory, ConfigurationPath.systemDirectory].map {
            ConfigurationFile(path: "\($0)/\(ConfigurationPath.name)")
        }
        return candidates.first(where: \.exists) ?? candidates[0]
    }

    /// The one that this user may change, which is read after this one if it is another.
    var writable: ConfigurationFile {
        let name = "/\(ConfigurationPath.name)"
        guard self.path.hasSuffix(name) else { return self }
        return ConfigurationFile(
            path: ConfigurationOwner.current.directory(for: String(self.path.dropLast(name.count))) + name)
    }

    /// The files that a daemon reads, in that order; without any, the one to create.
    static func all(running report: ConfigurationReport?) -> [String] {
        let files: [String]
        if let report {
            files = report.files ?? [report.file].compactMap(\.self)
        } else if let named = ProcessEnvironment.value(ConfigurationPath.environmentVariable) {
            files = [named]
        } else {
            files = [ConfigurationPath.systemDirectory, Self.ownDirectory].flatMap(ConfigurationPath.files)
        }
        return files.isEmpty ? [Self.current(running: report).writable.path] : files
    }

    /// The user's own, which is read after the system's.
    static var ownDirectory: String {
        ConfigurationPath.ownDirectory(
            configurationHome: ProcessEnvironment.value("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil },
            home: ProcessEnvironment.home)
    }

    /// What a new file begins with.
    static let template = """
        # qwenproxyd; see qwenproxyd.toml(5). What is not set here has its default.

        # [upstream]
        # base_url = "coding-plan-intl"
        # api_key_file = "~/.config/qwenproxyd/api-key"
        # model = "qwen3.7-plus"

        """
}

extension Catalog {
    /// As a daemon with our environment would read it. What is wrong with a file is the daemon's to tell.
    static let current: Catalog = {
        let named = ProcessEnvironment.value(ConfigurationPath.environmentVariable).map { path in
            [path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."]
        }
        return CatalogFiles(directories: named ?? [ConfigurationFile.ownDirectory, ConfigurationPath.systemDirectory])
            .load().catalog
    }()
}

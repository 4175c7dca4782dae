// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One of the settings files of Claude Code, as far as its "env" goes. Each goes before the shell's environment.
struct ClientSettingsLayer: Equatable {
    var path: String
    var env: [String: String]

    /// The user's own file.
    static var userPath: String {
        let directory = ProcessEnvironment.value("CLAUDE_CONFIG_DIR") ?? "\(ProcessEnvironment.home)/.claude"
        return "\(directory)/settings.json"
    }

    /// Those that count in this directory, the strongest first: the administrator's, the project's, the user's.
    static func current() -> [ClientSettingsLayer] {
        let project = "\(FileManager.default.currentDirectoryPath)/.claude"
        return [
            "/etc/claude-code/managed-settings.json", "\(project)/settings.local.json", "\(project)/settings.json",
            Self.userPath,
        ].compactMap { path in
            // Most of these files are not there, and one that cannot be read sets nothing.
            guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
            return ClientSettingsLayer(path: path, env: Self.env(data))
        }
    }

    static func env(_ data: Data) -> [String: String] {
        let variables = (try? JSONDecoder().decode(File.self, from: data))?.env ?? [:]
        return variables.mapValues(\.text)
    }

    private struct File: Decodable {
        var env: [String: Scalar]?
    }

    /// People write numbers and truth values without quotes; Claude Code takes them.
    private struct Scalar: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else if let number = try? container.decode(Int.self) {
                self.text = "\(number)"
            } else {
                self.text = (try? container.decode(Bool.self)).map { "\($0)" } ?? ""
            }
        }
    }
}

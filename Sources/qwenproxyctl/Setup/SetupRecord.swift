// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Shared

/// What `setup` has changed on this machine, so that it can be taken back: what was there before the first setup, and what the
/// last one wrote.
struct SetupRecord: Codable, Equatable {
    /// A file of the configuration.
    struct File: Codable, Equatable {
        var name: String
        /// Nil when there was none.
        var before: String?
        /// The fingerprint of what was written. The text itself may hold a key, which is kept in one place only.
        var written: String
    }

    /// Beside `config.toml`.
    var directory: String?
    var files: [File] = []
    var client: ClientSettingsRecord?
    /// The units were not enabled before.
    var enabledUnits = false

    var isEmpty: Bool { self == SetupRecord() }

    /// Adds a change. What was there before the first one counts.
    mutating func add(_ change: UpstreamEditor.Change, before: String?, in directory: String) {
        // Another place, such as another user's: what is recorded of the first one is of no use there.
        if self.directory != directory { (self.directory, self.files) = (directory, []) }
        guard let text = change.text else { return }
        if let index = self.files.firstIndex(where: { $0.name == change.name }) {
            self.files[index].written = Self.fingerprint(text)
        } else {
            self.files.append(File(name: change.name, before: before, written: Self.fingerprint(text)))
        }
    }

    /// Tells texts apart (FNV-1a). There is no reason to forge one.
    static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}

extension SetupRecord {
    static var path: String {
        let home = ProcessEnvironment.home
        var environment = ["HOME": home]
        environment["XDG_STATE_HOME"] = ProcessEnvironment.value("XDG_STATE_HOME")
        return "\(StateDirectory.path(environment: environment) ?? home)/setup.json"
    }

    /// Empty when nothing was set up.
    static func load() throws(UserFile.Failure) -> SetupRecord {
        guard let bytes = try UserFile(path: Self.path).readIfPresent() else { return SetupRecord() }
        do {
            return try JSONDecoder().decode(SetupRecord.self, from: Data(bytes))
        } catch {
            // No empty record: the next setup would write over what can still be taken back by hand.
            throw UserFile.Failure(
                Self.path, "the record of what setup changed is damaged. Without the file, setup begins a new one.")
        }
    }

    func save() throws(UserFile.Failure) {
        let file = UserFile(path: Self.path)
        if self.isEmpty { try file.remove() } else { try file.replace(with: JSONText.pretty(self)) }
    }
}

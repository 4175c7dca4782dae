// SPDX-License-Identifier: Apache-2.0

internal import Catalog
internal import Shared

/// Finds the key of an upstream: from its table, a file, a variable of the environment, or the service's credentials.
struct UpstreamKey {
    struct Found {
        var key: Secret
        var source: ConfigurationSource
        /// The file it came from, if other users can read that.
        var exposedFile: String?
    }

    struct Failure: Error {
        /// The key of the setting at fault.
        var setting: String
        var reason: String
    }

    let paths: ConfigurationPaths

    /// What the user named must have a key.
    func find(
        for entry: UpstreamEntry, named name: String, preset: Preset?,
    ) throws(Failure) -> Found? {
        if let key = entry.apiKey { return Found(key: key, source: .default) }
        if let file = entry.apiKeyFile { return try self.read(self.paths.absolute(file), setting: "api_key_file") }
        if let variable = entry.apiKeyVariable {
            guard let found = try self.variable(variable) else {
                throw Failure(
                    setting: "api_key_env",
                    reason: "the environment variable \(variable) is not set for the daemon, which does not see your "
                        + "shell's: write \(variable)=... into \(self.paths.environmentFile) and restart it")
            }
            return found
        }
        if let credential = entry.credential {
            guard let path = self.paths.credential(credential) else {
                throw Failure(
                    setting: "credential",
                    reason: "there is no $CREDENTIALS_DIRECTORY: only a service with LoadCredential= has one")
            }
            return try self.read(path, setting: "credential")
        }
        // Only a convention, so it may be absent.
        if let path = self.paths.credential("\(name).key"), RegularFile.exists(path) {
            return try self.read(path, setting: "credential")
        }
        // The vendor's key goes to the vendor only.
        guard let variable = preset?.keyVariable, entry.baseURL == nil else { return nil }
        return try self.variable(variable)
    }

    private func read(_ path: String, setting: String) throws(Failure) -> Found {
        do {
            let found = try APIKeyFile.read(path, isCredential: setting == "credential")
            return Found(
                key: found.key, source: .secretFile(path), exposedFile: found.isReadableByOthers ? path : nil)
        } catch {
            throw Failure(setting: setting, reason: "\(error.path): \(error.reason)")
        }
    }

    private func variable(_ name: String) throws(Failure) -> Found? {
        guard let text = self.paths.variable(name) else { return nil }
        guard let key = SettingType.secret("").read(.text(text.trimmingSpaces())) else {
            throw Failure(setting: "api_key_env", reason: "the environment variable \(name) does not hold a key")
        }
        return Found(key: key, source: .environment(name))
    }
}

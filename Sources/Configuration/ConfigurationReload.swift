// SPDX-License-Identifier: Apache-2.0

/// A setting that was read and is not in force.
package struct PendingSetting: Sendable, Equatable {
    /// What keeps it from being in force.
    package enum Obstacle: Sendable, Equatable {
        /// The old value stays until then.
        case restart
        /// The service manager opened the socket; only its unit can move it.
        case socketUnit
    }

    /// As it was read.
    package var setting: EffectiveSetting
    /// What it takes to bring the setting into force.
    package var obstacle: Obstacle
}

/// What a reload did.
package struct ConfigurationReload: Sendable {
    /// In force until then.
    package var before: Configuration
    /// In force since.
    package var after: Configuration
    /// All settings that were read and are not in force.
    package var pending: [PendingSetting]

    /// The settings that have a new value now, new secrets included, in the order of the table.
    package var changed: [String] {
        Setting.all.flatMap { setting -> [String] in
            guard setting.isNamed else {
                return setting.isSame(in: self.before, and: self.after, name: nil) ? [] : [setting.key]
            }
            // One that is gone has changed, too.
            let names = [self.before, self.after].flatMap(\.provenance).filter { $0.key == setting.key }.map(\.name)
            var seen: Set<String?> = []
            return names.filter { name in
                seen.insert(name).inserted && !setting.isSame(in: self.before, and: self.after, name: name)
            }.map { setting.displayKey(name: $0) }
        }
    }
}

extension Configuration {
    /// What is in force once `loaded` was read: all of it but what only a restart changes.
    ///
    /// - Parameter keys: of settings that stay whatever they say.
    func reloaded(as loaded: Configuration, keeping keys: Set<String>) -> Configuration {
        var configuration = loaded
        for setting in Setting.all where setting.effect == .restart {
            // Where both say the same the new source is taken over, so that `config show` names the place where it
            // stands now.
            guard keys.contains(setting.key) || !setting.isSame(in: self, and: loaded, name: nil) else { continue }
            setting.copy(to: &configuration, from: self)
        }
        return configuration
    }
}

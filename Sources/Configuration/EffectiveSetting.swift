// SPDX-License-Identifier: Apache-2.0

/// One line of `--check-config`: a setting in force, and where it was set.
package struct EffectiveSetting: Sendable, Equatable, CustomStringConvertible {
    /// The dotted key, as in the file.
    package var key: String
    /// Masked when it is a secret; empty when nothing is set.
    package var value: String
    /// Where the value comes from.
    package var source: ConfigurationSource

    package var description: String {
        "\(self.key) = \(self.value.isEmpty ? "(not set)" : self.value)  # \(self.source)"
    }
}

extension EffectiveSetting {
    /// - Parameter setting: one without a name of the user's choice.
    init(_ setting: Setting, in configuration: Configuration) {
        self.init(
            key: setting.key,
            value: setting.shown(in: configuration, name: nil),
            source: configuration.provenance.last { $0.key == setting.key }?.source ?? .default)
    }
}

extension Configuration {
    /// Every setting in the order of the table.
    package func describe() -> [EffectiveSetting] {
        Setting.all.flatMap { setting -> [EffectiveSetting] in
            guard setting.isNamed else { return [EffectiveSetting(setting, in: self)] }
            return self.provenance.filter { $0.key == setting.key }.map { entry in
                EffectiveSetting(
                    key: setting.displayKey(name: entry.name),
                    value: setting.shown(in: self, name: entry.name),
                    source: entry.source,
                )
            }
        }
    }
}

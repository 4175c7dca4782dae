// SPDX-License-Identifier: Apache-2.0

/// One line of `--check-config`: what is in force, and who said so.
package struct EffectiveSetting: Sendable, Equatable, CustomStringConvertible {
    package var key: String
    /// Masked when it is a secret; empty when nothing is set.
    package var value: String
    package var source: ConfigurationSource

    package var description: String {
        "\(self.key) = \(self.value.isEmpty ? "(not set)" : self.value)  # \(self.source)"
    }
}

extension Configuration {
    /// Every setting in the order of the table.
    package func describe() -> [EffectiveSetting] {
        Setting.all.flatMap { setting -> [EffectiveSetting] in
            let provenance = self.provenance.filter { $0.key == setting.key }
            guard setting.isNamed else {
                return [
                    EffectiveSetting(
                        key: setting.key,
                        value: setting.shown(in: self, name: nil),
                        source: provenance.last?.source ?? .default,
                    )
                ]
            }
            return provenance.map { entry in
                EffectiveSetting(
                    key: setting.displayKey(name: entry.name),
                    value: setting.shown(in: self, name: entry.name),
                    source: entry.source,
                )
            }
        }
    }
}

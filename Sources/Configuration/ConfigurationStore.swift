// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The configuration in force. It is replaced as a whole, so no reader ever sees half of a reload.
package final class ConfigurationStore: Sendable {
    /// A configuration and how many were in force before it.
    ///
    /// An object, so that a request that looks something up does not copy the dozens of values beside it.
    package final class Snapshot: Sendable {
        package let configuration: Configuration
        package let generation: Int

        init(configuration: Configuration, generation: Int) {
            self.configuration = configuration
            self.generation = generation
        }
    }

    private let state: Mutex<Snapshot>

    package init(_ configuration: Configuration) {
        self.state = Mutex(Snapshot(configuration: configuration, generation: 0))
    }

    package var current: Configuration {
        self.snapshot.configuration
    }

    package var snapshot: Snapshot {
        self.state.withLock { $0 }
    }

    /// Returns the configuration that was in force until now.
    @discardableResult
    func replace(_ configuration: Configuration) -> Configuration {
        self.state.withLock { state in
            defer { state = Snapshot(configuration: configuration, generation: state.generation + 1) }
            return state.configuration
        }
    }

    /// Loads again. A mistake leaves the configuration in force as it is. Returns the keys of the changed settings that
    /// only a restart can bring into force.
    @discardableResult
    package func reload(from loader: ConfigurationLoader) throws(ConfigurationError) -> [String] {
        let loaded = try loader.load()
        return Setting.needingRestart(from: self.replace(loaded), to: loaded)
    }
}

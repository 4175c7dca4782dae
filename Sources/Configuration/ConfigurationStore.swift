// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The configuration in force, and the one that was read last. Either is replaced as a whole, so no reader ever sees half of a
/// reload.
package final class ConfigurationStore: Sendable {
    /// A configuration and how many were in force before it.
    ///
    /// An object, so that a request that looks something up does not copy the dozens of values beside it.
    package final class Snapshot: Sendable {
        /// The configuration in force.
        package let configuration: Configuration
        /// Grows with every configuration that comes into force; equal numbers mean the same configuration.
        package let generation: Int

        init(configuration: Configuration, generation: Int) {
            self.configuration = configuration
            self.generation = generation
        }
    }

    fileprivate struct State {
        var snapshot: Snapshot
        /// As it was read. Differs from the one in force in what only a restart changes, and in where the sockets are.
        var loaded: Configuration
        /// The settings that the sockets of the service manager decide.
        var socketUnitKeys: Set<String> = []
        /// Where other machines reach a socket that is open, whatever the settings say; nil where they reach none.
        var publicAddress: String?
    }

    private let state: Mutex<State>
    /// Held while files are read, so that of two reloads the one that read last is the one that stays.
    private let reloading = Mutex(())

    /// Begins with generation 0.
    package init(_ configuration: Configuration) {
        self.state = Mutex(
            State(snapshot: Snapshot(configuration: configuration, generation: 0), loaded: configuration))
    }

    /// In force.
    package var current: Configuration { self.snapshot.configuration }

    /// The configuration in force and its number, as a pair that belongs together.
    package var snapshot: Snapshot { self.state.withLock { $0.snapshot } }

    /// What was read and is not in force, in the order of the table.
    package var pending: [PendingSetting] { self.state.withLock { $0.pending } }

    /// What a reload would bring into force. Beside the loader's mistakes it is one to take the local key away while a socket
    /// is open to other machines.
    package func read(from loader: ConfigurationLoader) -> Configuration {
        var loaded = loader.read()
        if loaded.mistakes.isEmpty, let mistake = self.state.withLock({ $0.exposure(of: loaded) }) {
            loaded.mistakes = [mistake]
        }
        return loaded
    }

    /// Loads again. A mistake leaves everything as it is, unless there was one before: then the newer one counts.
    @discardableResult
    package func reload(from loader: ConfigurationLoader) throws(ConfigurationError) -> ConfigurationReload {
        try self.reloading.withLock { _ throws(ConfigurationError) -> ConfigurationReload in
            let loaded = self.read(from: loader)
            if loaded.mistakes.isEmpty { return self.replace(loaded) }
            // There is nothing in force to keep, and the newer mistakes are those that stand in the files now.
            if !self.current.mistakes.isEmpty { self.replace(loaded) }
            throw ConfigurationError(mistakes: loaded.mistakes)
        }
    }

    @discardableResult
    func replace(_ loaded: Configuration) -> ConfigurationReload {
        self.state.withLock { state in
            let before = state.snapshot.configuration
            let after = before.reloaded(as: loaded, keeping: state.socketUnitKeys)
            state.snapshot = Snapshot(configuration: after, generation: state.snapshot.generation + 1)
            state.loaded = loaded
            return ConfigurationReload(before: before, after: after, pending: state.pending)
        }
    }

    /// Says where the sockets are that were opened. Where the service manager opened them, that is in force, whatever the
    /// settings say.
    ///
    /// - Parameters:
    ///   - http: the first address of the HTTP sockets; nil when they are our own.
    ///   - control: the path of the control socket; nil when it is our own.
    ///   - publicAddress: of a socket for HTTP that other machines reach, our own or not; nil when there is none.
    package func adopted(http: (host: String, port: Int)?, control: String?, publicAddress: String?) {
        self.state.withLock { state in
            state.publicAddress = publicAddress
            var configuration = state.snapshot.configuration
            if let http {
                (configuration.server.host, configuration.server.port) = http
                state.socketUnitKeys.formUnion(["server.host", "server.port"])
            }
            if let control {
                configuration.control.socket = control
                state.socketUnitKeys.insert("control.socket")
            }
            configuration.provenance.removeAll { state.socketUnitKeys.contains($0.key) }
            configuration.provenance += state.socketUnitKeys.sorted().map {
                Provenance(key: $0, name: nil, source: .socketUnit)
            }
            // The same number: routes made before stay valid, as they do not depend on the daemon's own sockets.
            state.snapshot = Snapshot(configuration: configuration, generation: state.snapshot.generation)
        }
    }
}

extension ConfigurationStore.State {
    /// What is wrong with bringing `loaded` into force.
    fileprivate func exposure(of loaded: Configuration) -> ConfigurationMistake? {
        // The address stays until a restart, while the key would be gone at once.
        guard let address = self.publicAddress, loaded.server.localAPIKey == nil else { return nil }
        return ConfigurationMistake(
            source: .default, key: "server.local_api_key",
            message: "other machines could use the upstream on your account, because qwenproxyd listens on \(address): "
                + "keep the key (QWEN_LOCAL_API_KEY), or move the socket to a loopback address and restart")
    }

    /// In the order of the table.
    fileprivate var pending: [PendingSetting] {
        let inForce = self.snapshot.configuration
        return Setting.all.compactMap { setting in
            guard setting.effect == .restart, !setting.isSame(in: inForce, and: self.loaded, name: nil) else {
                return nil
            }
            let read = EffectiveSetting(setting, in: self.loaded)
            guard self.socketUnitKeys.contains(setting.key) else {
                return PendingSetting(setting: read, obstacle: .restart)
            }
            // Where no address was set, the socket unit contradicts no setting.
            return read.source == .default ? nil : PendingSetting(setting: read, obstacle: .socketUnit)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import DaemonLogging
import Gateway
import Logging
import ServiceManager
import Shared

/// Puts a changed configuration into force, for SIGHUP and for `qwenproxyctl reload`.
struct Reloader: Sendable {
    let loader: ConfigurationLoader
    let store: ConfigurationStore
    let credentials: CredentialStore
    let level: LogLevelSwitch
    let notifier: ServiceNotifier
    let inspector: UpstreamInspector
    let logger: Logger

    /// With a mistake everything stays as it was.
    func reload() throws(ControlError) -> ReloadReport {
        self.notifier.notify(.reloadingNow())
        defer { self.notifier.notify(.ready(status: "Running")) }
        let before = self.store.current
        let needsRestart: [String]
        do throws(ConfigurationError) {
            needsRestart = try self.store.reload(from: self.loader)
        } catch {
            self.logger.error("The configuration was not reloaded", metadata: ["error.message": "\(error)"])
            throw .reloadRejected(mistakes: error.mistakes.map(\.description))
        }
        let after = self.store.current
        if after.log.level != before.log.level { self.level.level = after.log.level }
        self.credentials.reload()
        self.inspector.configurationChanged()
        let changed = Self.changedKeys(from: before, to: after)
        self.logger.info(
            "Reloaded",
            metadata: [
                "changed": "\(changed.joined(separator: ","))", "restart": "\(needsRestart.joined(separator: ","))",
            ])
        for warning in after.warnings { self.logger.warning("\(warning)") }
        return ReloadReport(sources: after.sources, changed: changed, needsRestart: needsRestart)
    }

    private static func changedKeys(from before: Configuration, to after: Configuration) -> [String] {
        let old = Dictionary(before.describe().map { ($0.key, $0.value) }) { first, _ in first }
        return after.describe().filter { old[$0.key] != $0.value }.map(\.key)
    }
}

extension Configuration {
    /// Who said something, highest precedence first, for people.
    var sources: [String] {
        var flags: [String] = []
        var variables: [String] = []
        for entry in self.provenance {
            switch entry.source {
            case .flag(let name): flags.append(name)
            case .environment(let name): variables.append(name)
            case .default, .file, .secretFile: break
            }
        }
        return flags.sorted() + variables.sorted() + [self.file].compactMap { $0 }
    }
}

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
    let watcher: CredentialsWatcher
    let level: LogLevelSwitch
    let notifier: ServiceNotifier
    let inspector: UpstreamInspector
    let logger: Logger

    /// With a mistake everything stays as it was.
    ///
    /// - Parameter caller: whether somebody waits to be told of it. To try a change out is no fault of the daemon.
    func reload(telling caller: Bool = false) throws(ControlError) -> ReloadReport {
        self.notifier.notify(.reloadingNow())
        // systemd waits for this after RELOADING=1, whatever came of the reload.
        defer { self.notifier.notify(.ready(status: "Running")) }
        let reload: ConfigurationReload
        do throws(ConfigurationError) {
            reload = try self.store.reload(from: self.loader)
        } catch {
            self.logger.log(
                level: caller ? .info : .error, "The configuration was not reloaded",
                metadata: ["error.message": "\(error)"])
            let mistakes = error.mistakes.map(\.description)
            // Where the one before had mistakes as well, no old one stays in force.
            throw self.store.current.mistakes.isEmpty
                ? .reloadRejected(mistakes: mistakes) : .configurationMistaken(mistakes)
        }
        self.putIntoForce(reload)
        let changed = reload.changed
        let needsRestart = reload.pending.filter { $0.obstacle == .restart }.map(\.setting.key)
        self.log(changed, needsRestart)
        for warning in reload.after.warnings + reload.pending.compactMap(\.warning) {
            self.logger.warning("\(warning)")
        }
        return ReloadReport(
            sources: reload.after.sources, changed: changed, needsRestart: needsRestart,
            pending: reload.pending.map(ConfigurationReport.Pending.init))
    }

    /// Reads a configuration with mistakes again, in case that it was mended: each request and each question for the
    /// status does so.
    func mend() {
        // No watch on the files: those that mend it may not even be there yet.
        let current = self.store.current
        guard !current.mistakes.isEmpty else { return }
        let now = self.store.read(from: self.loader)
        // The same again is not worth a line in the log for each request. A change that was refused and taken back has been
        // read meanwhile, so the mistakes alone do not tell.
        let isSame =
            now.mistakes == current.mistakes && now.describedUpstreams == current.describedUpstreams
            && now.files == current.files
        guard !isSame else { return }
        // Further mistakes were logged.
        _ = try? self.reload()
    }

    /// What does not look at the store by itself.
    private func putIntoForce(_ reload: ConfigurationReload) {
        // A level that was set over the control socket stays as long as the setting does.
        if reload.after.log.level != reload.before.log.level { self.level.level = reload.after.log.level }
        if reload.after.oauth.directory != reload.before.oauth.directory {
            self.watcher.move(to: reload.after.oauth.directory)
        }
        // After the watch has moved, so that no change falls between the two.
        self.credentials.reload()
        self.inspector.configurationChanged()
    }

    private func log(_ changed: [String], _ needsRestart: [String]) {
        var metadata: Logger.Metadata = [:]
        if !changed.isEmpty { metadata["changed"] = "\(changed.joined(separator: ","))" }
        if !needsRestart.isEmpty { metadata["restart"] = "\(needsRestart.joined(separator: ","))" }
        self.logger.info("Reloaded", metadata: metadata)
    }
}

extension PendingSetting {
    /// For a setting that no restart brings into force either.
    var warning: String? {
        switch self.obstacle {
        case .restart: nil
        case .socketUnit:
            "\(self.setting.key) = \(self.setting.value) (\(self.setting.source)) has no effect, because systemd opens the "
                + "socket. Its place is ListenStream= in the socket unit (`systemctl edit`, with --user for a user's)."
        }
    }
}

extension Configuration {
    /// The options and variables that set something and the files that were read, highest precedence first, for people.
    var sources: [String] {
        var flags: [String] = []
        var variables: [String] = []
        for entry in self.provenance {
            switch entry.source {
            case .flag(let name): flags.append(name)
            case .environment(let name): variables.append(name)
            case .default, .file, .secretFile, .socketUnit: break
            }
        }
        return flags.sorted() + variables.sorted() + self.files.reversed()
    }
}

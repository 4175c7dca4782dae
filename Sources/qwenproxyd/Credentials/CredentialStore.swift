// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Synchronization

/// Hands out the authorization for a request.
///
/// The usual case is a lock, a look at the clock and a copy: no file is touched. The file is read when somebody says that it
/// has changed, on the thread that says so.
final class CredentialStore: Sendable {
    private let configuration: ConfigurationStore
    private let now: @Sendable () -> Date
    private let machine: Mutex<CredentialStateMachine>

    /// Reads the file once, so that the first request needs not.
    init(configuration: ConfigurationStore, now: @escaping @Sendable () -> Date = { Date() }) {
        self.configuration = configuration
        self.now = now
        self.machine = Mutex(CredentialStateMachine(configuration.current.upstreamSelection))
        self.reload()
    }

    /// Asynchronous because a refresh can stand behind it; without one it does not suspend.
    func authorization() async throws(CredentialError) -> UpstreamAuthorization {
        let now = self.now()
        let action = self.machine.withLock { machine -> CredentialStateMachine.TokenAction in
            // The most usual case depends on nothing that would have to be looked at for each request.
            if case .fixed(let authorization) = machine.state { return .deliver(authorization) }
            return machine.tokenWanted(at: now)
        }
        switch action {
        case .deliver(let authorization): return authorization
        case .fail(let error): throw error
        }
    }

    /// After the upstream refused the token of `authorization`: whether there is another one to try.
    func renewed(afterRefusalOf authorization: UpstreamAuthorization) async -> Bool {
        guard authorization.kind == .oauth, let current = try? await self.authorization() else { return false }
        return current.kind == .oauth && current.bearer != authorization.bearer
    }

    func status() -> CredentialStatus {
        let now = self.now()
        return self.machine.withLock { $0.status(at: now) }
    }

    /// Who answers requests at this moment. A credentials file that appears can change it.
    var mode: UpstreamMode {
        self.machine.withLock { $0.mode }
    }

    /// Reads the file again, under the configuration in force: for the watcher and after a reload.
    func reload() {
        let ticket = self.machine.withLock { $0.lookStarted() }
        let selection = self.configuration.current.upstreamSelection
        let content = CredentialsFile(path: selection.credentialsPath).read()
        self.machine.withLock { $0.looked(content, selection: selection, ticket: ticket) }
    }
}

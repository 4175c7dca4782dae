// SPDX-License-Identifier: Apache-2.0

package import Configuration
internal import FoundationEssentials
internal import Synchronization

/// Hands out the authorization for a request.
///
/// The usual case is a lock, a look at the clock and a copy: no file is touched. The file is read when the watcher or a
/// caller says that it has changed, on the thread that says so. A request that needs a new token says so in the state
/// and waits for the signal; `RenewalService` does the work, so that one renewal serves all requests that wait, and
/// none dies with the request that asked for it.
package final class CredentialStore: Sendable {
    private let configuration: ConfigurationStore
    private let now: @Sendable () -> Moment
    private let machine: Mutex<CredentialStateMachine>
    /// Rung after everything that could let a request go on.
    let changes = ChangeSignal()
    /// Rung when a renewal is wanted.
    let renewalRequests = ChangeSignal()

    /// Reads the file once, so that the first request needs not.
    /// - Parameter canRenew: whether there is going to be a `RenewalService` for this store.
    package init(
        configuration: ConfigurationStore, canRenew: Bool = false, jitter: Double = .random(in: 0..<1),
        now: @escaping @Sendable () -> Moment = { .now() },
    ) {
        self.configuration = configuration
        self.now = now
        self.machine = Mutex(
            CredentialStateMachine(configuration.current.upstreamSelection, canRenew: canRenew, jitter: jitter))
        self.reload()
    }

    /// Waits for a renewal when the token has come to its end.
    package func authorization() async throws(CredentialError) -> UpstreamAuthorization {
        while true {
            let count = self.changes.count
            let action = self.machine.withLock { machine -> CredentialStateMachine.TokenAction in
                // The most usual case depends on nothing that would have to be looked at for each request.
                if case .fixed(let authorization) = machine.state { return .deliver(authorization) }
                return machine.tokenWanted(at: self.now())
            }
            switch action {
            case .deliver(let authorization): return authorization
            case .fail(let error): throw error
            case .await: try await self.waitForRenewal(since: count)
            }
        }
    }

    /// After the upstream refused the token of `authorization`: whether there is another one to try, for which a renewal
    /// is awaited if that makes sense.
    package func renewed(afterRefusalOf authorization: UpstreamAuthorization) async -> Bool {
        guard authorization.kind == .oauth, let token = authorization.bearer else { return false }
        while true {
            let count = self.changes.count
            switch self.machine.withLock({ $0.tokenRefused(token, at: self.now()) }) {
            case .deliver: return true
            case .fail, nil: return false
            case .await:
                do { try await self.waitForRenewal(since: count) } catch { return false }
            }
        }
    }

    /// The upstream answered a request with `authorization`.
    package func accepted(_ authorization: UpstreamAuthorization) {
        guard authorization.kind == .oauth, let token = authorization.bearer else { return }
        self.machine.withLock { $0.renewal.accepted(token) }
    }

    /// Gets a new token, however good the old one is.
    package func renew() async throws(CredentialError) {
        var count = self.changes.count
        let ended = try self.machine.withLock { machine throws(CredentialError) in
            if let error = machine.renewalForced(at: self.now()) { throw error }
            return machine.renewal.ended
        }
        while self.machine.withLock({ $0.renewal.ended }) == ended {
            try await self.waitForRenewal(since: count)
            count = self.changes.count
        }
        let path = self.configuration.current.oauth.credentialsPath
        switch self.machine.withLock({ $0.renewal.lastOutcome }) {
        case .granted, .replaced, nil: break
        case .vanished: throw .missing(path: path)
        case .rejected(_, let reason): throw .refused(path: path, reason: reason.words)
        case .failed(let reason, let pause):
            throw .unavailable(path: path, reason: reason.words, retryAfter: pause ?? .zero)
        }
    }

    /// How the login is now, for `GetStatus`. Reads no file.
    package func status() -> CredentialStatus {
        let now = self.now()
        return self.machine.withLock { $0.status(at: now) }
    }

    /// Which login or key is used at this moment. A credentials file that appears can change it.
    package var mode: UpstreamMode {
        self.machine.withLock { $0.mode }
    }

    /// Reads the file again, under the configuration in force: for the watcher and after a reload.
    package func reload() {
        self.readFile { _ in }
    }

    /// Reads the file. `first` is run on the state before what was found is.
    private func readFile(_ first: (inout CredentialStateMachine) -> Void) {
        let ticket = self.machine.withLock { $0.lookStarted() }
        let selection = self.configuration.current.upstreamSelection
        // Without the lock: reading may take as long as the disk does.
        let content = CredentialsFile(path: selection.credentialsPath).read()
        self.machine.withLock { machine in
            first(&machine)
            machine.looked(content, selection: selection, ticket: ticket)
        }
        self.changes.ring()
        self.renewalRequests.ring()
    }

    private func waitForRenewal(since count: Int) async throws(CredentialError) {
        self.renewalRequests.ring()
        await self.changes.wait(since: count)
        guard !Task.isCancelled else { throw .cancelled }
    }
}

// MARK: - For the renewal service

extension CredentialStore {
    /// What to do now. `.start` must be followed by `renewalEnded`.
    func renewalDue() -> CredentialStateMachine.RenewalDue {
        let now = self.now()
        let margin = self.configuration.current.oauth.refreshMargin
        return self.machine.withLock { $0.renewalDue(at: now, margin: margin) }
    }

    func renewalEnded(_ outcome: TokenRenewal.Outcome) {
        let now = self.now()
        // Both at once: between the two a request would find neither a renewal nor the new token.
        self.readFile { $0.renewal.ended(outcome, at: now.steady) }
    }

    /// Renewals are no longer carried out, and none may be waited for.
    func renewalsStopped() {
        let now = self.now()
        self.machine.withLock { $0.renewalsStopped(at: now) }
        self.changes.ring()
    }
}

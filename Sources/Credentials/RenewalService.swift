// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Logging
package import Transport

/// Keeps the login fresh: ahead of time by itself, and at once when a request needs it. One renewal at a time.
package struct RenewalService: Sendable {
    let store: CredentialStore
    let configuration: ConfigurationStore
    let client: UpstreamClient
    let logger: Logger

    package init(store: CredentialStore, configuration: ConfigurationStore, client: UpstreamClient, logger: Logger) {
        self.store = store
        self.configuration = configuration
        self.client = client
        self.logger = logger
    }

    /// Runs until its task is cancelled. A renewal under way is finished first: its answer may be the only copy of the next
    /// refresh token.
    package func run() async {
        defer { self.store.renewalsStopped() }
        while !Task.isCancelled {
            let count = self.store.renewalRequests.count
            switch self.store.renewalDue() {
            case .wait(let limit):
                await self.store.renewalRequests.wait(since: count, upTo: limit)
            case .start(let order):
                let refresher = self.refresher
                // Not a child, which would be cancelled with us; awaited all the same.
                let outcome = await Task { await refresher.run(order) }.value
                self.store.renewalEnded(outcome)
                self.log(outcome, path: order.path)
            }
        }
    }

    private var refresher: TokenRefresher {
        let configuration = self.configuration.current
        return TokenRefresher(
            server: AuthorizationServer(
                client: self.client, settings: configuration.oauth, userAgent: configuration.upstream.userAgent))
    }

    private func log(_ outcome: TokenRenewal.Outcome, path: String) {
        switch outcome {
        case .granted(let grant, _, nil):
            self.logger.info(
                "Refreshed the access token",
                metadata: ["credentials.expires-in": "\(grant.lifetime / .seconds(1))s"])
        case .granted(_, _, let problem?):
            self.logger.error(
                "The new login could not be saved and is lost when the daemon stops",
                metadata: ["credentials.path": "\(path)", "error.message": "\(problem)"])
        case .replaced:
            self.logger.info("Another program has refreshed the access token")
        case .vanished:
            self.logger.info("The login has gone", metadata: ["credentials.path": "\(path)"])
        case .rejected(_, let reason):
            self.logger.error("\(CredentialError.refused(path: path, reason: reason.outline))")
        case .failed(let reason, _):
            self.logger.warning("The access token was not refreshed", metadata: ["error.message": "\(reason.outline)"])
        }
    }
}

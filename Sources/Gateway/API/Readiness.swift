// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Credentials

/// Whether a request that comes now can be served, as far as we know without asking the upstream.
package struct Readiness: Sendable {
    enum State: Sendable, Equatable {
        case ready
        /// In words for the user.
        case notReady(reason: String)
    }

    let configuration: ConfigurationStore
    let credentials: CredentialStore

    package init(configuration: ConfigurationStore, credentials: CredentialStore) {
        self.configuration = configuration
        self.credentials = credentials
    }

    func state() -> State {
        // A login that is only there for some routes does not decide about all requests.
        guard case .credentials = self.configuration.current.primaryUpstream.access else { return .ready }
        let status = self.credentials.status()
        guard !status.isUsable, let problem = status.problem else { return .ready }
        return .notReady(reason: problem)
    }
}

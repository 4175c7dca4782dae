// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Credentials
import Server
import Shared
import Translation

/// `/`, `/api/hello`, `/healthz` and `/readyz`.
enum HealthEndpoint {
    /// Claude Code warms its connection up with a `HEAD /api/hello`; people open `/` in a browser.
    static var hello: OutboundResponse {
        var writer = JSONWriter()
        writer.raw(#"{"name":"qwenproxyd","version":"#)
        writer.string(Version.current)
        writer.raw("}")
        return Self.json(200, writer.bytes)
    }

    /// The process answers.
    static var alive: OutboundResponse { Self.json(200, Array(#"{"status":"ok"}"#.utf8)) }

    static func readiness(_ state: Readiness.State) -> OutboundResponse {
        switch state {
        case .ready:
            return Self.json(200, Array(#"{"status":"ready"}"#.utf8))
        case .notReady(let reason):
            var writer = JSONWriter()
            writer.raw(#"{"status":"not_ready","reason":"#)
            writer.string(reason)
            writer.raw("}")
            return Self.json(503, writer.bytes)
        }
    }

    private static func json(_ status: Int, _ body: [UInt8]) -> OutboundResponse {
        OutboundResponse(status: status, headers: [("content-type", "application/json")], body: body)
    }
}

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
        let mistakes = self.configuration.snapshot.configuration.mistakes
        guard mistakes.isEmpty else { return .notReady(reason: MistakenConfiguration.text(mistakes)) }
        // A login that is only there for some routes does not decide about all requests.
        guard case .credentials = self.configuration.current.primaryUpstream.access else { return .ready }
        let status = self.credentials.status()
        guard !status.isUsable, let problem = status.problem else { return .ready }
        return .notReady(reason: problem)
    }
}

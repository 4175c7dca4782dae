// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Synchronization
import Translation

/// One upstream and model that a request can be sent to. It is made for the first request of its kind and serves all
/// that follow: addresses, names and header lines are taken apart once.
final class UpstreamCandidate: Sendable {
    /// What a route is made for beside the candidate itself.
    private struct Made {
        var authorization: UpstreamAuthorization
        var userAgent: String
        var route: UpstreamRoute
    }

    let upstream: UpstreamDefinition
    let model: String
    let health: UpstreamHealth
    private let parameters: ParameterOverrides
    private let snapshot: ConfigurationStore.Snapshot
    private let made = Mutex<Made?>(nil)

    init(
        _ candidate: RouteDecision.Candidate, parameters: ParameterOverrides, health: UpstreamHealth,
        snapshot: ConfigurationStore.Snapshot,
    ) {
        self.upstream = candidate.upstream
        self.model = candidate.model
        self.health = health
        self.parameters = parameters
        self.snapshot = snapshot
    }

    /// - Parameter clientAgent: the client's own `User-Agent`, for an upstream that wants to know who asks.
    func route(authorization: UpstreamAuthorization, clientAgent: String?) -> UpstreamRoute {
        let userAgent = self.userAgent(of: clientAgent)
        return self.made.withLock { made in
            if let made, made.authorization == authorization, made.userAgent == userAgent { return made.route }
            let route = UpstreamRoute(
                upstream: self.upstream, model: self.model, parameters: self.parameters, userAgent: userAgent,
                configuration: self.snapshot.configuration, authorization: authorization)
            made = Made(authorization: authorization, userAgent: userAgent, route: route)
            return route
        }
    }

    private func userAgent(of clientAgent: String?) -> String {
        guard self.upstream.forwardsUserAgent, let clientAgent, !clientAgent.isEmpty, clientAgent.utf8.count <= 256,
            clientAgent.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
        else { return self.upstream.userAgent }
        return clientAgent
    }
}

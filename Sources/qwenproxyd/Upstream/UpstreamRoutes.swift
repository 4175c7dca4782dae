// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The routes that were made so far. To make one, addresses, names and header lines are taken apart, while the requests
/// for one model differ in their bodies only.
final class UpstreamRoutes: Sendable {
    private struct State {
        var generation = -1
        var authorization: UpstreamAuthorization?
        var routes: [String: UpstreamRoute] = [:]
    }

    /// The client chooses the names: neither many nor long ones may pile up.
    private static let limit = 64
    private static let nameLimit = 256

    private let state = Mutex(State())

    func route(
        for model: String, in snapshot: ConfigurationStore.Snapshot, authorization: UpstreamAuthorization,
    ) -> UpstreamRoute {
        self.state.withLock { state in
            if state.generation != snapshot.generation || state.authorization != authorization {
                state = State(generation: snapshot.generation, authorization: authorization)
            }
            if let route = state.routes[model] { return route }
            let route = UpstreamRoute(for: model, configuration: snapshot.configuration, authorization: authorization)
            guard model.utf8.count <= Self.nameLimit else { return route }
            if state.routes.count >= Self.limit { state.routes.removeAll() }
            state.routes[model] = route
            return route
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Translation

/// Where a request goes, and where if not there.
struct RouteDecision: Sendable, Equatable {
    struct Candidate: Sendable, Equatable {
        var upstream: UpstreamDefinition
        var model: String
    }

    /// In the order in which they are asked. Never empty.
    var candidates: [Candidate]
    var parameters: ParameterOverrides
    /// Why, in words for people.
    var reason: String
}

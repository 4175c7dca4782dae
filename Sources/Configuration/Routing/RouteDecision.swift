// SPDX-License-Identifier: Apache-2.0

package import Translation

/// Where a request goes, and where if not there.
package struct RouteDecision: Sendable, Equatable {
    package struct Candidate: Sendable, Equatable {
        package var upstream: UpstreamDefinition
        package var model: String

        package init(upstream: UpstreamDefinition, model: String) {
            self.upstream = upstream
            self.model = model
        }
    }

    /// In the order in which they are asked. Never empty.
    package var candidates: [Candidate]
    package var parameters: ParameterOverrides
    /// Why, in words for people.
    package var reason: String
}

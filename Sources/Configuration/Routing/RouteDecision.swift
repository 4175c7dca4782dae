// SPDX-License-Identifier: Apache-2.0

package import Translation

/// Where a request goes, and where if not there.
package struct RouteDecision: Sendable, Equatable {
    /// One upstream, and the model to ask for there.
    package struct Candidate: Sendable, Equatable {
        /// Where the request goes.
        package var upstream: UpstreamDefinition
        /// The name that the upstream knows.
        package var model: String

        package init(upstream: UpstreamDefinition, model: String) {
            self.upstream = upstream
            self.model = model
        }
    }

    /// In the order in which they are asked. Never empty.
    package var candidates: [Candidate]
    /// What the rule says about the request's parameters.
    package var parameters: ParameterOverrides
    /// Why, in words for people.
    package var reason: String
}

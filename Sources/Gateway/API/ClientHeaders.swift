// SPDX-License-Identifier: Apache-2.0

import Server

/// What an upstream may want to know about the client: looked up only where one does.
struct ClientHeaders: Sendable {
    /// For an upstream that wants to know who asks.
    var userAgent: String?
    /// For one that speaks the Messages API itself.
    var version: String?
    var beta: String?

    init(_ request: InboundRequest, for plan: UpstreamPlan) {
        if plan.forwardsUserAgent { self.userAgent = request.header("user-agent") }
        if plan.relays {
            self.version = request.header("anthropic-version")
            self.beta = request.header("anthropic-beta")
        }
    }
}

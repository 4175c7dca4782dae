// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server

/// What an upstream may want to know about the client: looked up only where one does.
struct ClientHeaders: Sendable {
    /// For an upstream that wants the client's own.
    var userAgent: String?
    /// For one that speaks the Messages API itself: all headers of that API and of Claude Code, whatever they are
    /// called.
    var messagesAPI: [(name: String, value: String)] = []

    init(_ request: borrowing InboundRequest, for plan: UpstreamPlan) {
        if plan.forwardsUserAgent { self.userAgent = request.header("user-agent") }
        // By their beginnings: a client may send headers that this version does not know.
        if plan.relays { self.messagesAPI = request.headers(withPrefixes: ["anthropic-", "x-claude-"]) }
    }
}

extension Secret {
    /// Whether a local client presented this key: as `x-api-key: KEY`, as `Authorization: Bearer KEY`, or as both, which
    /// Claude Code does with `apiKeyHelper`.
    func admits(_ request: borrowing InboundRequest) -> Bool {
        if let key = request.header("x-api-key"), self.matches(key) { return true }
        let scheme = "bearer "
        // The name of the scheme is not case-sensitive (RFC 9110, section 11.1).
        guard let value = request.header("authorization"), value.lowercased().hasPrefix(scheme) else { return false }
        return self.matches(value.dropFirst(scheme.count))
    }
}

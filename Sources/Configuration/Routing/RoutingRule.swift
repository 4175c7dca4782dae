// SPDX-License-Identifier: Apache-2.0

import Translation

/// One `[[routes]]` table: to which requests it applies, and what becomes of them.
package struct RoutingRule: Sendable, Equatable {
    /// One of these matches; none means any model.
    var models: [Glob] = []
    /// All of these are there.
    var features: [RouteFeature] = []
    /// The request is of one of these; none means any, and those of which the class is not known.
    var classes: [RequestClass] = []
    /// One of these matches the kind of agent; none means any request.
    var agents: [Glob] = []
    var minimumInputTokens: Int?
    /// Nil for the one that answers by itself.
    package var upstream: String?
    /// The model there; nil for the upstream's own.
    package var model: String?
    var parameters = ParameterOverrides()
    /// Whether calls in the answers are judged where the client wants that.
    var judgesCalls = true
    /// Nil for `upstream.fallbacks`.
    var fallbacks: [RouteTarget]?

    func matches(_ query: RouteQuery) -> Bool {
        (self.models.isEmpty || self.models.contains { $0.matches(query.model) })
            && self.features.allSatisfy(query.has)
            // What is not known is no match: a rule for one class must not catch a request that may be of any.
            && (self.classes.isEmpty || query.requestClass.map(self.classes.contains) ?? false)
            && (self.agents.isEmpty || query.agentType.map(self.isMeant) ?? false)
            && query.inputTokens >= self.minimumInputTokens ?? 0
    }

    private func isMeant(_ agentType: String) -> Bool { self.agents.contains { $0.matches(agentType) } }

    /// The conditions in words.
    var conditions: String {
        var words: [String] = []
        if !self.models.isEmpty { words.append("model \(self.models.map(\.pattern).joined(separator: " or "))") }
        words += self.features.map(\.rawValue)
        if !self.classes.isEmpty { words.append("class \(self.classes.map(\.rawValue).joined(separator: " or "))") }
        if !self.agents.isEmpty { words.append("agent \(self.agents.map(\.pattern).joined(separator: " or "))") }
        if let tokens = self.minimumInputTokens { words.append("at least \(tokens) tokens of input") }
        return words.isEmpty ? "every request" : words.joined(separator: ", ")
    }
}

/// An upstream and, where it was named, a model there: `UPSTREAM` or `UPSTREAM/MODEL`. Models have slashes in their names,
/// upstreams have not.
struct RouteTarget: Sendable, Equatable {
    var upstream: String
    var model: String?

    init(upstream: String, model: String?) {
        self.upstream = upstream
        self.model = model
    }

    init(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1)
        self.upstream = parts.first.map(String.init) ?? ""
        self.model = parts.count > 1 ? String(parts[1]) : nil
    }

    var description: String { self.model.map { "\(self.upstream)/\($0)" } ?? self.upstream }
}

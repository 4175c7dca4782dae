// SPDX-License-Identifier: Apache-2.0

package import Translation

/// What a route can ask about a request.
package enum RouteFeature: String, Sendable, CaseIterable {
    case images
    case thinking
    case noThinking = "no_thinking"
    case tools
    /// Claude Code's side requests: titles and summaries of pages, for which it asks a haiku model.
    case background
}

/// All that routing knows about a request.
package struct RouteQuery: Sendable, Equatable {
    /// As the client asked for it.
    package var model: String
    /// Whether the request contains images.
    package var images = false
    /// Whether the request asks for thinking.
    package var thinking = false
    /// Whether the request offers tools.
    package var tools = false
    /// An estimate.
    package var inputTokens = 0
    /// What the request is for; nil where that is not known.
    package var requestClass: RequestClass?
    /// The kind of agent that sends it, as the client calls it; nil where it does not say.
    package var agentType: String?

    package init(
        model: String, images: Bool = false, thinking: Bool = false, tools: Bool = false, inputTokens: Int = 0,
        requestClass: RequestClass? = nil, agentType: String? = nil,
    ) {
        self.model = model
        self.images = images
        self.thinking = thinking
        self.tools = tools
        self.inputTokens = inputTokens
        self.requestClass = requestClass
        self.agentType = agentType
    }

    /// Whether the request is as a route wants it.
    package func has(_ feature: RouteFeature) -> Bool {
        switch feature {
        case .images: self.images
        case .thinking: self.thinking
        case .noThinking: !self.thinking
        case .tools: self.tools
        // The client sends no other sign of a side request unless CLAUDE_CODE_GATEWAY_HINT_HEADERS is set.
        case .background: self.model.lowercased().contains("haiku")
        }
    }
}

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
    /// The model that judges calls in the answer where the client wants that; nil where none does.
    package var judge: Candidate?
    /// What the rule says about the request's parameters.
    package var parameters: ParameterOverrides
    /// Why, in words for people.
    package var reason: String
}

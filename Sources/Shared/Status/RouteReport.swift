// SPDX-License-Identifier: Apache-2.0

/// Where a request would go, and why.
public struct RouteReport: Codable, Sendable, Equatable {
    /// One upstream that would be asked, and in what form.
    public struct Candidate: Codable, Sendable, Equatable {
        /// How the upstream is.
        public var upstream: UpstreamStatus
        /// The model that would be asked for there.
        public var model: String
        /// In tokens.
        public var contextWindow: Int
        /// In tokens.
        public var maxOutputTokens: Int
        /// Whether images may be sent.
        public var vision: Bool
        /// How the model is told to think.
        public var thinking: String
        /// The strongest `tool_choice` it takes.
        public var toolChoice: String
        /// How the window and the output limit are known. The upstream's own are those of its usual model.
        public var limits: ModelLimits?

        public init(
            upstream: UpstreamStatus, model: String, contextWindow: Int, maxOutputTokens: Int, vision: Bool,
            thinking: String, toolChoice: String, limits: ModelLimits? = nil,
        ) {
            self.upstream = upstream
            self.model = model
            self.contextWindow = contextWindow
            self.maxOutputTokens = maxOutputTokens
            self.vision = vision
            self.thinking = thinking
            self.toolChoice = toolChoice
            self.limits = limits
        }
    }

    /// Which rule decided.
    public var reason: String
    /// What the rule says about the request's parameters, for people.
    public var parameters: [String]
    /// In the order in which they would be asked. The first is the route, the others are its fallbacks.
    public var candidates: [Candidate]

    public init(reason: String, parameters: [String], candidates: [Candidate]) {
        self.reason = reason
        self.parameters = parameters
        self.candidates = candidates
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a route can ask about a request.
enum RouteFeature: String, Sendable, CaseIterable {
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

    package init(
        model: String, images: Bool = false, thinking: Bool = false, tools: Bool = false, inputTokens: Int = 0,
    ) {
        self.model = model
        self.images = images
        self.thinking = thinking
        self.tools = tools
        self.inputTokens = inputTokens
    }

    func has(_ feature: RouteFeature) -> Bool {
        switch feature {
        case .images: self.images
        case .thinking: self.thinking
        case .noThinking: !self.thinking
        case .tools: self.tools
        case .background: self.model.lowercased().contains("haiku")
        }
    }
}

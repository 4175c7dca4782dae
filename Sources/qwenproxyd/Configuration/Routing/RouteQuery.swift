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
struct RouteQuery: Sendable, Equatable {
    /// As the client asked for it.
    var model: String
    var images = false
    var thinking = false
    var tools = false
    /// An estimate.
    var inputTokens = 0

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

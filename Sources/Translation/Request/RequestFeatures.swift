// SPDX-License-Identifier: Apache-2.0

/// What routing and the endpoint want to know about a request before anything is sent.
public struct RequestFeatures: Sendable, Equatable {
    /// An image stands in a message or in a tool result.
    public var containsImages: Bool
    /// Nil when the request does not say; the Messages API then does not think.
    public var wantsThinking: Bool?
    /// The functions offered to the model, under the names the client knows.
    public var toolNames: [String]
    /// The types of tools that only Anthropic's servers can run (`web_search_20250305`). They are never offered to the
    /// model as functions: it would make their results up.
    public var serverTools: [String]

    public init(
        containsImages: Bool = false,
        wantsThinking: Bool? = nil,
        toolNames: [String] = [],
        serverTools: [String] = [],
    ) {
        self.containsImages = containsImages
        self.wantsThinking = wantsThinking
        self.toolNames = toolNames
        self.serverTools = serverTools
    }

    /// Whether the request offers tools that the client runs.
    public var hasTools: Bool { !self.toolNames.isEmpty }
}

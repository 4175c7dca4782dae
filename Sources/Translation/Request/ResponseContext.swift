// SPDX-License-Identifier: Apache-2.0

/// What translating the answer needs to know about the request. A small value of its own, so that the request's body
/// can be released while the answer is still coming.
public struct ResponseContext: Sendable, Equatable {
    /// The model as the client named it: the answer carries the same name.
    public var requestedModel: String
    /// For an answer that comes without usage.
    public var estimatedInputTokens: Int
    /// The functions the model was offered.
    public var tools: [DeclaredTool]
    /// As the client gave them; the answer ends before the first that occurs.
    public var stopSequences: [String]
    /// From the name the model was told to the name the client knows, only where they differ. Also holds tools that
    /// are no longer offered but stand in the history: the model may still call them.
    public var renamedTools: [String: String]
    /// Whether the client takes more than one call in an answer (`disable_parallel_tool_use` says no).
    public var allowsParallelCalls = true
    /// The client's own limit on the answer, to tell an answer cut by it from one cut by the model's window.
    public var maximumTokens: Int?
    /// The upstream was asked for no more than the model's window leaves: an answer cut by that limit is cut by the window.
    public var isLimitedByWindow = false
    /// What the model can hold, prompt and answer together, where that is known.
    public var contextWindow: Int?
    /// An answer that ended properly with nothing in it is passed on as a message without content. Otherwise it is
    /// `StreamOutcome.empty`, and the request may be sent once more.
    public var acceptsEmptyAnswer = false

    public init(
        requestedModel: String,
        estimatedInputTokens: Int = 0,
        tools: [DeclaredTool] = [],
        stopSequences: [String] = [],
        renamedTools: [String: String] = [:],
    ) {
        self.requestedModel = requestedModel
        self.estimatedInputTokens = estimatedInputTokens
        self.tools = tools
        self.stopSequences = stopSequences
        self.renamedTools = renamedTools
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What translating the answer needs to know about the request. An object of its own, so that the request's body can be
/// released while the answer is still coming.
public final class ResponseContext: Sendable {
    /// The model as the client named it: the answer carries the same name.
    public let requestedModel: String
    /// For an answer that comes without usage.
    public let estimatedInputTokens: Int
    /// The functions the model was offered.
    public let tools: [DeclaredTool]
    /// As the client gave them; the answer ends before the first that occurs.
    public let stopSequences: [String]
    /// From the name the model was told to the name the client knows, only where they differ. Also holds tools that
    /// are no longer offered but stand in the history: the model may still call them.
    public let renamedTools: [String: String]
    /// Whether the client takes more than one call in an answer (`disable_parallel_tool_use` says no).
    public let allowsParallelCalls: Bool
    /// The client's own limit on the answer, to tell an answer cut by it from one cut by the model's window.
    public let maximumTokens: Int?
    /// The upstream was asked for no more than the model's window leaves: an answer cut by that limit is cut by the window.
    public let isLimitedByWindow: Bool
    /// What the model can hold, prompt and answer together, where that is known.
    public let contextWindow: Int?
    /// An answer that ended properly with nothing in it is passed on as a message without content. Otherwise it is
    /// `StreamOutcome.empty`, and the request may be sent once more.
    public let acceptsEmptyAnswer: Bool

    public init(
        requestedModel: String,
        estimatedInputTokens: Int = 0,
        tools: [DeclaredTool] = [],
        stopSequences: [String] = [],
        renamedTools: [String: String] = [:],
        allowsParallelCalls: Bool = true,
        maximumTokens: Int? = nil,
        isLimitedByWindow: Bool = false,
        contextWindow: Int? = nil,
        acceptsEmptyAnswer: Bool = false,
    ) {
        self.requestedModel = requestedModel
        self.estimatedInputTokens = estimatedInputTokens
        self.tools = tools
        self.stopSequences = stopSequences
        self.renamedTools = renamedTools
        self.allowsParallelCalls = allowsParallelCalls
        self.maximumTokens = maximumTokens
        self.isLimitedByWindow = isLimitedByWindow
        self.contextWindow = contextWindow
        self.acceptsEmptyAnswer = acceptsEmptyAnswer
    }

    /// The same request, sent to a certain model.
    public func sent(
        estimatedInputTokens: Int, isLimitedByWindow: Bool, contextWindow: Int?, acceptsEmptyAnswer: Bool,
    ) -> ResponseContext {
        ResponseContext(
            requestedModel: self.requestedModel, estimatedInputTokens: estimatedInputTokens, tools: self.tools,
            stopSequences: self.stopSequences, renamedTools: self.renamedTools,
            allowsParallelCalls: self.allowsParallelCalls, maximumTokens: self.maximumTokens,
            isLimitedByWindow: isLimitedByWindow, contextWindow: contextWindow, acceptsEmptyAnswer: acceptsEmptyAnswer)
    }
}

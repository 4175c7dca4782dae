// SPDX-License-Identifier: Apache-2.0

/// A part of the upstream's request that some upstreams refuse and that a request can do without. What is sent in its
/// place is decided by `ModelCatalog.profile(for:at:learned:)`. The raw value is shown to people.
public enum RequestParameter: String, Sendable, CaseIterable, Hashable {
    case topK = "top_k"
    case enableThinking = "enable_thinking"
    /// Thinking in an answer that is not streamed: the open Qwen3 models at DashScope refuse it.
    case thinkingWithoutStreaming = "enable_thinking without streaming"
    case thinkingBudget = "thinking_budget"
    case chatTemplateKwargs = "chat_template_kwargs"
    case reasoningEffort = "reasoning_effort"
    case parallelToolCalls = "parallel_tool_calls"
    case toolChoiceRequired = "tool_choice required"
    case toolChoiceFunction = "tool_choice of one function"
    /// Any choice but `auto` and `none`: models that always think refuse it.
    case toolChoiceForced = "tool_choice that forces a call"
    case jsonObject = "response_format json_object"
    case jsonSchema = "response_format json_schema"
    case responseFormat = "response_format"
    case stop
    case streamOptions = "stream_options"
    case temperature
    case topP = "top_p"
    /// Newer models of OpenAI want `max_completion_tokens` instead.
    case maximumTokens = "max_tokens"
    /// Marks of the prompt's cache.
    case cacheControl = "cache_control"
}

// SPDX-License-Identifier: Apache-2.0

/// What one model at one upstream can take and how it wants to be asked. Data, so that a new model is a row in a
/// table (or in the user's configuration) and not a change of code.
public struct ModelProfile: Sendable, Equatable {
    /// How thinking is switched on and off.
    public enum ThinkingControl: String, Sendable, CaseIterable {
        /// The model does not think; nothing is sent.
        case none
        /// `enable_thinking` and `thinking_budget` beside the messages (Qwen).
        case enableThinking = "enable_thinking"
        /// `reasoning_effort` (OpenAI's own models, qwen3.8-max and others).
        case reasoningEffort = "reasoning_effort"
        /// `enable_thinking` for the model's chat template (hybrid Qwen models on llama.cpp, vLLM and SGLang, which
        /// ignore it beside the messages).
        case chatTemplateKwargs = "chat_template_kwargs"
    }

    /// The words of `reasoning_effort` that the model knows.
    public enum EffortScale: String, Sendable, CaseIterable {
        /// OpenAI's first three.
        case lowToHigh = "low_to_high"
        /// `none`, `low`, `medium`, `high`, `xhigh` and `max` (qwen3.8-max, qwen4).
        case noneToMax = "none_to_max"
    }

    /// The form of the one system message.
    public enum SystemMessageForm: String, Sendable, CaseIterable {
        case string
        /// An array of text parts with an ephemeral `cache_control`; the Qwen portal refuses anything else.
        case cachedParts = "cached_parts"
    }

    /// The strongest `tool_choice` the model takes.
    public enum ToolChoiceSupport: String, Sendable, CaseIterable {
        case auto
        /// Also one named function.
        case function
        /// Also `required`.
        case required
    }

    /// The strongest form of `response_format` that the model takes.
    public enum StructuredOutput: String, Sendable, CaseIterable {
        case none
        case jsonObject = "json_object"
        case jsonSchema = "json_schema"
    }

    /// How the upstream keeps the beginning of a prompt, so that the next request need not pay for it again.
    public enum CacheForm: String, Sendable, CaseIterable {
        /// By itself or not at all: `cache_control` is not sent.
        case automatic
        /// From `cache_control: {"type":"ephemeral"}` on content parts, for five minutes. At most four marks; `ttl` is
        /// not known there.
        case marks
        /// The same marks, which may say `ttl` (`5m` or `1h`).
        case marksWithTTL = "marks_with_ttl"
    }

    /// Which earlier thinking is sent back as `reasoning_content`.
    public enum ReasoningReplay: String, Sendable, CaseIterable {
        case none
        /// What the model thought since the user's last word: between the calls of one tool loop.
        case toolLoop = "tool_loop"
        /// All of it. DeepSeek V4 refuses a request in which a turn that called tools lacks its thinking.
        case everyTurn = "every_turn"
    }

    /// Parameters that a request can do without and nothing takes the place of.
    public struct RefusedParameters: OptionSet, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let thinkingBudget = Self(rawValue: 1 << 0)
        public static let stop = Self(rawValue: 1 << 1)
        public static let streamOptions = Self(rawValue: 1 << 2)
        public static let temperature = Self(rawValue: 1 << 3)
        public static let topP = Self(rawValue: 1 << 4)
        public static let maximumTokens = Self(rawValue: 1 << 5)
    }

    /// The name the upstream knows.
    public var name: String
    /// Tokens of input the model takes; the maximum that a `prompt is too long` error names.
    public var contextWindow: Int
    /// Prompt and answer are known to share `contextWindow`. False also where the window is only assumed: a guess that
    /// is too small would cut answers short.
    public var windowIsShared = false
    /// The upper end of the range `max_tokens` must be in.
    public var maximumOutputTokens: Int
    /// Whether images may be sent.
    public var acceptsImages: Bool
    /// How thinking is switched on and off.
    public var thinking: ThinkingControl
    /// The words of `reasoning_effort` that the model knows.
    public var effortScale = EffortScale.lowToHigh
    /// Every answer is fetched as a stream, even for a client that does not want one: the model always thinks, and the
    /// upstream refuses to think in one piece.
    public var alwaysStreams = false
    /// The form of the one system message.
    public var systemMessage: SystemMessageForm
    /// The strongest `tool_choice`.
    public var toolChoice: ToolChoiceSupport
    /// One forced function is named in `tool_choice`; otherwise it is the only one offered, and `required` is asked for.
    public var namesForcedTool = true
    /// The strongest form of `response_format`.
    public var structuredOutput: StructuredOutput
    /// Whether to send `parallel_tool_calls`: DashScope's default is false.
    public var sendsParallelToolCalls: Bool
    /// `top_k` is not part of OpenAI's API; Qwen and most local servers know it.
    public var acceptsTopK: Bool
    /// Which thinking is sent back.
    public var reasoningReplay: ReasoningReplay
    /// How the beginning of a prompt is kept.
    public var cacheForm: CacheForm
    /// What the upstream will count for the prompt of the request at hand, by what it counted for earlier ones; nil when
    /// that is not known.
    public var promptTokens: Int?
    /// Parameters that are left out because the upstream refuses them.
    public var refusedParameters: RefusedParameters = []
    /// What the user's routes say about the parameters of a request.
    public var overrides = ParameterOverrides()

    /// Tokens of input that a model about which nothing is known is trusted with.
    public static let assumedWindow = 262_144
    /// Tokens of output that a model about which nothing is known is trusted with.
    public static let assumedOutput = 32_768

    public init(
        name: String,
        contextWindow: Int = Self.assumedWindow,
        maximumOutputTokens: Int = Self.assumedOutput,
        acceptsImages: Bool = false,
        thinking: ThinkingControl = .none,
        systemMessage: SystemMessageForm = .string,
        toolChoice: ToolChoiceSupport = .function,
        structuredOutput: StructuredOutput = .jsonObject,
        sendsParallelToolCalls: Bool = true,
        acceptsTopK: Bool = true,
        reasoningReplay: ReasoningReplay = .none,
        cacheForm: CacheForm = .automatic,
    ) {
        self.name = name
        self.contextWindow = contextWindow
        self.maximumOutputTokens = maximumOutputTokens
        self.acceptsImages = acceptsImages
        self.thinking = thinking
        self.systemMessage = systemMessage
        self.toolChoice = toolChoice
        self.structuredOutput = structuredOutput
        self.sendsParallelToolCalls = sendsParallelToolCalls
        self.acceptsTopK = acceptsTopK
        self.reasoningReplay = reasoningReplay
        self.cacheForm = cacheForm
    }
}

extension ModelProfile {
    /// The `max_tokens` to send for what the client wants, at least 1. In a window that prompt and answer share it is
    /// what the prompt leaves, by our estimate, so that the upstream need not refuse. It is never lowered below
    /// `OutputRoom.least`, which lets an answer happen where the estimate is too high: only the upstream refuses.
    func maximumTokens(wanted: Int, estimatedInputTokens: Int) -> Int {
        min(self.wishedTokens(wanted), self.room(estimatedInputTokens: estimatedInputTokens))
    }

    /// Whether it is the window, and not the client, the model or the user's routes, that limits the answer.
    func isLimitedByWindow(wanted: Int, estimatedInputTokens: Int) -> Bool {
        self.room(estimatedInputTokens: estimatedInputTokens) < self.wishedTokens(wanted)
    }

    /// What the answer may have wherever the window ends.
    private func wishedTokens(_ wanted: Int) -> Int {
        max(1, min(wanted, self.overrides.maximumTokens ?? .max, self.maximumOutputTokens))
    }

    private func room(estimatedInputTokens: Int) -> Int {
        self.windowIsShared ? OutputRoom(window: self.contextWindow).after(estimatedInputTokens) : .max
    }
}

/// What a prompt leaves of a window for the answer, as far as an estimate can tell.
struct OutputRoom {
    let window: Int

    /// Room that is asked for whatever the estimate says: 4,096 tokens hold an edit of a file. Small windows keep most of
    /// theirs for the prompt.
    var least: Int { max(256, min(4096, self.window / 8)) }

    /// - Parameter estimate: of the prompt. It is up to 9 % too low for the requests of Claude Code, and the templates of
    ///   tools add some hundred tokens (both measured), so an eighth and 256 are kept free.
    func after(_ estimate: Int) -> Int {
        // Bounded, so that the sum below cannot overflow.
        let estimate = max(0, min(estimate, 1 << 40))
        return max(self.least, self.window - estimate - estimate / 8 - 256)
    }
}

extension ModelProfile {
    /// Takes what was seen to work in the place of what is assumed, where that is less.
    mutating func use(_ parameters: Set<RequestParameter>) {
        if parameters.contains(.jsonSchema) { self.structuredOutput = .jsonSchema }
        if parameters.contains(.toolChoiceFunction) {
            self.namesForcedTool = true
            if self.toolChoice == .auto { self.toolChoice = .function }
        }
        if parameters.contains(.toolChoiceRequired) { self.toolChoice = .required }
        if parameters.contains(.cacheControl), self.cacheForm == .automatic { self.cacheForm = .marks }
        // What the catalogue or the user says about thinking is not overruled by what happened to work.
        guard self.thinking == .none else { return }
        if parameters.contains(.enableThinking) {
            self.thinking = .enableThinking
        } else if parameters.contains(.chatTemplateKwargs) {
            self.thinking = .chatTemplateKwargs
        } else if parameters.contains(.reasoningEffort) {
            (self.thinking, self.effortScale) = (.reasoningEffort, .noneToMax)
        }
    }

    /// Does without what the upstream refuses, and takes the next best where there is one.
    public mutating func leaveOut(_ parameters: Set<RequestParameter>) {
        // In one order, whatever came first.
        for parameter in RequestParameter.allCases where parameters.contains(parameter) { self.leaveOut(parameter) }
        if parameters.isSuperset(of: [.jsonObject, .jsonSchema]) { self.structuredOutput = .none }
    }

    private mutating func leaveOut(_ parameter: RequestParameter) {
        switch parameter {
        case .topK: self.acceptsTopK = false
        case .enableThinking: if self.thinking == .enableThinking { self.thinking = .none }
        case .thinkingWithoutStreaming: self.alwaysStreams = true
        case .chatTemplateKwargs: if self.thinking == .chatTemplateKwargs { self.thinking = .none }
        case .reasoningEffort: if self.thinking == .reasoningEffort { self.thinking = .none }
        case .parallelToolCalls: self.sendsParallelToolCalls = false
        case .toolChoiceRequired:
            if self.toolChoice == .required { self.toolChoice = .function }
            self.namesForcedTool = true
        case .toolChoiceFunction:
            if self.toolChoice == .required { self.namesForcedTool = false } else { self.toolChoice = .auto }
        case .toolChoiceForced: self.toolChoice = .auto
        // LM Studio refuses the weaker form and takes the stronger one; other servers the other way round.
        case .jsonObject: if self.structuredOutput == .jsonObject { self.structuredOutput = .jsonSchema }
        case .jsonSchema: if self.structuredOutput == .jsonSchema { self.structuredOutput = .jsonObject }
        case .responseFormat: self.structuredOutput = .none
        case .cacheControl: self.cacheForm = .automatic
        case .thinkingBudget: self.refusedParameters.insert(.thinkingBudget)
        case .stop: self.refusedParameters.insert(.stop)
        case .streamOptions: self.refusedParameters.insert(.streamOptions)
        case .temperature: self.refusedParameters.insert(.temperature)
        case .topP: self.refusedParameters.insert(.topP)
        case .maximumTokens: self.refusedParameters.insert(.maximumTokens)
        }
    }
}

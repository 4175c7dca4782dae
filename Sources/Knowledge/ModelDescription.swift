// SPDX-License-Identifier: Apache-2.0

import Translation

/// Reads one model of a server's list. Which member means what is data: a server with other words is another row.
struct ModelDescription {
    private typealias Path = [StaticString]

    private let node: JSONNode
    private let document: JSONDocument

    init(_ node: JSONNode, of document: JSONDocument) {
        self.node = node
        self.document = document
    }

    /// At most one for each subject. Figures that make no sense are left out.
    var lessons: [Lesson] {
        [self.window, self.output, self.images, self.server].compactMap { lesson in
            lesson.flatMap { $0.isPlausible ? $0 : nil }
        }
    }

    /// The window that is served, never the one the model was trained for (`n_ctx_train`, LM Studio's
    /// `max_context_length`, Ollama's `model_info`). The first member that is there counts.
    private static let windows: [Path] = [
        // OpenRouter: of the provider that is asked first; `context_length` is the best of all.
        ["top_provider", "context_length"],
        // vLLM (`--max-model-len`), SGLang (`--context-length`).
        ["max_model_len"],
        // llama.cpp: of one slot. Missing in a router's list and for a model that is not in memory.
        ["meta", "n_ctx"],
        // LM Studio, for a model in memory.
        ["loaded_context_length"],
        // Groq.
        ["context_window"],
        // Together, Fireworks, Chutes; Ollama's `/api/ps`, where it is that of the model in memory.
        ["context_length"],
        // Copilot.
        ["capabilities", "limits", "max_context_window_tokens"],
    ]

    private static let promptLimits: [Path] = [
        ["capabilities", "limits", "max_prompt_tokens"],
        // Anthropic's API and servers that copy its list; LiteLLM's `/v1/model/info`.
        ["max_input_tokens"],
        ["model_info", "max_input_tokens"],
    ]

    private static let outputs: [Path] = [
        // OpenRouter, Groq, Chutes, Copilot, LiteLLM.
        ["top_provider", "max_completion_tokens"],
        ["max_completion_tokens"],
        ["max_output_length"],
        ["capabilities", "limits", "max_output_tokens"],
        ["max_output_tokens"],
        ["model_info", "max_output_tokens"],
    ]

    private var window: Lesson? {
        // A limit of the prompt beside a window is the smaller of the two, and says more.
        if let tokens = self.tokens(Self.promptLimits) { return .promptLimit(tokens) }
        if let tokens = self.tokens(Self.windows) ?? self.loadedInstances ?? self.offer {
            return .contextWindow(tokens)
        }
        return nil
    }

    private var output: Lesson? { self.tokens(Self.outputs).map { .maximumOutputTokens($0) } }

    /// LM Studio's `/api/v1/models`. Which instance answers is not said, so the smallest counts.
    private var loadedInstances: Int? {
        guard let instances = self.member(["loaded_instances"]) else { return nil }
        return self.document.elements(of: instances).compactMap { instance in
            self.document.member("config", of: instance)
                .flatMap { self.document.member("context_length", of: $0) }.flatMap(self.tokens)
        }.min()
    }

    /// Mistral's `max_context_length`. LM Studio has a member of that name for what the model could do at most.
    private var offer: Int? {
        let belongsToLMStudio = [["state"], ["compatibility_type"], ["loaded_instances"]].contains { (path: Path) in
            self.member(path) != nil
        }
        return belongsToLMStudio ? nil : self.tokens([["max_context_length"]])
    }

    private var images: Lesson? { self.acceptsImages == false ? .refusesImages : nil }

    /// Nil when nothing is said.
    private var acceptsImages: Bool? {
        // OpenRouter.
        if let modalities = self.member(["architecture", "input_modalities"]),
            self.document.kind(of: modalities) == .array
        {
            return self.document.elements(of: modalities).contains { self.document.isString($0, "image") }
        }
        // LM Studio's `/api/v1/models` and Mistral; Copilot; LiteLLM.
        for path in [
            ["capabilities", "vision"], ["capabilities", "supports", "vision"], ["model_info", "supports_vision"],
        ]
            as [Path]
        {
            if let value = self.member(path).flatMap({ self.document.boolean($0) }) { return value }
        }
        // LM Studio's `/api/v0/models` knows `llm`, `vlm` and `embeddings`.
        guard self.member(["compatibility_type"]) != nil, let type = self.member(["type"]) else { return nil }
        return self.document.isString(type, "llm") ? false : nil
    }

    private var server: Lesson? {
        guard let owner = self.document.string("owned_by", of: self.node) else {
            let isLMStudio = self.member(["compatibility_type"]) != nil || self.member(["loaded_instances"]) != nil
            return isLMStudio ? .server(.lmStudio) : nil
        }
        return Self.owners[owner].map { .server($0) }
    }

    /// What servers write as the owner of every model. vLLM behind LiteLLM is told as `openai`, which says nothing.
    private static let owners: [String: ServerKind] = [
        "llamacpp": .llamaCpp, "vllm": .vLLM, "sglang": .sgLang, "library": .ollama, "ollama": .ollama,
        "organization_owner": .lmStudio, "organization-owner": .lmStudio, "tensorrt_llm": .tensorRT,
    ]

    private func member(_ path: Path) -> JSONNode? {
        path.reduce(self.node) { node, name in node.flatMap { self.document.member(name, of: $0) } }
    }

    private func tokens(_ paths: [Path]) -> Int? {
        for path in paths {
            if let tokens = self.member(path).flatMap(self.tokens) { return tokens }
        }
        return nil
    }

    /// A count that says something: zero and less mean that the server does not know. Some write it as a string.
    private func tokens(_ node: JSONNode) -> Int? {
        let value = self.document.integer(node) ?? self.document.string(node).flatMap { Int($0) }
        return value.flatMap { $0 > 0 ? $0 : nil }
    }
}

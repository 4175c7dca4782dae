// SPDX-License-Identifier: Apache-2.0

// What does not fit: the prompt, the answer beside it, or a `max_tokens` beyond the model's own limit. From the exact
// to the loose: a row with fewer words stands below the ones whose sentence it is part of.

extension FailureRule {
    private static func prompt(_ words: MessagePattern..., names: [String] = [], source: StaticString) -> Self {
        Self(meaning: .promptTooLong, statuses: .request, names: names, words: words, source: source)
    }

    private static func room(_ words: MessagePattern..., source: StaticString) -> Self {
        Self(meaning: .answerDoesNotFit, statuses: .request, words: words, source: source)
    }

    private static func limit(_ words: MessagePattern..., source: StaticString) -> Self {
        Self(meaning: .outputLimit, statuses: .request, words: words, source: source)
    }

    static let limits = Self.limitRows + Self.roomRows + Self.promptRows + Self.looseRows

    private static let limitRows = [
        limit("range of max_tokens * [{ignored}, {limit}]", source: "Model Studio, error codes; DeepSeek"),
        limit("range of max_completion_tokens * [{ignored}, {limit}]", source: "Model Studio, error codes"),
        limit("max_tokens: {output} > {limit}, which is the maximum", source: "Anthropic, Messages API"),
        limit("supports at most {limit} completion tokens", source: "OpenAI, GPT-4o and older"),
        limit(
            "tokens * integer above maximum value * expected a value <= {limit}",
            source: "OpenAI, code integer_above_max_value; Volcengine Ark"),
        limit("max_tokens` must be less than or equal to `{limit}`", source: "Groq API"),
        limit("max tokens must be less than or equal to {limit}, the maximum output", source: "Cohere API"),
        limit("maximum tokens you requested exceeds the model limit of {limit}", source: "Amazon Bedrock"),
        limit(
            "maxoutputtokens value of {output} but the supported range is from 1 (inclusive) to {limit exclusive}",
            source: "Vertex AI"),
        limit("max_tokens * [{ignored},{limit}]", source: "Zhipu open platform, error 1210"),
        limit("max_tokens * [{ignored}, {limit}]", source: "Zhipu open platform, error 1210"),
        limit("max_tokens * less than or equal to {limit}", source: "servers that check with pydantic"),
        limit("max_completion_tokens * less than or equal to {limit}", source: "servers that check with pydantic"),
        limit("max_tokens * must be <= {limit}", source: "several"),
        limit("max_tokens * at most {limit}", source: "several"),
        limit("tokens * cannot exceed the model's maximum output * {limit}", source: "one-api and its forks"),
    ]

    private static let roomRows = [
        room(
            "maximum context length is {window} tokens * requested about {total} tokens * {output} in the output",
            source: "OpenRouter, seen in letta and many others"),
        room(
            "maximum context length is {window} tokens * requested {total} tokens * {output} in the completion",
            source: "OpenAI; DeepSeek (fast-agent #621); vLLM until 0.9 (vllm #20409)"),
        room(
            "maximum context length is {window} tokens * requested {total} tokens * {output} for the completion",
            source: "Azure OpenAI; llama-cpp-python"),
        room(
            "maximum context length is {window} tokens * requested {total} tokens ({prompt} in the messages",
            source: "vLLM without max_tokens"),
        room(
            "maximum context length is {window} * requested {output} output tokens * at least {prompt at least} input",
            source: "vLLM 0.11 and later, renderers/params.py"),
        room(
            "maximum context length is {window} tokens * requested {output} output tokens * contains {prompt} input",
            source: "vLLM 0.11 and later, renderers/params.py"),
        room(
            "maximum context length is {window} tokens * requested {output} output tokens",
            source: "vLLM 0.25, which counts characters first"),
        room(
            "maximum context length is {window} tokens * your request has {prompt} input tokens",
            source: "vLLM 0.9 and 0.10, serving_engine.py"),
        room("maximum context length is {window} tokens * requested {total} tokens", source: "OpenAI, oldest form"),
        room("cannot be greater than max_model_len=max_total_tokens={window}", source: "vLLM 0.12 and later"),
        room("cannot be greater than max_model_len={window}", source: "vLLM 0.10 and 0.11"),
        room("cannot be greater than max_model_len", source: "vLLM"),
        room(
            "maximum context length of {window} tokens * total of {total} tokens: {prompt} tokens from the input",
            source: "SGLang, tokenizer_manager.py"),
        room(
            "requested token count exceeds the model's maximum context length of {window}",
            source: "SGLang, tokenizer_manager.py"),
        room(
            "tokens + `max_new_tokens` must be <= {window}. given: {prompt} `inputs` tokens",
            source: "text-generation-inference; Together"),
        room(
            "input length and `max_tokens` exceed context limit: {prompt} + {output} > {window}",
            source: "Anthropic, Messages API"),
        room("max_total_tokens ({total}) must be less than or equal to max_seq_len ({window})", source: "SiliconFlow"),
        room(
            "exceeded model token limit: {window} (requested: {total})",
            source: "Moonshot: the sum of prompt and max_tokens"),
        room("exceeded model token limit: {window}", source: "Moonshot, error codes"),
        room(
            "request too large for model * tokens per minute * limit {window}, requested {total}",
            source: "Groq: the limit is of the plan"),
    ]

    private static let promptRows = [
        prompt("prompt is too long: {prompt} tokens > {window}", source: "Anthropic, Messages API"),
        prompt("prompt is too long: {prompt}, model maximum context length: {window}", source: "Fireworks API"),
        prompt("prompt too long: {prompt} tokens exceeds max context window of {window}", source: "oMLX"),
        prompt("range of input length * [{ignored}, {window}]", source: "Model Studio, error codes; Xunfei 10012"),
        prompt("输入长度 * [{ignored}, {window}]", source: "Model Studio, error codes in Chinese"),
        prompt("input length ({prompt}) exceeds model's maximum context length ({window})", source: "vLLM"),
        prompt("prompt (length {prompt}) is longer than the maximum model length of {window}", source: "vLLM engine"),
        prompt(
            "input ({prompt} tokens) is longer than the model's context length ({window}",
            source: "SGLang (QwenLM/Qwen3 #1321); Together"),
        prompt(
            "input length ({prompt} tokens) exceeds the maximum allowed length ({window}",
            source: "SGLang (sglang #4048)"),
        prompt(
            "request ({prompt} tokens) exceeds the available context size ({window} tokens)",
            source: "llama.cpp, measured"),
        prompt("input ({prompt} tokens) is larger than the max context size ({window}", source: "llama.cpp"),
        prompt("(n_keep: {prompt}>= n_ctx: {window})", source: "LM Studio"),
        prompt(
            "keep the first {prompt} tokens when context * context length of only {window}",
            source: "LM Studio (lmstudio-bug-tracker #237, #546)"),
        prompt("reached context length of {window} tokens with model", source: "LM Studio"),
        prompt("length of prompt_tokens ({prompt}) must be less than max_seq_len ({window})", source: "SiliconFlow"),
        prompt("prompt token count of {prompt} exceeds the limit of {window}", source: "GitHub Copilot"),
        prompt("prompt length ({prompt}) exceeds maximum input length ({window})", source: "TensorRT-LLM"),
        prompt("prompt length ({prompt}) exceeds maximum sequence length ({window})", source: "TensorRT-LLM"),
        prompt(
            "sum of prompt length ({prompt}), query length ({ignored}) should not exceed max_num_tokens ({window})",
            source: "TensorRT-LLM, llmapi/llm.py"),
        prompt(
            "input token count ({prompt}) exceeds the maximum number of tokens allowed ({window})", source: "Gemini"),
        prompt("input token count is {prompt} but model only supports up to {window}", source: "Vertex AI"),
        prompt("input token count exceeds the maximum number of tokens allowed {window}", source: "Vertex AI"),
        prompt(
            "input tokens exceed the configured limit of {window} tokens. your messages resulted in {prompt}",
            source: "OpenAI, GPT-5"),
        prompt(
            "maximum context length is {window} tokens * messages resulted in {prompt}", source: "OpenAI; Azure"),
        prompt("maximum prompt length is {window} but the request contains {prompt} tokens", source: "xAI"),
        prompt(
            "contains {prompt} tokens * too large for model with {window} maximum context length", source: "Mistral"),
        prompt("too large for model with {window} maximum context length", source: "Mistral"),
        prompt("current length is {prompt} while limit is {window}", source: "Cerebras"),
        prompt("`inputs` must have less than {window} tokens. given: {prompt}", source: "text-generation-inference"),
        prompt("max input tokens: {window}, request input token count: {prompt}", source: "Amazon Bedrock"),
        prompt("tokens in the prompt cannot exceed {window} - received {prompt}", source: "Cohere API"),
        prompt("prompt has {prompt} tokens, but the configured context size is {window}", source: "ds4-server"),
        prompt("requested tokens ({prompt}) exceed context window of {window}", source: "llama-cpp-python"),
        prompt("input length {prompt} exceeds the maximum length {window}", source: "Volcengine Ark"),
        prompt("exceeds the maximum allowed input length of {window}", source: "OpenRouter, Poolside"),
        prompt("maximum context length of {window}", source: "proxies in front of OpenAI's wording"),
        prompt("maximum context length ({window})", source: "proxies in front of vLLM's wording"),
        prompt("maximum context length is {window}", source: "OpenAI's wording with another tail"),
        prompt("maximum input length * {window}", source: "several"),
        prompt("context window is {window}", source: "several"),
    ]

    private static let looseRows = [
        prompt(names: ["context_length_exceeded", "model_context_window_exceeded"], source: "OpenAI; Z.ai"),
        prompt(names: ["exceed_context_size_error"], source: "llama.cpp, measured"),
        prompt(
            names: ["model_max_prompt_tokens_exceeded", "max_prompt_tokens_exceeded", "context_window_exceeded"],
            source: "GitHub Copilot"),
        prompt(names: ["1261"], source: "Z.ai, error codes"),
        prompt(names: ["content_length_exceeds_threshold"], source: "Kiro"),
        prompt("contextwindowexceedederror", source: "LiteLLM's class, whatever provider it wraps; measured"),
        prompt("model_context_window_exceeded", source: "Z.ai"),
        prompt("context_length_exceeded", source: "proxies that keep the code in the text"),
        prompt("context length exceeded", source: "several"),
        prompt("tokens must be at least 1, got ", source: "vLLM without max_tokens: what is left is negative (#4667)"),
        prompt("prompt is too long", source: "Anthropic; Amazon Bedrock; Databricks"),
        prompt("prompt too long", source: "Ollama; oMLX; Z.ai"),
        prompt("prompt exceeds max length", source: "Z.ai in China"),
        prompt("prompt tokens too long", source: "Baidu Qianfan"),
        prompt("input token length too long", source: "Moonshot, error codes"),
        prompt("tokens in request more than max tokens allowed", source: "Zhipu open platform"),
        prompt("input length exceeds * context length", source: "Ollama"),
        prompt("input exceeds * context", source: "Ollama; OpenAI Responses"),
        prompt("exceeds the available context size", source: "llama.cpp before it told figures"),
        prompt("context size has been exceeded", source: "llama.cpp"),
        prompt("tokens to keep from the initial prompt", source: "LM Studio"),
        prompt("when context * overflows", source: "LM Studio"),
        prompt("exceeded model token limit", source: "Kimi for Coding"),
        prompt("context window exceeds limit", source: "MiniMax, error 2013"),
        prompt("context window exceeded", source: "several"),
        prompt("exceeds the context window", source: "OpenAI Responses"),
        prompt("exceeds the model's context window", source: "several"),
        prompt("exceed context window", source: "several"),
        prompt("exceeds max context", source: "mlx servers"),
        prompt("input is too long", source: "Amazon Bedrock; Kiro"),
        prompt("too many input tokens", source: "Amazon Bedrock"),
        prompt("total tokens of image and text exceed max message tokens", source: "Volcengine Ark"),
        prompt("reduce the length of the messages", source: "Groq; Cerebras"),
        prompt("reduce the length of the input", source: "vLLM"),
        prompt("longer than the model's context length", source: "SGLang"),
        prompt("maximum context length", source: "several"),
        prompt("maximum input length", source: "several"),
        prompt("range of input length", source: "Model Studio"),
        prompt("input token count * exceeds the maximum", source: "Gemini"),
        prompt("输入长度 * 超", source: "providers in China"),
        prompt("超 * 上下文长度", source: "providers in China"),
        prompt("上下文长度超", source: "providers in China"),
        prompt("超 * 最大长度", source: "providers in China"),
        limit("max_ * tokens * between 1 and {limit}", source: "several"),
        limit("max_ * tokens * must not exceed {limit}", source: "several"),
        limit("max_ * tokens * limited to {limit}", source: "several"),
        limit("max_ * tokens * maximum * {limit}", source: "several"),
        limit("max_ * tokens * 最大值 * {limit}", source: "providers in China"),
    ]
}

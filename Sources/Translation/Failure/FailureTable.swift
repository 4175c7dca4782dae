// SPDX-License-Identifier: Apache-2.0

extension FailureRule {
    private static func images(_ words: MessagePattern..., source: StaticString) -> Self {
        Self(meaning: .category(.imagesRefused), statuses: .request, words: words, source: source)
    }

    private static func parameter(_ words: MessagePattern..., names: [String] = [], source: StaticString) -> Self {
        Self(meaning: .parameter, statuses: .request, names: names, words: words, source: source)
    }

    private static func refused(
        _ parameter: RequestParameter, _ words: MessagePattern..., source: StaticString,
    ) -> Self {
        Self(
            meaning: .category(.parameterRefused(parameter)), statuses: .request, words: words, source: source)
    }

    /// What of a request the upstream does not take.
    static let refusals = Self.imageRows + Self.valueRows + Self.parameterRows

    private static let imageRows = [
        // With another status: no model at all was found that would do.
        Self(
            meaning: .category(.imagesRefused), words: ["no endpoints found that support image input"],
            source: "OpenRouter, status 404"),
        images("image input is not supported", source: "llama.cpp, measured: status 500"),
        images("unsupported content[].type", source: "llama.cpp before it knew images"),
        images("is not a multimodal model", source: "vLLM"),
        images("at most 0 image", source: "vLLM"),
        images("content must be a string", source: "Model Studio; Groq: parts of a message are images here"),
        images("unexpected item type in content", source: "Model Studio, text models; Qwen's chat template"),
        images("missing data required for image input", source: "Ollama"),
        images("unknown variant `image_url`", source: "DeepSeek"),
        images("unknown variant 'image_url'", source: "DeepSeek, quoted otherwise"),
        images("image_url is only supported by certain models", source: "OpenAI"),
        images("image_url` is not supported", source: "several"),
        images("image_url is not supported", source: "several"),
        images("content.type is invalid * 'text'", source: "Zhipu open platform"),
        images("not support image input", source: "several"),
        images("not support images", source: "LM Studio; Ollama"),
        images("not support image_url", source: "several"),
        images("not support image content", source: "several"),
        images("not support vision", source: "LM Studio; Moonshot"),
        images("not support multimodal", source: "several"),
        images("images are not supported", source: "several"),
        images("images not supported", source: "several"),
        images("image inputs are not supported", source: "several"),
        images("image content is not supported", source: "Mistral"),
        images("image input is not enabled", source: "Mistral"),
        images("vision is not supported", source: "several"),
        images("multimodal input is not supported", source: "several"),
    ]

    /// A value that is refused where others are taken.
    private static let valueRows = [
        refused(
            .thinkingWithoutStreaming, "enable_thinking must be set to false for non-streaming",
            source: "Model Studio, open Qwen3 models (langchain4j #3974)"),
        refused(.thinkingWithoutStreaming, "only support stream mode", source: "Model Studio, QwQ"),
        refused(
            .enableThinking, "enable_thinking parameter is restricted to",
            source: "Model Studio, models that always think"),
        refused(.enableThinking, "not support enable_thinking", source: "Model Studio, models that never think"),
        refused(.toolChoiceForced, "tool_choice * required or object in thinking mode", source: "Model Studio"),
        refused(.toolChoiceForced, "tool_choice * is incompatible with thinking", source: "Moonshot"),
        refused(.toolChoiceForced, "does not support this tool_choice", source: "DeepSeek"),
        refused(
            .toolChoiceFunction, "invalid tool_choice type: 'object'", source: "LM Studio (page-agent #367)"),
        refused(.toolChoiceFunction, "'none' | 'auto' | 'required', received object", source: "LM Studio, newer"),
        refused(
            .toolChoiceRequired, #"tool_choice is one of the strings that should be ["none", "auto"]"#,
            source: "Model Studio"),
        refused(.toolChoiceRequired, "tool_choice` must either be a named tool", source: "vLLM before 0.8"),
        refused(.toolChoiceRequired, "required * is not * tool_choice", source: "several"),
        refused(.toolChoiceRequired, "tool_choice * required * not support", source: "several"),
        refused(.jsonObject, "response_format.type' must be 'json_schema' or 'text'", source: "LM Studio"),
        refused(.jsonSchema, "should be 'text' or 'json_object'", source: "older servers that check with pydantic"),
        refused(.jsonSchema, "response_format type is unavailable", source: "DeepSeek"),
        refused(.jsonSchema, "json_schema * not support", source: "OpenAI and others"),
        refused(.jsonSchema, "not support * json_schema", source: "Model Studio; OpenAI"),
        refused(.jsonObject, "json_object * not support", source: "several"),
        refused(.jsonObject, "not support * json_object", source: "several"),
        refused(.jsonSchema, "invalid value: 'json_schema'", source: "OpenAI"),
        refused(
            .maximumTokens, "max_tokens * use 'max_completion_tokens' instead",
            source: "OpenAI, models that reason"),
        refused(.topP, "temperature and top_p cannot both", source: "Amazon Bedrock; Anthropic"),
        refused(.topP, "temperature` and `top_p` cannot both", source: "Amazon Bedrock; Anthropic"),
    ]

    /// Sentences around the name of any parameter.
    private static let parameterRows = [
        parameter("unexpected fields in the request", source: "transformers serve, measured"),
        parameter("unrecognized request argument", source: "OpenAI"),
        parameter("unsupported parameter", source: "OpenAI; Azure"),
        parameter("unknown parameter", source: "OpenAI"),
        parameter("unsupported value", source: "OpenAI, GPT-5"),
        parameter("unknown field {parameter}", source: "servers in Rust and Go"),
        parameter("unknown name {parameter}", source: "Gemini"),
        parameter("property {parameter} is unsupported", source: "Groq"),
        parameter("extra inputs are not permitted", source: "FastAPI with pydantic 2; Mistral; Fireworks"),
        parameter("extra fields not permitted", source: "FastAPI with pydantic 1"),
        parameter("additional properties are not allowed", source: "JSON Schema validators"),
        parameter("not support parameter", source: "xAI; LiteLLM's UnsupportedParamsError"),
        parameter("does not support the {parameter}", source: "several"),
        parameter("not support {parameter}", source: "several"),
        parameter("argument not supported on this model", source: "xAI"),
        parameter("{parameter} is not supported", source: "OpenAI; several"),
        parameter("{parameter} is not allowed", source: "several"),
        parameter("{parameter} parameter must be", source: "Model Studio"),
        parameter("{parameter} must be", source: "vLLM; Groq; several"),
        parameter("{parameter} should be", source: "Model Studio"),
        parameter(
            names: [
                "unsupported_parameter", "unknown_parameter", "unsupported_value", "extra_forbidden",
                "unsupportedparamserror",
            ], source: "OpenAI; FastAPI"),
    ]
}

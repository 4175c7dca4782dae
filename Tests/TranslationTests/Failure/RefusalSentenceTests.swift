// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// A whole sentence of an upstream, and what it means.
struct RefusalSentence: Sendable, CustomTestStringConvertible {
    let text: String
    let category: UpstreamFailure.Category

    var testDescription: String { String(self.text.prefix(90)) }

    init(_ text: String, _ category: UpstreamFailure.Category) {
        self.text = text
        self.category = category
    }

    static func tooLong(_ text: String, _ tokens: Int?, _ maximum: Int?) -> Self {
        Self(text, .contextTooLong(tokens: tokens, maximum: maximum))
    }

    static func room(_ text: String, _ prompt: Int?, _ window: Int?) -> Self {
        Self(text, .outputDoesNotFit(promptTokens: prompt, window: window))
    }

    static let prompts = [
        tooLong(
            "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 33000>= n_ctx: 32768). Try to load the model with a larger context length, or provide a shorter input.",
            33_000, 32_768),
        tooLong(
            "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough.",
            111_490, 32_768),
        tooLong("length of prompt_tokens (131073) must be less than max_seq_len (131072).", 131_073, 131_072),
        tooLong("prompt token count of 391491 exceeds the limit of 128000", 391_491, 128_000),
        tooLong("Prompt exceeds max length", nil, nil),
        tooLong("invalid params, context window exceeds limit (2013)", nil, nil),
        tooLong(
            "The sum of prompt length (72417.0), query length (0) should not exceed max_num_tokens (69632)", 72_417,
            69_632),
        tooLong("The input (61709 tokens) is longer than the model's context length (40960 tokens).", 61_709, 40_960),
        tooLong(
            "This endpoint's maximum context length is 204,800 tokens. However, you requested about 313,538 tokens (287,711 of text input, 1,827 of tool input, 24,000 in the output). Please reduce the length of either one.",
            289_538, 204_800),
        tooLong(
            "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
            112_946, 16_384),
        tooLong(
            "This model's maximum context length is 8192 tokens. However, you requested 64 output tokens and your prompt contains 10000 input tokens, for a total of 10064 tokens.",
            10_000, 8192),
        tooLong(
            "This model's maximum context length is 65536 tokens. However, you requested 0 output tokens and your prompt contains at least 65537 input tokens, for a total of at least 65537 tokens. (parameter=input_tokens, value=65537)",
            65_537, 65_536),
        tooLong("max_tokens must be at least 1, got -186.", nil, nil),
        tooLong("max_completion_tokens must be at least 1, got -5.", nil, nil),
        tooLong("Input length (265330) exceeds model's maximum context length (262144).", 265_330, 262_144),
        tooLong(
            "request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it", 9412, 8192),
        tooLong("the request exceeds the available context size. try increasing the context size", nil, nil),
        tooLong("Prompt too long: 35057 tokens exceeds max context window of 32768 tokens", 35_057, 32_768),
        tooLong("prompt too long; exceeded max context length by 300 tokens", nil, nil),
        tooLong("ValidationException: Input is too long for requested model.", nil, nil),
        tooLong("Too many input tokens. Max input tokens: 131072, request input token count: 131080", 131_080, 131_072),
        tooLong("<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]", nil, 30_720),
        tooLong("输入长度超过模型上限", nil, nil),
        tooLong("<400> InternalError.Algo.InvalidParameter: 输入长度应在 [1, 30720] 之间", nil, 30_720),
        tooLong(
            "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).", 1_196_265,
            1_048_575),
        tooLong("prompt is too long: 213462 tokens > 200000 maximum", 213_462, 200_000),
        tooLong("The prompt is too long: 40000, model maximum context length: 32768", 40_000, 32_768),
        tooLong(
            "litellm.BadRequestError: litellm.ContextWindowExceededError: SomeNewException - it was too much", nil, nil),
        tooLong(
            "litellm.ContextWindowExceededError: AnthropicException - prompt is too long: 5 tokens > 4 maximum", 5, 4),
        tooLong(
            "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens. Please reduce the length of the messages.",
            300_000, 272_000),
        tooLong(
            "Your input exceeds the context window of this model. Please adjust your input and try again.", nil, nil),
        tooLong(
            "This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 537_812, 131_072),
        tooLong("Please reduce the length of the messages or completion.", nil, nil),
        tooLong(
            "Prompt contains 33000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
            33_000, 32_768),
        // A figure that no model has is left out, and nothing breaks.
        tooLong("prompt is too long: 99999999999999999999999999 tokens > 200000 maximum", nil, 200_000),
    ]

    static let rooms = [
        room(
            "This model's maximum context length is 32768 tokens. However, you requested 44768 tokens (12000 in the messages, 32768 in the completion). Please reduce the length of the messages or completion.",
            12_000, 32_768),
        room(
            "This model's maximum context length is 4097 tokens. However, you requested 4262 tokens (3703 in the messages, 59 in the functions, 500 in the completion).",
            3762, 4097),
        room(
            "This model's maximum context length is 8192 tokens, however you requested 10346 tokens (2346 in your prompt; 8000 for the completion). Please reduce your prompt; or completion length.",
            2346, 8192),
        room(
            "This endpoint's maximum context length is 32768 tokens. However, you requested about 46493 tokens (13725 of text input, 32768 in the output).",
            13_725, 32_768),
        // vLLM stops counting where the answer no longer fits, so the figure says nothing about the prompt.
        room(
            "This model's maximum context length is 32768 tokens. However, you requested 32000 output tokens and your prompt contains at least 769 input tokens, for a total of at least 32769 tokens. Please reduce the length of the input prompt or the number of requested output tokens.",
            nil, 32_768),
        room(
            "This model's maximum context length is 8192 tokens. However, you requested 64 output tokens and your prompt contains 100000 characters (more than 81280 characters, which is the upper bound for 8128 input tokens).",
            nil, 8192),
        room(
            "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 40960 tokens and your request has 20000 input tokens (32000 > 40960 - 20000).",
            20_000, 40_960),
        room(
            "max_tokens=8888 cannot be greater than max_model_len=max_total_tokens=3072. Please request fewer output tokens.",
            nil, 3072),
        room(
            "Requested token count exceeds the model's maximum context length of 32768 tokens. You requested a total of 70000 tokens: 6000 tokens from the input messages and 64000 tokens for the completion.",
            6000, 32_768),
        room("Requested token count exceeds the model's maximum context length of 131072 tokens.", nil, 131_072),
        room("max_total_tokens (100000794) must be less than or equal to max_seq_len (32768)", nil, 32_768),
        room(
            "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1000 `inputs` tokens and 32000 `max_new_tokens`",
            1000, 4096),
        room("input length and `max_tokens` exceed context limit: 180000 + 64000 > 200000, decrease", 180_000, 200_000),
        room("Invalid request: Your request exceeded model token limit: 262144 (requested: 291351)", nil, 262_144),
        room(
            "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: Hosted_vllmException - This model's maximum context length is 32768 tokens. However, you requested 44768 tokens (12000 in the messages, 32768 in the completion).",
            12_000, 32_768),
    ]

    static let limits = [
        Self("Range of max_tokens should be [1, 8192]", .outputLimitTooHigh(maximum: 8192)),
        Self(
            "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", .outputLimitTooHigh(maximum: 8192)),
        Self(
            "max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for claude-3",
            .outputLimitTooHigh(maximum: 8192)),
        Self(
            "Invalid 'max_tokens': integer above maximum value. Expected a value <= 4096, but got 32000 instead.",
            .outputLimitTooHigh(maximum: 4096)),
        Self(
            "`max_tokens` must be less than or equal to `40960`, the maximum value for `max_tokens` is less than the `context_window` for this model",
            .outputLimitTooHigh(maximum: 40_960)),
        Self("max_tokens参数非法。请限制在[1,131072]之间", .outputLimitTooHigh(maximum: 131_072)),
    ]

    static let images = [
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
        "DeepSeek-V4 is not a multimodal model", "At most 0 image(s) may be provided in one prompt.",
        "<400> InternalError.Algo.InvalidParameter: input content must be a string.",
        "The provided messages input is invalid. The error info is [Unexpected item type in content]",
        "Failed to deserialize the JSON body into the target type: messages[15]: unknown variant `image_url`, expected `text`",
        "messages.content.type is invalid, allowed values: ['text']",
        "this model is missing data required for image input",
        "Model does not support images. Please use a model that does.",
        "Error from provider (Xiaomi): No endpoints found that support image input",
    ].map { Self($0, .imagesRefused) }

    static let parameters = [
        ("Unexpected fields in the request: {'top_k'}", RequestParameter.topK),
        ("Unexpected fields in the request: {'chat_template_kwargs', 'foo'}", .chatTemplateKwargs),
        ("Unrecognized request argument supplied: enable_thinking", .enableThinking),
        ("Unrecognized request arguments supplied: bogus, thinking_budget", .thinkingBudget),
        ("Unsupported parameter: 'parallel_tool_calls' is not supported with this model.", .parallelToolCalls),
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            .maximumTokens
        ),
        ("Unsupported value: 'temperature' does not support 0.5 with this model.", .temperature),
        ("Extra inputs are not permitted, field: 'stream_options', value: {}", .streamOptions),
        ("property 'enable_thinking' is unsupported", .enableThinking),
        (#"Invalid JSON payload received. Unknown name "enable_thinking": Cannot find field."#, .enableThinking),
        ("json: unknown field \"top_k\"", .topK),
        ("Additional properties are not allowed ('top_k' was unexpected)", .topK),
        ("Model grok-4 does not support parameter stop.", .stop),
        ("litellm.UnsupportedParamsError: openai does not support parameters: ['top_k'], for model=x", .topK),
        ("Argument not supported on this model: stop", .stop),
        ("`reasoning_effort` must be one of `low`, `medium`, or `high`", .reasoningEffort),
        ("parameter.enable_thinking must be set to false for non-streaming calls", .thinkingWithoutStreaming),
        ("This model only support stream mode, please enable the stream parameter", .thinkingWithoutStreaming),
        ("The value of the enable_thinking parameter is restricted to True.", .enableThinking),
        ("The thinking_budget parameter must be a positive integer and not greater than 38912", .thinkingBudget),
        (#"tool_choice is one of the strings that should be ["none", "auto"]"#, .toolChoiceRequired),
        (
            "<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode",
            .toolChoiceForced
        ),
        ("tool_choice 'specified' is incompatible with thinking enabled", .toolChoiceForced),
        ("Invalid tool_choice type: 'object'. Supported string values: none, auto, required", .toolChoiceFunction),
        ("'response_format.type' must be 'json_schema' or 'text'", .jsonObject),
        ("This response_format type is unavailable now", .jsonSchema),
        ("'response_format' of type 'json_schema' is not supported with this model", .jsonSchema),
        ("temperature and top_p cannot both be specified for this model", .topP),
        (#"The "stop" parameter must be of type str, list[str]"#, .stop),
    ].map { Self($0.0, .parameterRefused($0.1)) }

    static let all = Self.prompts + Self.rooms + Self.limits + Self.images + Self.parameters
}

@Suite struct RefusalSentenceTests {
    @Test(arguments: RefusalSentence.all)
    func `a refusal is understood in every form and however it arrives`(_ sentence: RefusalSentence) {
        for form in ErrorForm.allCases {
            let body = form.body(sentence.text, code: "invalid_parameter_error")
            for arrival in ErrorArrival.allCases {
                #expect(arrival.category(of: body) == sentence.category, "\(form) by \(arrival)")
            }
        }
    }

    @Test(arguments: [
        // SiliconFlow: a number that is no status.
        (
            400,
            #"{"code":20015,"message":"length of prompt_tokens (131073) must be less than max_seq_len (131072).","data":null}"#,
            UpstreamFailure.Category.contextTooLong(tokens: 131_073, maximum: 131_072)
        ),
        (400, #"{"error":{"code":"1261","message":"?"}}"#, .contextTooLong(tokens: nil, maximum: nil)),
        (200, #"{"error":{"code":1261,"message":"?"}}"#, .contextTooLong(tokens: nil, maximum: nil)),
        (
            200,
            #"{"choices":null,"base_resp":{"status_code":2013,"status_msg":"invalid params, context window exceeds limit"}}"#,
            .contextTooLong(tokens: nil, maximum: nil)
        ),
        (
            400, #"{"message":"No.","reason":"CONTENT_LENGTH_EXCEEDS_THRESHOLD"}"#,
            .contextTooLong(tokens: nil, maximum: nil)
        ),
        (
            400, #"{"error":{"message":"prompt token count of 9 exceeds","code":"model_max_prompt_tokens_exceeded"}}"#,
            .contextTooLong(tokens: nil, maximum: nil)
        ),
        // llama.cpp counts in members of their own.
        (
            400,
            #"{"error":{"code":400,"message":"request is too long","type":"exceed_context_size_error","n_prompt_tokens":9412,"n_ctx":8192}}"#,
            .contextTooLong(tokens: 9412, maximum: 8192)
        ),
        (
            500,
            #"{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}"#,
            .imagesRefused
        ),
        (404, #"{"error":{"message":"No endpoints found that support image input","code":404}}"#, .imagesRefused),
        (
            422,
            #"{"detail":[{"type":"extra_forbidden","loc":["body","top_k"],"msg":"Extra inputs are not permitted","input":5}]}"#,
            .parameterRefused(.topK)
        ),
        (
            422,
            #"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{}}]},"type":"invalid_request_error"}"#,
            .parameterRefused(.streamOptions)
        ),
        (
            400, #"{"error":{"message":"Not like this.","param":"top_k","code":"unknown_parameter"}}"#,
            .parameterRefused(.topK)
        ),
        (
            413,
            #"{"error":{"message":"Request too large for model `q` in organization `o` on tokens per minute (TPM): Limit 12000, Requested 13442, please reduce your message size","type":"tokens","code":"rate_limit_exceeded"}}"#,
            .outputDoesNotFit(promptTokens: nil, window: 12_000)
        ),
        (
            400,
            #"{"error":{"message":"/chat/completions: Invalid model name passed in model=nope. Call `/v1/models` to view available models","type":"invalid_request_error","code":"400"}}"#,
            .modelNotFound
        ),
    ])
    func `what stands beside the message counts`(status: Int, body: String, category: UpstreamFailure.Category) {
        let failure = UpstreamFailure(status: status, contentType: "application/json", body: Array(body.utf8))
        #expect(failure.category == category)
    }

    @Test(arguments: [
        "The image format is not supported", "At most 1 image(s) may be provided in one prompt.",
        "Failed to load image: cannot identify image file", "Exceeded limit on max bytes per data-uri item : 10485760",
        "You must stop: this is no field", "tools.0.function.name must be a string",
        "The content field is a required field.",
        #""auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"#,
        "The tool call is not supported.", "Unrecognized request argument supplied: something_else",
    ])
    func `what is another mistake teaches nothing`(message: String) {
        let failure = UpstreamFailure(
            status: 400, contentType: nil, body: ErrorForm.openAI.body(message, code: "invalid_request_error"))
        #expect(failure.category == .invalidRequest)
        #expect(failure.lesson == nil)
    }

    @Test func `an error in plain words is understood as the data of an event`() {
        let words = Array("the request exceeds the available context size".utf8)
        #expect(ErrorArrival.event.category(of: words) == .contextTooLong(tokens: nil, maximum: nil))
        #expect(ErrorArrival.event.category(of: Array("who knows".utf8)) == .unreadable)
    }
}

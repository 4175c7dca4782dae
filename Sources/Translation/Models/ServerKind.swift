// SPDX-License-Identifier: Apache-2.0

/// Which program answers at an upstream, as far as it is known. The raw value is shown to people.
public enum ServerKind: String, Sendable, CaseIterable {
    case llamaCpp = "llama.cpp"
    case vLLM
    case sgLang = "SGLang"
    case ollama = "Ollama"
    case lmStudio = "LM Studio"
    case liteLLM = "LiteLLM"
    case transformers
    case tensorRT = "TensorRT-LLM"
    case unknown
}

/// What a server takes beyond the least that all Chat Completions servers have in common.
struct ServerTraits: Sendable {
    /// `chat_template_kwargs`: the switch of hybrid models is in their chat template.
    var takesTemplateArguments = false
    var structuredOutput = ModelProfile.StructuredOutput.jsonObject
    var acceptsTopK = true
    /// Prompt and answer have one window together.
    var sharesWindow = false
    /// The program that uses this word.
    let source: StaticString
}

extension ServerKind {
    var traits: ServerTraits {
        switch self {
        case .llamaCpp:
            ServerTraits(
                takesTemplateArguments: true, structuredOutput: .jsonSchema, sharesWindow: true,
                source: "measured with the server of llama.cpp b11434")
        case .vLLM:
            ServerTraits(
                takesTemplateArguments: true, structuredOutput: .jsonSchema, sharesWindow: true,
                source: "vLLM documentation, OpenAI-compatible server")
        case .sgLang:
            ServerTraits(
                takesTemplateArguments: true, structuredOutput: .jsonSchema, sharesWindow: true,
                source: "SGLang documentation, OpenAI APIs")
        case .ollama:
            ServerTraits(
                structuredOutput: .jsonSchema, sharesWindow: true, source: "Ollama documentation, OpenAI compatibility")
        case .lmStudio:
            // It refuses `json_object`.
            ServerTraits(
                structuredOutput: .jsonSchema, sharesWindow: true, source: "LM Studio documentation, structured output")
        case .liteLLM:
            ServerTraits(source: "measured with LiteLLM 1.108: what it takes is up to the provider it asks")
        case .transformers:
            ServerTraits(
                acceptsTopK: false, sharesWindow: true,
                source: "measured with transformers serve 5.24, which refuses fields it does not know")
        case .tensorRT:
            ServerTraits(
                takesTemplateArguments: true, structuredOutput: .jsonSchema, sharesWindow: true,
                source: "trtllm-serve, openai_protocol.py")
        case .unknown:
            ServerTraits(source: "the least that servers have in common")
        }
    }
}

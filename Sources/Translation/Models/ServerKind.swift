// SPDX-License-Identifier: Apache-2.0

/// Which program answers at an upstream, as far as it is known.
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

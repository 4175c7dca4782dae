// SPDX-License-Identifier: Apache-2.0

/// One row of the table of finish reasons. There is no list that all servers keep to, and gateways pass on the words of
/// other interfaces.
struct FinishReasonRow {
    enum Meaning: Equatable {
        case stopped(FinishReason)
        case brokenOff(UpstreamFailure.Category)
    }

    let meaning: Meaning
    /// Where these words were found.
    let source: String
    /// The reasons in lower case and without the signs between words.
    let names: [String]

    init(_ meaning: Meaning, source: String, _ names: String...) {
        self.meaning = meaning
        self.source = source
        self.names = names
    }

    /// `TOOL_CALL`, `tool-call` and `toolCall` are one name. Nil for a name that is not in the table.
    static func meaning(of name: String) -> Meaning? {
        if let meaning = Self.usual[name] { return meaning }
        var folded = ""
        // No name in the table is nearly as long, and the upstream chooses the length.
        for scalar in name.unicodeScalars.prefix(64) {
            switch scalar {
            case "A"..."Z", "a"..."z", "0"..."9": folded.unicodeScalars.append(scalar)
            default: break
            }
        }
        folded = folded.lowercased()
        // The names of an enumeration in Google's and Cohere's style.
        if folded.hasPrefix("finishreason") { folded.removeFirst("finishreason".count) }
        return Self.table.first { $0.names.contains(folded) }?.meaning
    }

    /// Nearly all answers end with one of these, which need not be searched for. Held against the table by a test.
    static let usual: [String: Meaning] = [
        "stop": .stopped(.finished), "tool_calls": .stopped(.calls), "length": .stopped(.cut(by: .output)),
    ]

    static let table: [Self] = [
        Self(
            .stopped(.finished),
            source: "OpenAI; also DashScope, vLLM, SGLang, llama.cpp, Ollama, Moonshot, MiniMax and most others", "stop"
        ),
        Self(
            .stopped(.cut(by: .output)),
            source: "OpenAI; also DashScope, vLLM, SGLang, llama.cpp, Ollama, Moonshot, MiniMax and most others",
            "length"),
        Self(
            .stopped(.calls),
            source: "OpenAI; also DashScope, vLLM, SGLang, llama.cpp, Ollama, Moonshot, MiniMax and most others",
            "toolcalls", "functioncall"),
        Self(
            .stopped(.refused),
            source: "OpenAI; also DashScope, vLLM, SGLang, llama.cpp, Ollama, Moonshot, MiniMax and most others",
            "contentfilter"),
        Self(.stopped(.finished), source: "Text Generation Inference and Together", "eos", "eostoken", "stopsequence"),
        Self(
            .stopped(.finished), source: "The Messages API, through gateways; Bedrock writes some of it in its own way",
            "endturn", "pauseturn"),
        Self(
            .stopped(.cut(by: .output)),
            source: "The Messages API, through gateways; Bedrock writes some of it in its own way", "maxtokens"),
        Self(
            .stopped(.calls), source: "The Messages API, through gateways; Bedrock writes some of it in its own way",
            "tooluse"),
        Self(
            .stopped(.refused), source: "The Messages API, through gateways; Bedrock writes some of it in its own way",
            "refusal", "guardrailintervened", "contentfiltered"),
        Self(.stopped(.cut(by: .window)), source: "The Messages API and Z.ai", "modelcontextwindowexceeded"),
        Self(.stopped(.finished), source: "The Responses API, through gateways", "completed"),
        Self(.stopped(.cut(by: .output)), source: "The Responses API, through gateways", "maxoutputtokens"),
        Self(.stopped(.cut(by: .window)), source: "Mistral: the window is full", "modellength"),
        Self(.stopped(.finished), source: "Cohere", "complete"),
        Self(.stopped(.calls), source: "Cohere", "toolcall"),
        Self(.stopped(.refused), source: "Cohere", "errortoxic"),
        Self(.stopped(.cut(by: .window)), source: "Cohere", "errorlimit"),
        Self(.brokenOff(.interrupted), source: "Cohere", "usercancel"),
        Self(
            .stopped(.refused), source: "Gemini's compatible interface, and gateways to Gemini", "safety", "recitation",
            "language", "blocklist", "prohibitedcontent", "spii", "imagesafety"),
        Self(
            .brokenOff(.invalidOutput), source: "Gemini's compatible interface, and gateways to Gemini",
            "malformedfunctioncall", "unexpectedtoolcall"),
        Self(.stopped(.finished), source: "LM Studio's own names, beside OpenAI's", "eosfound", "stopstringfound"),
        Self(
            .stopped(.cut(by: .output)), source: "LM Studio's own names, beside OpenAI's", "maxpredictedtokensreached"),
        Self(.stopped(.cut(by: .window)), source: "LM Studio's own names, beside OpenAI's", "contextlengthreached"),
        Self(.brokenOff(.interrupted), source: "LM Studio's own names, beside OpenAI's", "userstopped"),
        Self(.brokenOff(.overloaded), source: "LM Studio's own names, beside OpenAI's", "modelunloaded"),
        Self(.stopped(.refused), source: "Z.ai", "sensitive"),
        Self(.brokenOff(.interrupted), source: "Z.ai", "networkerror"),
        Self(
            .brokenOff(.overloaded), source: "DeepSeek: the server had no room to go on", "insufficientsystemresource"),
        Self(
            .brokenOff(.interrupted),
            source: "vLLM, SGLang and LMDeploy: the request was dropped, by a restart for example", "abort", "aborted"),
        Self(
            .brokenOff(.overloaded), source: "Ollama: the model was loaded or unloaded, and nothing was generated",
            "load", "unload"),
        Self(.brokenOff(.timedOut), source: "IBM watsonx", "timelimit"),
        Self(
            .brokenOff(.internalError), source: "OpenRouter and DashScope say `error`, or put it in front of the word",
            "error", "errorfinish", "failed", "failure", "internalerror", "servererror"),
        Self(
            .brokenOff(.interrupted), source: "Words of gateways and of servers written for one model", "cancel",
            "cancelled", "canceled", "interrupted", "disconnected", "connectionerror"),
        Self(
            .brokenOff(.timedOut), source: "Words of gateways and of servers written for one model", "timeout",
            "timedout", "deadlineexceeded"),
        Self(
            .brokenOff(.overloaded), source: "Words of gateways and of servers written for one model", "overloaded",
            "resourceexhausted", "unavailable", "preempted"),
    ]
}

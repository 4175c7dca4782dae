// SPDX-License-Identifier: Apache-2.0

/// One row of the table of finish reasons. There is no list that all servers keep to, and gateways pass on the words of
/// other interfaces.
struct FinishReasonRow {
    enum Meaning: Equatable {
        case stopped(FinishReason)
        case brokenOff(UpstreamFailure.Category)
    }

    let meaning: Meaning
    /// The reasons in lower case and without the signs between words.
    let names: [String]

    init(_ meaning: Meaning, _ names: String...) {
        self.meaning = meaning
        self.names = names
    }

    /// `TOOL_CALL`, `tool-call` and `toolCall` are one name. Nil for a name that is not in the table.
    static func meaning(of name: String) -> Meaning? {
        var folded = ""
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

    static let table: [Self] = [
        // OpenAI, DashScope, vLLM, SGLang, llama.cpp, Ollama and nearly all others.
        Self(.stopped(.finished), "stop"),
        Self(.stopped(.cut(by: .output)), "length"),
        Self(.stopped(.calls), "toolcalls", "functioncall"),
        Self(.stopped(.refused), "contentfilter"),
        // Text Generation Inference and Together.
        Self(.stopped(.finished), "eos", "eostoken", "stopsequence"),
        // The Messages API, through gateways; Bedrock writes some of it in its own way.
        Self(.stopped(.finished), "endturn", "pauseturn"),
        Self(.stopped(.cut(by: .output)), "maxtokens"),
        Self(.stopped(.calls), "tooluse"),
        Self(.stopped(.refused), "refusal", "guardrailintervened", "contentfiltered"),
        // The Messages API and Z.ai.
        Self(.stopped(.cut(by: .window)), "modelcontextwindowexceeded"),
        // The Responses API, through gateways.
        Self(.stopped(.finished), "completed"),
        Self(.stopped(.cut(by: .output)), "maxoutputtokens"),
        // Mistral: the window is full.
        Self(.stopped(.cut(by: .window)), "modellength"),
        // Cohere.
        Self(.stopped(.finished), "complete"),
        Self(.stopped(.calls), "toolcall"),
        Self(.stopped(.refused), "errortoxic"),
        Self(.stopped(.cut(by: .window)), "errorlimit"),
        Self(.brokenOff(.interrupted), "usercancel"),
        // Gemini's compatible interface, and gateways to Gemini.
        Self(
            .stopped(.refused), "safety", "recitation", "language", "blocklist", "prohibitedcontent", "spii",
            "imagesafety"),
        Self(.brokenOff(.invalidOutput), "malformedfunctioncall", "unexpectedtoolcall"),
        // LM Studio's own names, beside OpenAI's.
        Self(.stopped(.finished), "eosfound", "stopstringfound"),
        Self(.stopped(.cut(by: .output)), "maxpredictedtokensreached"),
        Self(.stopped(.cut(by: .window)), "contextlengthreached"),
        Self(.brokenOff(.interrupted), "userstopped"),
        Self(.brokenOff(.overloaded), "modelunloaded"),
        // Z.ai.
        Self(.stopped(.refused), "sensitive"),
        Self(.brokenOff(.interrupted), "networkerror"),
        // DeepSeek: the server had no room to go on.
        Self(.brokenOff(.overloaded), "insufficientsystemresource"),
        // vLLM, SGLang and LMDeploy: the request was dropped, by a restart for example.
        Self(.brokenOff(.interrupted), "abort", "aborted"),
        // Ollama: the model was loaded or unloaded, and nothing was generated.
        Self(.brokenOff(.overloaded), "load", "unload"),
        // IBM watsonx.
        Self(.brokenOff(.timedOut), "timelimit"),
        // OpenRouter and DashScope say `error`, or put it in front of the word.
        Self(.brokenOff(.internalError), "error", "errorfinish", "failed", "failure", "internalerror", "servererror"),
        // Words of gateways and of servers written for one model.
        Self(
            .brokenOff(.interrupted), "cancel", "cancelled", "canceled", "interrupted", "disconnected",
            "connectionerror"),
        Self(.brokenOff(.timedOut), "timeout", "timedout", "deadlineexceeded"),
        Self(.brokenOff(.overloaded), "overloaded", "resourceexhausted", "unavailable", "preempted"),
    ]
}

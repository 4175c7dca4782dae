// SPDX-License-Identifier: Apache-2.0

/// Where the fields of a request are, all found in one walk. A field that is `null` counts as absent, but for the two
/// that a request must have.
struct RequestFields {
    let model: JSONNode?
    let messages: JSONNode?
    let system: JSONNode?
    let tools: JSONNode?
    let toolChoice: JSONNode?
    let maximumTokens: JSONNode?
    let thinking: JSONNode?
    let outputConfiguration: JSONNode?
    /// The older place of what `output_config` says.
    let outputFormat: JSONNode?
    let stopSequences: JSONNode?
    let temperature: JSONNode?
    let topP: JSONNode?
    let topK: JSONNode?
    let isStreaming: JSONNode?
    let thread: JSONNode?
    let safeguards: JSONNode?

    /// Of several members with one name the last counts.
    init(of document: borrowing JSONDocument) {
        // Variables of their own stay in registers.
        var (model, messages, system, tools): (JSONNode?, JSONNode?, JSONNode?, JSONNode?)
        var (toolChoice, maximumTokens, thinking): (JSONNode?, JSONNode?, JSONNode?)
        var (outputConfiguration, outputFormat, stopSequences): (JSONNode?, JSONNode?, JSONNode?)
        var (temperature, topP, topK, isStreaming, thread): (JSONNode?, JSONNode?, JSONNode?, JSONNode?, JSONNode?)
        var safeguards: JSONNode?
        document.forEachMember(of: document.root) { name, node in
            let value = document.isNull(node) ? nil : node
            switch name {
            case ShortString("model"): model = node
            case ShortString("messages"): messages = node
            case ShortString("system"): system = value
            case ShortString("tools"): tools = value
            case ShortString("tool_choice"): toolChoice = value
            case ShortString("max_tokens"): maximumTokens = value
            case ShortString("thinking"): thinking = value
            case ShortString("output_config"): outputConfiguration = value
            case ShortString("output_format"): outputFormat = value
            case ShortString("stop_sequences"): stopSequences = value
            case ShortString("temperature"): temperature = value
            case ShortString("top_p"): topP = value
            case ShortString("top_k"): topK = value
            case ShortString("stream"): isStreaming = value
            case ShortString("thread"): thread = value
            case ShortString("safeguards"): safeguards = value
            default: break
            }
        }
        (self.model, self.messages, self.system, self.tools) = (model, messages, system, tools)
        (self.toolChoice, self.maximumTokens, self.thinking) = (toolChoice, maximumTokens, thinking)
        (self.outputConfiguration, self.outputFormat) = (outputConfiguration, outputFormat)
        (self.stopSequences, self.temperature, self.topP, self.topK) = (stopSequences, temperature, topP, topK)
        (self.isStreaming, self.thread, self.safeguards) = (isStreaming, thread, safeguards)
    }
}

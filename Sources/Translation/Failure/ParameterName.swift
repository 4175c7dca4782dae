// SPDX-License-Identifier: Apache-2.0

/// Finds out which of the parameters we send an upstream means when it names one.
enum ParameterName {
    /// In lower case, as upstreams spell them.
    private static let names: [(name: StaticString, parameter: RequestParameter)] = [
        ("top_k", .topK), ("topk", .topK), ("enable_thinking", .enableThinking), ("thinking_budget", .thinkingBudget),
        ("chat_template_kwargs", .chatTemplateKwargs), ("reasoning_effort", .reasoningEffort),
        ("parallel_tool_calls", .parallelToolCalls), ("stop", .stop), ("stop_sequences", .stop),
        ("stream_options", .streamOptions), ("include_usage", .streamOptions), ("temperature", .temperature),
        // A bare "tool_choice" does not say which value is refused: then nothing is forced.
        ("top_p", .topP), ("topp", .topP), ("tool_choice", .toolChoiceForced),
        ("response_format", .responseFormat), ("cache_control", .cacheControl),
    ]

    /// A name that is no other's part, with what quotes it: `'top_k'`, `parameter.enable_thinking`,
    /// `stream_options.include_usage`. Returns the offset after it.
    static func parameter(in message: [UInt8], at start: Int) -> (RequestParameter, end: Int)? {
        var position = start
        while position < message.count, Self.quotes.contains(message[position]) { position += 1 }
        guard position == 0 || !Self.isNamePart(message[position - 1]) else { return nil }
        var parameter: RequestParameter?
        while position < message.count, Self.isNamePart(message[position]) {
            let end = message[position...].firstIndex { !Self.isNamePart($0) } ?? message.count
            parameter = parameter ?? Self.parameter(named: message[position..<end])
            position = end
            // The members of a path; the dot that ends a sentence is none.
            if position + 1 < message.count, message[position] == UInt8(ascii: "."),
                Self.isNamePart(message[position + 1])
            {
                position += 1
            }
        }
        guard let parameter else { return nil }
        while position < message.count, Self.quotes.contains(message[position]) { position += 1 }
        return (parameter, position)
    }

    /// The first name in a text.
    static func firstParameter(in message: [UInt8]) -> RequestParameter? {
        for position in message.indices {
            if let (parameter, _) = Self.parameter(in: message, at: position) { return parameter }
        }
        return nil
    }

    private static func parameter(named name: ArraySlice<UInt8>) -> RequestParameter? {
        Self.names.first { $0.name.utf8CodeUnitCount == name.count && name.elementsEqual($0.name.description.utf8) }?
            .parameter
    }

    private static let quotes = Array(#"'"`\"#.utf8)

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

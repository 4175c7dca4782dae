// SPDX-License-Identifier: Apache-2.0

/// Recognises that a request has more tokens than the model takes, and finds the counts in the sentence: a client that
/// is told them compacts the conversation by itself.
struct TokenLimitMessage {
    let category: UpstreamFailure.Category

    init?(_ report: ErrorReport) {
        // Some say it with a 500, and an error inside a stream has no status.
        if let status = report.status, ![400, 413, 422, 500].contains(status) { return nil }
        let text = report.message.lowercased()
        if let category = Self.outputLimit(report, text) ?? Self.contextLimit(report, text) {
            self.category = category
        } else {
            return nil
        }
    }

    private static func outputLimit(_ report: ErrorReport, _ text: String) -> UpstreamFailure.Category? {
        let namesParameter = ["max_tokens", "max_completion_tokens", "max_output_tokens"].contains { text.contains($0) }
        guard namesParameter else { return nil }
        if text.contains("range of"), let maximum = Self.upperBound(in: text) {
            return .outputLimitTooHigh(maximum: maximum)
        }
        if let supported = Self.number(behind: "supports at most", in: text) {
            return .outputLimitTooHigh(maximum: supported)
        }
        // vLLM: the prompt fits, together with the wanted output it does not.
        if text.contains("too large"), let context = Self.number(behind: "maximum context length is", in: text),
            let prompt = Self.number(behind: "your request has", in: text), prompt < context
        {
            return .outputLimitTooHigh(maximum: context - prompt)
        }
        return nil
    }

    private static func contextLimit(_ report: ErrorReport, _ text: String) -> UpstreamFailure.Category? {
        if text.contains("range of input length") {
            return .contextTooLong(tokens: nil, maximum: Self.upperBound(in: text))
        }
        if text.contains("prompt is too long") {
            let tokens = Self.number(behind: "too long:", in: text)
            return .contextTooLong(tokens: tokens, maximum: Self.number(behind: ">", in: text))
        }
        if text.contains("maximum context length") || text.contains("maximum input length") {
            let maximum = Self.number(behind: "length is", in: text) ?? Self.number(behind: "length of", in: text)
            let tokens =
                Self.number(behind: "resulted in", in: text) ?? Self.number(behind: "requested about", in: text)
                ?? Self.number(behind: "you requested", in: text) ?? Self.number(behind: "your request has", in: text)
                ?? Self.number(behind: "contains at least", in: text)
                ?? Self.number(behind: "your prompt contains", in: text)
            return .contextTooLong(tokens: tokens, maximum: maximum)
        }
        let isTooLong =
            report.names.contains("context_length_exceeded") || report.names.contains("exceed_context_size_error")
            || text.contains("exceeds the available context size") || text.contains("context length exceeded")
            || text.contains("input is too long") || text.contains("exceeds the context window")
            || text.contains("longer than the model's context length")
        guard isTooLong else { return nil }
        return .contextTooLong(
            tokens: Self.number(behind: "the input (", in: text) ?? Self.number(behind: "request (", in: text),
            maximum: Self.number(behind: "context length (", in: text)
                ?? Self.number(behind: "context size (", in: text))
    }

    /// The second number of `[1, 983616]`.
    private static func upperBound(in text: String) -> Int? {
        guard let bracket = text.firstIndex(of: "["), let comma = text[bracket...].firstIndex(of: ",") else {
            return nil
        }
        return Self.leadingNumber(text[text.index(after: comma)...])
    }

    private static func number(behind phrase: String, in text: String) -> Int? {
        guard let start = Self.index(behind: phrase, in: text) else { return nil }
        return Self.leadingNumber(text[start...])
    }

    private static func index(behind phrase: String, in text: String) -> String.Index? {
        let bytes = text.utf8
        let wanted = Array(phrase.utf8)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index...].starts(with: wanted) { return bytes.index(index, offsetBy: wanted.count) }
            index = bytes.index(after: index)
        }
        return nil
    }

    private static func leadingNumber(_ text: Substring) -> Int? {
        let digits = text.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber || $0 == "," }.filter { $0 != "," }
        return Int(digits).flatMap { $0 < 1 << 40 ? $0 : nil }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Reads a Chat Completions request as the strictest of the known upstreams would, and lists all that is wrong with
/// it. What DashScope documents or was seen to refuse is a problem; so is everything Anthropic's that slipped through.
public struct ChatCompletionsValidator: Sendable {
    /// The largest `max_tokens` that the played model takes.
    public var outputLimit = 65_536
    /// Some text-only models refuse content that is a list.
    public var acceptsImages = true
    /// False for models that take the one system message first and no other.
    public var acceptsLateSystem = false

    public init() {}

    public func problems(in request: CapturedRequest) -> [String] {
        var problems: [String] = []
        if request.header("authorization")?.hasPrefix("Bearer ") != true { problems.append("no bearer token") }
        if request.header("content-type")?.hasPrefix("application/json") != true {
            problems.append("no JSON content type")
        }
        if request.header("expect") != nil { problems.append("Expect header") }
        for header in request.headers where Self.foreignHeaders.contains(where: header.name.lowercased().hasPrefix) {
            problems.append("the client's header \(header.name) was passed on")
        }
        do throws(JSONSyntaxError) {
            problems += self.problems(in: try JSONValue(parsing: request.body))
        } catch {
            problems.append("body: \(error)")
        }
        return problems
    }

    public func problems(in body: JSONValue) -> [String] {
        guard let top = body.object else { return ["the body is not an object"] }
        var problems = top.keys.filter { !Self.knownKeys.contains($0) }.sorted().map { "unknown key \($0)" }
        if (top["model"]?.string ?? "").isEmpty { problems.append("no model") }
        problems += self.numberProblems(top)
        problems += Self.toolProblems(top)
        guard let messages = top["messages"]?.array, !messages.isEmpty else { return problems + ["no messages"] }
        var rules = ConversationRules(acceptsImages: self.acceptsImages, acceptsLateSystem: self.acceptsLateSystem)
        for message in messages { rules.receive(message) }
        return problems + rules.finish()
    }

    private func numberProblems(_ top: [String: JSONValue]) -> [String] {
        var problems: [String] = []
        for key in ["max_tokens", "max_completion_tokens"] {
            guard let value = top[key] else { continue }
            guard let limit = value.integer, limit >= 1 else {
                problems.append("\(key) is not a positive integer")
                continue
            }
            if limit > self.outputLimit { problems.append("Range of \(key) should be [1, \(self.outputLimit)]") }
        }
        if let value = top["temperature"], !(0.0..<2.0 ~= value.number ?? -1) {
            problems.append("temperature \(value.text)")
        }
        if let value = top["top_p"], !((value.number ?? -1) > 0 && (value.number ?? 2) <= 1) {
            problems.append("top_p \(value.text)")
        }
        if let value = top["top_k"], (value.integer ?? -1) < 0 { problems.append("top_k \(value.text)") }
        if let value = top["stream"], value.bool == nil { problems.append("stream is not a boolean") }
        if top["stream_options"] != nil, top["stream"]?.bool != true {
            problems.append("stream_options without stream")
        }
        switch top["stop"] {
        case nil, .string: break
        case .array(let words) where !words.isEmpty && words.allSatisfy { $0.string != nil }: break
        default: problems.append("stop must be a string or a list of strings")
        }
        return problems
    }

    private static func toolProblems(_ top: [String: JSONValue]) -> [String] {
        var problems: [String] = []
        var names: Set<String> = []
        if let tools = top["tools"] {
            guard let list = tools.array, !list.isEmpty else { return ["tools is empty or not a list"] }
            for tool in list {
                let function = tool["function"]
                let name = function?["name"]?.string ?? ""
                if tool["type"]?.string != "function" { problems.append("a tool that is no function: \(name)") }
                if !Self.isFunctionName(name) { problems.append("function name \(name)") }
                if name == "search" { problems.append("Tool names are not allowed to be [search]") }
                if name == "DeferredToolPlaceholder" { problems.append("the placeholder was offered") }
                if !names.insert(name).inserted { problems.append("function \(name) twice") }
                let keys = Set(tool.object?.keys.map { $0 } ?? []).subtracting(["type", "function"])
                let inner = Set(function?.object?.keys.map { $0 } ?? [])
                    .subtracting(["name", "description", "parameters", "strict"])
                if !keys.isEmpty || !inner.isEmpty {
                    problems.append("extra keys in \(name): \((keys.union(inner)).sorted())")
                }
                if function?["parameters"]?["type"]?.string != "object" { problems.append("parameters of \(name)") }
                if let text = function?["description"], text.string == nil { problems.append("description of \(name)") }
            }
        }
        switch top["tool_choice"] {
        case nil: break
        case .string(let word):
            if !["auto", "none", "required"].contains(word) { problems.append("tool_choice \(word)") }
            if names.isEmpty, word != "none" { problems.append("tool_choice without tools") }
        case .some(let choice):
            if !names.contains(choice["function"]?["name"]?.string ?? "") {
                problems.append("tool_choice \(choice.text)")
            }
            if top["enable_thinking"]?.bool == true { problems.append("a forced tool in thinking mode") }
        }
        if let format = top["response_format"]?["type"]?.string, format != "text" {
            if !["json_object", "json_schema"].contains(format) { problems.append("response_format \(format)") }
            if top["enable_thinking"]?.bool == true { problems.append("response_format in thinking mode") }
        }
        return problems
    }

    static func isFunctionName(_ name: String) -> Bool {
        1...64 ~= name.utf8.count
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0))
            }
    }

    /// Headers of the client that must not go to an upstream.
    private static let foreignHeaders = ["anthropic-", "x-api-key", "x-claude-code", "x-stainless", "x-app"]

    private static let knownKeys: Set<String> = [
        "model", "messages", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "max_tokens",
        "max_completion_tokens", "temperature", "top_p", "top_k", "stop", "presence_penalty", "frequency_penalty",
        "repetition_penalty", "seed", "n", "response_format", "user", "logprobs", "top_logprobs", "enable_thinking",
        "thinking_budget", "preserve_thinking", "reasoning_effort", "enable_search", "search_options", "metadata",
        "vl_high_resolution_images",
    ]
}

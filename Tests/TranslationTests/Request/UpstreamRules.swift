// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a strict Chat Completions upstream demands of a request, written without a look at the translator: it reads
/// the finished bytes with another parser.
struct UpstreamRules {
    private(set) var violations: [String] = []
    private static let topLevel: Set<String> = [
        "model", "messages", "stream", "stream_options", "max_tokens", "temperature", "top_p", "top_k", "stop",
        "max_completion_tokens", "response_format", "chat_template_kwargs", "enable_thinking", "thinking_budget",
        "reasoning_effort", "tools", "tool_choice",
        "parallel_tool_calls",
    ]

    init(checking body: [UInt8]) {
        guard let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
            self.violations = ["the body is no JSON object"]
            return
        }
        for key in object.keys where !Self.topLevel.contains(key) { self.note("unknown field \(key)") }
        if (object["model"] as? String ?? "").isEmpty { self.note("no model") }
        if let tokens = object["max_tokens"], (tokens as? Int ?? 0) < 1 { self.note("max_tokens \(tokens)") }
        self.checkTools(object)
        self.checkMessages(object["messages"] as? [[String: Any]] ?? [])
    }

    private mutating func note(_ violation: String) { self.violations.append(violation) }

    private mutating func checkTools(_ object: [String: Any]) {
        var names: Set<String> = []
        if let tools = object["tools"] {
            let tools = tools as? [[String: Any]] ?? []
            if tools.isEmpty { self.note("tools without a tool") }
            for tool in tools {
                guard Set(tool.keys) == ["type", "function"], tool["type"] as? String == "function",
                    let function = tool["function"] as? [String: Any], let name = function["name"] as? String
                else {
                    self.note("no function: \(tool)")
                    continue
                }
                if !Set(function.keys).isSubset(of: ["name", "description", "parameters"]) {
                    self.note("keys of \(name)")
                }
                if !Self.isName(name) || name == "search" { self.note("name \(name)") }
                if !names.insert(name).inserted { self.note("\(name) twice") }
                let parameters = function["parameters"] as? [String: Any] ?? [:]
                if parameters["type"] as? String != "object" || !(parameters["properties"] is [String: Any]) {
                    self.note("parameters of \(name)")
                }
            }
        } else if object["tool_choice"] != nil || object["parallel_tool_calls"] != nil {
            self.note("a choice without tools")
        }
        let choice = object["tool_choice"] as? [String: Any]
        let isForced = choice != nil || object["tool_choice"] as? String == "required"
        if let function = choice?["function"] as? [String: Any], !names.contains(function["name"] as? String ?? "") {
            self.note("a choice of a function that is not offered")
        }
        if isForced || object["response_format"] != nil, object["enable_thinking"] as? Bool == true {
            self.note("thinking while forced")
        }
        if object["reasoning_effort"] != nil, object["enable_thinking"] != nil { self.note("two ways to think") }
    }

    private mutating func checkMessages(_ messages: [[String: Any]]) {
        var waiting: [String] = []
        var ids: Set<String> = []
        var previous = ""
        for (index, message) in messages.enumerated() {
            let role = message["role"] as? String ?? ""
            if role != "tool", !waiting.isEmpty { self.note("\(index): calls without results: \(waiting)") }
            switch role {
            case "system":
                if index != 0 { self.note("\(index): a system message behind others") }
                self.checkContent(message, at: index, allowsEmpty: false)
            case "user":
                if previous == "user" { self.note("\(index): two user messages in a row") }
                if Set(message.keys) != ["role", "content"] { self.note("\(index): keys") }
                self.checkContent(message, at: index, allowsEmpty: false)
            case "assistant":
                if previous == "assistant" { self.note("\(index): two assistant messages in a row") }
                if index == 0 || previous == "system" { self.note("\(index): the model begins") }
                let calls = message["tool_calls"] as? [[String: Any]] ?? []
                if message["tool_calls"] != nil, calls.isEmpty { self.note("\(index): no calls") }
                guard let content = message["content"] as? String else {
                    self.note("\(index): content is no string")
                    continue
                }
                if content.isEmpty, calls.isEmpty { self.note("\(index): an empty message of the model") }
                waiting = calls.map { $0["id"] as? String ?? "" }
                for call in calls { self.check(call, at: index, ids: &ids) }
            case "tool":
                if Set(message.keys) != ["role", "tool_call_id", "content"] { self.note("\(index): keys") }
                if waiting.first != message["tool_call_id"] as? String { self.note("\(index): not the next result") }
                waiting = Array(waiting.dropFirst())
                if !(message["content"] is String) { self.note("\(index): a result that is no string") }
            default:
                self.note("\(index): role \(role)")
            }
            previous = role
        }
        if !waiting.isEmpty { self.note("the end: calls without results") }
        if previous != "user", previous != "tool" { self.note("the end: the last message is of \(previous)") }
        if !messages.contains(where: { $0["role"] as? String == "user" }) { self.note("no user message") }
    }

    private mutating func check(_ call: [String: Any], at index: Int, ids: inout Set<String>) {
        let id = call["id"] as? String ?? ""
        if id.isEmpty || !ids.insert(id).inserted { self.note("\(index): id '\(id)'") }
        let function = call["function"] as? [String: Any] ?? [:]
        if call["type"] as? String != "function" || !Self.isName(function["name"] as? String ?? "") {
            self.note("\(index): name of \(call)")
        }
        let arguments = function["arguments"] as? String ?? ""
        if !((try? JSONSerialization.jsonObject(with: Data(arguments.utf8))) is [String: Any]) {
            self.note("\(index): arguments \(arguments)")
        }
    }

    private mutating func checkContent(_ message: [String: Any], at index: Int, allowsEmpty: Bool) {
        switch message["content"] {
        case let text as String:
            if text.isEmpty { self.note("\(index): empty content") }
        case let parts as [[String: Any]]:
            if parts.isEmpty { self.note("\(index): no parts") }
            for part in parts {
                switch part["type"] as? String {
                case "text" where part["text"] is String: break
                case "image_url" where message["role"] as? String == "user":
                    let url = (part["image_url"] as? [String: Any])?["url"] as? String ?? ""
                    if !url.hasPrefix("data:image/"), !url.hasPrefix("https://") { self.note("\(index): image \(url)") }
                default: self.note("\(index): part \(part)")
                }
            }
        default:
            self.note("\(index): no content")
        }
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                $0 == 0x5F || $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0)
            }
    }
}

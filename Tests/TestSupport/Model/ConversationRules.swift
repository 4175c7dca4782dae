// SPDX-License-Identifier: Apache-2.0

/// The rules of a conversation, message by message: which role may follow which, and which tool results are owed.
struct ConversationRules {
    private let acceptsImages: Bool
    private let acceptsLateSystem: Bool
    private var problems: [String] = []
    private var index = 0
    private var lastRole = ""
    private var hasUser = false
    /// Calls of the latest assistant message whose results have not come.
    private var owed: [String] = []
    private var usedIDs: Set<String> = []
    private var repetition = (call: "", count: 0)

    init(acceptsImages: Bool, acceptsLateSystem: Bool) {
        self.acceptsImages = acceptsImages
        self.acceptsLateSystem = acceptsLateSystem
    }

    mutating func receive(_ message: JSONValue) {
        let role = message["role"]?.string ?? ""
        if role != "tool" { self.settle() }
        self.checkKeys(message, role)
        switch role {
        case "system":
            if self.index > 0, !self.acceptsLateSystem { self.complain("system is not first") }
            self.checkContent(message["content"], role, mayBeEmpty: false)
        case "user":
            self.hasUser = true
            if self.lastRole == "user" { self.complain("a second user message in a row") }
            self.checkContent(message["content"], role, mayBeEmpty: false)
        case "assistant":
            let calls = message["tool_calls"]?.array ?? []
            self.checkContent(message["content"], role, mayBeEmpty: !calls.isEmpty)
            self.checkCalls(message["tool_calls"])
        case "tool":
            let id = message["tool_call_id"]?.string ?? ""
            if let position = self.owed.firstIndex(of: id) {
                self.owed.remove(at: position)
            } else {
                self.complain("a result for the unknown call \(id)")
            }
            self.checkContent(message["content"], role, mayBeEmpty: true)
        default:
            self.complain("role \(role)")
        }
        self.lastRole = role
        self.index += 1
    }

    mutating func finish() -> [String] {
        self.settle()
        if !self.hasUser { self.problems.append("no user message") }
        if self.lastRole == "assistant" { self.problems.append("the last message is the assistant's") }
        return self.problems
    }

    private mutating func complain(_ problem: String) {
        self.problems.append("message \(self.index): \(problem)")
    }

    private mutating func settle() {
        guard !self.owed.isEmpty else { return }
        self.complain("calls without results before it: \(self.owed)")
        self.owed = []
    }

    private mutating func checkKeys(_ message: JSONValue, _ role: String) {
        var allowed: Set = ["role", "content", "name"]
        if role == "assistant" { allowed.formUnion(["tool_calls", "reasoning_content", "partial"]) }
        if role == "tool" { allowed.insert("tool_call_id") }
        let extra = Set(message.object?.keys.map { $0 } ?? []).subtracting(allowed)
        if !extra.isEmpty { self.complain("extra keys \(extra.sorted())") }
    }

    private mutating func checkContent(_ content: JSONValue?, _ role: String, mayBeEmpty: Bool) {
        switch content {
        case nil: self.complain("The content field is a required field.")
        case .string(let text):
            if text.isEmpty, !mayBeEmpty { self.complain("empty content") }
        case .array(let parts):
            if parts.isEmpty { self.complain("an empty content list") }
            for part in parts { self.checkPart(part, role) }
        case .some(let other): self.complain("content is \(other.text.prefix(20))")
        }
    }

    private mutating func checkPart(_ part: JSONValue, _ role: String) {
        switch part["type"]?.string {
        case "text":
            if (part["text"]?.string ?? "").isEmpty { self.complain("an empty text part") }
        case "image_url":
            let url = part["image_url"]?["url"]?.string ?? ""
            if role != "user" { self.complain("an image of the \(role)") }
            if !self.acceptsImages { self.complain("input content must be a string.") }
            if !["data:image/", "https://", "http://"].contains(where: url.hasPrefix) {
                self.complain("image URL \(url.prefix(30))")
            }
        case let type: self.complain("Unexpected item type in content: \(type ?? "none")")
        }
        if let mark = part["cache_control"], mark != ["type": "ephemeral"] {
            self.complain("cache_control \(mark.text)")
        }
    }

    private mutating func checkCalls(_ calls: JSONValue?) {
        guard let calls else { return }
        guard let list = calls.array, !list.isEmpty else { return self.complain("tool_calls is empty or not a list") }
        for call in list {
            let id = call["id"]?.string ?? ""
            let name = call["function"]?["name"]?.string ?? ""
            if id.isEmpty || !self.usedIDs.insert(id).inserted {
                self.complain("call id \"\(id)\" is empty or used before")
            }
            self.owed.append(id)
            if call["type"]?.string != "function" { self.complain("a call that is no function") }
            if !ChatCompletionsValidator.isFunctionName(name) { self.complain("function name \(name)") }
            let arguments = call["function"]?["arguments"]?.string ?? ""
            if (try? JSONValue(parsing: arguments))?.object == nil {
                self.complain(
                    "The \"function.arguments\" parameter of the code model must be in JSON format: \(arguments.prefix(60))"
                )
            }
            self.countRepetition(name + arguments)
        }
    }

    private mutating func countRepetition(_ call: String) {
        self.repetition = (call, self.repetition.call == call ? self.repetition.count + 1 : 1)
        if self.repetition.count > 5 { self.complain("Repetitive tool calls detected in the conversation history.") }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Where a conversation stands, read from the request alone: the upstream keeps no conversations.
struct Situation: Sendable {
    /// A scenario is asked for in the prompt: `[[play NAME in DIRECTORY]]`. The last one counts.
    var scenario: String
    var directory: String
    /// How often the model has answered since.
    var step: Int
    /// What came after the prompt.
    var followUp: [JSONValue]
    var offeredTools: Set<String>
    var lastText: String
    var systemText: String
    var request: JSONValue

    init(_ request: JSONValue) {
        let messages = request["messages"]?.array ?? []
        self.request = request
        self.scenario = ""
        self.directory = ""
        var promptIndex = -1
        for (index, message) in messages.enumerated() where message["role"]?.string == "user" {
            guard let marker = Self.marker(in: Self.text(of: message)) else { continue }
            (self.scenario, self.directory) = marker
            promptIndex = index
        }
        self.followUp = Array(messages.dropFirst(promptIndex + 1))
        self.step = self.followUp.count { $0["role"]?.string == "assistant" }
        self.offeredTools = Set((request["tools"]?.array ?? []).compactMap { $0["function"]?["name"]?.string })
        self.lastText = messages.last.map(Self.text(of:)) ?? ""
        self.systemText = messages.filter { $0["role"]?.string == "system" }.map(Self.text(of:)).joined(separator: "\n")
    }

    static func prompt(_ scenario: Scenario, in directory: String) -> String {
        // A client that compacts may leave the prompt out, and with it the directory.
        "[[play \(scenario.rawValue) in \(directory.isEmpty ? "-" : directory)]]"
    }

    /// The texts of the results that the follow-up brought.
    var results: [String] {
        self.followUp.filter { $0["role"]?.string == "tool" }.map(Self.text(of:))
    }

    var imageCount: Int {
        self.followUp.flatMap { $0["content"]?.array ?? [] }.count { $0["type"]?.string == "image_url" }
    }

    static func text(of message: JSONValue) -> String {
        switch message["content"] {
        case .string(let text): text
        case .array(let parts): parts.compactMap { $0["text"]?.string }.joined(separator: "\n")
        default: ""
        }
    }

    private static func marker(in text: String) -> (String, String)? {
        var found: (String, String)?
        var rest = text[...]
        while let start = rest.firstRange(of: "[[play ") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "]]") else { break }
            let words = rest[..<end.lowerBound].split(separator: " ")
            if words.count == 3, words[1] == "in" { found = (String(words[0]), String(words[2])) }
        }
        return found
    }
}

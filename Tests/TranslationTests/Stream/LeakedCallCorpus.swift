// SPDX-License-Identifier: Apache-2.0

@testable import Translation

/// A text of a model, and the blocks it must become.
struct LeakedCallCase: Sendable {
    enum Place: Sendable {
        case content
        case reasoning
    }

    var source: String
    var place = Place.content
    var text: String
    /// As `RecordingSink.transcript` has it, without the end.
    var blocks: [String]
    var stopReason = "tool_use"
}

/// Calls from a grammar with a seed: every form, layout and damage that is known, around values of every kind.
struct LeakedCallGenerator {
    private var random: SplitMix

    init(seed: UInt64) { self.random = SplitMix(state: seed) }

    /// Values of strings.
    static let values = [
        "ls -la", "grep -n '<div class=\"a\">' x.html | head", "echo \"a < b && c > d\"",
        "cat <<'EOF' > x\nline\n\nEOF",
        "echo `date`", "日本「語」 😀", "it's {\"json\": [1, 2]}", "", "```\ncode\n```", "a\\nb \\d+", "<tool_call>",
        "<parameter", "x</function", "- a\n- \"b\"\n> c", "<function=Bash> is a tag", "tab\there",
    ]
    /// Values that hold the markup of calls themselves.
    static let nestedValues = [
        "say </parameter> here", "a </parameter>\nb", "</tool_call> and </function> close it",
        "# Format\n<tool_call>\n<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>\nEnd",
        "<function=Write>\n<parameter=file_path>\na\n</parameter>\n<parameter=content>\nb\n</parameter>\n</function>",
        "A line with <parameter=timeout> in it", "<parameter=command>", "</function>\n</tool_call>\nmore",
        "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"x\"}}</tool_call>",
    ]
    private static let proses = [
        "", "I look.\n\n", "Let me check that:\n", "Done with `a.txt`.\n\n", "It's \"fine\".\n", "好的。\n",
    ]

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self.random)]
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self.random) < percent }

    /// One call, and what the client must get of it.
    mutating func call(_ values: [String]) -> (text: String, block: String) {
        let value = self.pick(values)
        let timeout = self.chance(50) ? self.pick(["5", "120000"]) : nil
        return switch self.pick(["function", "function", "invoke", "object"]) {
        case "function": self.tags("<function=Bash>", "</function>", { "<parameter=\($0)>" }, value, timeout)
        case "invoke":
            self.tags("<invoke name=\"Bash\">", "</invoke>", { "<parameter name=\"\($0)\">" }, value, timeout)
        default: self.object(value, timeout)
        }
    }

    private mutating func tags(
        _ opening: String, _ closing: String, _ parameter: (String) -> String, _ value: String, _ timeout: String?
    ) -> (text: String, block: String) {
        let isPlain = !LeakedCallGenerator.nestedValues.contains(value)
        let end = value.isEmpty || self.chance(70) ? "\n" : self.pick(["\n", "\r\n"])
        var lines = [opening, parameter("command"), value]
        // What may be missing without a doubt about what was meant.
        let lacksEnd = isPlain && timeout != nil && self.chance(40)
        if !lacksEnd { lines.append("</parameter>") }
        if let timeout { lines += [parameter("timeout"), timeout, "</parameter>"] }
        let wrapper = opening.hasPrefix("<i") && self.chance(50) ? "function_calls" : "tool_call"
        let isWrapped = self.chance(70)
        if !isWrapped || self.chance(80) { lines.append(closing) }
        if isWrapped {
            lines.insert("<\(wrapper)>", at: 0)
            lines.append("</\(wrapper)>")
        } else if self.chance(20) {
            lines.append("</tool_call>")
        }
        var block = "Bash: {\"command\":\(Self.json(end == "\n" ? value : value.replacing("\n", with: end)))"
        if let timeout { block += ",\"timeout\":\(timeout)" }
        return (lines.map { $0.replacing("\n", with: end) }.joined(separator: end), block + "}")
    }

    private mutating func object(_ value: String, _ timeout: String?) -> (text: String, block: String) {
        var arguments = "{\"command\": \(Self.json(value))"
        if let timeout { arguments += ", \"timeout\": \(timeout)" }
        arguments += "}"
        let name = self.pick(["\"name\": \"Bash\", ", "\"name\":\"Bash\","])
        let space = self.pick(["", "\n", " "])
        let brackets = self.pick(["}", "}", "}", "", "}}"])
        let member = self.pick(["arguments", "arguments", "parameters"])
        return (
            "<tool_call>\(space){\(name)\"\(member)\": \(arguments)\(brackets)\(space)</tool_call>",
            "Bash: \(arguments)"
        )
    }

    /// The value as JSON, escaped as little as can be.
    static func json(_ value: String) -> String { "\"\(value.unicodeScalars.map { Self.escaped($0) }.joined())\"" }

    static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": "\\\\"
        case "\"": "\\\""
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: String(scalar)
        }
    }

    /// An answer that ends with one to three calls.
    mutating func answer(_ values: [String]) -> LeakedCallCase {
        var text = self.pick(Self.proses)
        var blocks = text.isEmpty ? [] : ["text: \(text)"]
        for number in 1...self.pick([1, 1, 1, 2, 3]) {
            let call = self.call(values)
            text += (number == 1 ? "" : self.pick(["\n", "\n\n", "\r\n"])) + call.text
            blocks.append("toolu_\(number) \(call.block)")
        }
        text += self.pick(["", "", "\n", "\n\n", " "])
        return LeakedCallCase(source: "grammar", text: text, blocks: blocks)
    }

    /// Reasoning that ends with a call.
    mutating func reasoning(_ values: [String]) -> LeakedCallCase {
        var answer = self.answer(values)
        answer.place = .reasoning
        answer.blocks = answer.blocks.map { $0.hasPrefix("text: ") ? "thinking: \($0.dropFirst(6))§" : $0 }
        return answer
    }

    /// A text that only shows a call, or says something like one.
    mutating func innocent() -> LeakedCallCase {
        let call = self.call(Self.values.filter { !$0.contains("`") && !$0.contains("\n") }).text
        let lines = String(String.UnicodeScalarView(call.unicodeScalars.filter { $0 != "\r" }))
        let line = lines.replacing("\n", with: "")
        let after = self.pick(["\n\nThat is the format.", "\nSo it goes.", "\n\n1. Then wait.", "\n\nTry `ls`."])
        let text =
            switch Int.random(in: 0..<16, using: &self.random) {
            case 0...3: self.fenced(lines) + after
            case 4: "Look:\n\n" + lines.split(separator: "\n").map { "> \($0)" }.joined(separator: "\n") + after
            case 5: "It is `\(line)` in one line." + after
            case 6: "Write ``\(line)`` to call it" + after
            case 7: "Write “\(line)” to call it" + after
            case 8: "Schreib „\(line)“ oder «\(line)» dafür" + after
            case 9: "写「\(line)」或『\(line)』。" + after
            case 10: "The model said '\(line)' and stopped" + after
            case 11: "A call is written \(line), and then you wait" + after
            case 12: "\(line) is what it says" + after
            case 13: lines.replacing("Bash", with: self.pick(["Nope", "bash", "BashOutput", "", "B a"])) + after
            case 14:
                self.pick([
                    "<tool_call>", "<function=Bash", "<function=", "<invoke name=", "<tool_call>{", "</tool_call>",
                ])
                    + self.pick(["", " is a tag", "\n\nis one", " <tool_call> <tool_call>"])
            default: "Steps:\n\n    " + lines.replacing("\n", with: "\n    ") + after
            }
        return LeakedCallCase(source: "grammar", text: text, blocks: ["text: \(text)"], stopReason: "end_turn")
    }

    private mutating func fenced(_ call: String) -> String {
        let run = self.pick(["```", "~~~", "````", "~~~~~"])
        let info = self.pick(["", "xml", " json title=\"a\"", "tool_call"])
        let indent = self.pick(["", "", "  ", "   ", "> ", "- ", "1. "])
        let inner =
            indent.hasPrefix("-") || indent.hasPrefix("1") ? String(repeating: " ", count: indent.count) : indent
        let before = self.pick(["", "# Title\n", "echo 1\n", "\n"])
        let body = (before + call + self.pick(["", "\n\nx"])).split(separator: "\n", omittingEmptySubsequences: false)
        let lines = body.map { inner + $0 }.joined(separator: "\n")
        return self.pick(["So:\n", "", "A list:\n\n"]) + indent + run + info + "\n" + lines + "\n" + inner + run
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// The list of all settings as it stands in qwenproxyd.toml(5), in mdoc.
    static var manual: String {
        ([".Bl -tag -width Ds"] + self.all.flatMap(\.manualLines) + [".El"]).joined(separator: "\n")
    }

    private var manualLines: [String] {
        let effect = self.effect == .restart ? " Needs a restart." : ""
        var lines = [".It Ic \(Self.escaped(self.key))"]
        lines += Self.wrapped("\(self.summary) Takes \(self.expected).\(effect)")
        if !self.documentedDefault.isEmpty { lines += Self.wrapped("Default: \(self.documentedDefault).") }
        if let environment = self.environment { lines += ["Environment:", ".Ev \(environment) ."] }
        if let flag = self.flag { lines += ["Option:", ".Fl \(flag.dropFirst()) ."] }
        return lines
    }

    /// Each sentence begins a line of its own, and no line is longer than 80 bytes.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in Self.escaped(text).split(separator: " ") {
            // Both are what mandoc's checks ask for.
            let endsSentence = lines.last?.last.map { ".:".contains($0) } ?? true
            if let last = lines.last, !endsSentence, last.utf8.count + word.utf8.count < 78 {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                // At the beginning of a line these two would be the signs of a macro.
                lines.append(word.first == "." || word.first == "'" ? "\\&\(word)" : String(word))
            }
        }
        return lines
    }

    /// Quotation marks in place of the marks of code.
    private static func escaped(_ text: String) -> String {
        var isOpen = false
        return text.map { character in
            switch character {
            case "\\": return "\\e"
            case "`":
                isOpen.toggle()
                return isOpen ? "\\(oq" : "\\(cq"
            default: return String(character)
            }
        }.joined()
    }
}

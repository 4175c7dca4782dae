// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// The table of all settings as it stands in the documentation.
    static var markdown: String {
        let rows = self.all.map { setting in
            let names = [setting.environment, setting.flag].map { $0.map { "`\($0)`" } ?? "" }.joined(separator: " | ")
            return "| `\(setting.key)` | \(names) | \(setting.documentedDefault) | \(setting.markdownSummary) |"
        }
        let head = ["| Key | Environment | Flag | Default | Meaning |", "|---|---|---|---|---|"]
        return (head + rows).joined(separator: "\n")
    }

    /// The table of all variables as it stands in the README.
    static var variablesMarkdown: String {
        let rows = self.all.compactMap { setting in
            setting.environment.map { "| `\($0)` | \(setting.documentedDefault) | \(setting.summary) |" }
        }
        let head = [
            "| Variable | Default | Meaning |", "|---|---|---|",
            "| `QWEN_CONFIG` |  | The configuration file, instead of the one in the usual places. |",
        ]
        return (head + rows).joined(separator: "\n")
    }

    /// What holds when nothing is set, for people.
    var documentedDefault: String {
        if let text = self.defaultText { return text }
        let value = self.isNamed ? "" : self.shown(in: Configuration(), name: nil)
        return value.isEmpty ? "" : "`\(value)`"
    }

    private var markdownSummary: String {
        // In a table a bar would end the cell.
        let expected = self.expected.replacing("\"", with: "`").replacing("|", with: "\\|")
        let effect = self.effect == .restart ? " Needs a restart." : ""
        return "\(self.summary) Takes \(expected).\(effect)"
    }
}

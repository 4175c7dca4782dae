// SPDX-License-Identifier: Apache-2.0

/// One thing that the doctor looked at.
struct Finding: Codable, Equatable {
    enum Verdict: String, Codable {
        case good
        /// Works, and could be otherwise than the user thinks.
        case note
        /// Works for now, or not for everything.
        case warning
        case failure
        /// Could not be looked at; something else has to be right first.
        case skipped
    }

    /// One or two words.
    var subject: String
    var verdict: Verdict
    var text: String
    /// What to do about it.
    var fix: String?

    init(_ subject: String, _ verdict: Verdict, _ text: String, fix: String? = nil) {
        self.subject = subject
        self.verdict = verdict
        self.text = text
        self.fix = fix
    }

    var lines: [StyledText] {
        let mark =
            switch self.verdict {
            case .good: StyledText("✓", .green)
            case .note: StyledText("·", .cyan)
            case .warning: StyledText("!", .yellow)
            case .failure: StyledText("✗", .red)
            case .skipped: StyledText("-", .faint)
            }
        let texts = self.text.split(separator: "\n").map(String.init)
        let head = mark + StyledText(" ") + StyledText("\(self.subject):", .bold) + StyledText(" \(texts.first ?? "")")
        let fixes = self.fix.map { $0.split(separator: "\n").map { StyledText("    → \($0)", .cyan) } } ?? []
        return [head.hanging(by: 4)] + texts.dropFirst().map { StyledText("    \($0)").hanging(by: 4) }
            + fixes.map { $0.hanging(by: 6) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// What a setup came to.
struct SetupReport: Encodable, Equatable {
    var upstream: String
    var model: String?
    /// The files of the configuration that were written.
    var files: [String] = []
    var isRunning = false
    /// Absent when nothing was asked.
    var test: UpstreamTestReport?
    /// Claude Code's settings file; absent when it was left alone.
    var clientSettings: String?
    /// What keeps Claude Code from the daemon all the same.
    var shadows: [Finding] = []
    /// The command to type now.
    var next = ""

    /// What is in place before Claude Code is connected.
    var upstreamLines: [StyledText] {
        let text =
            self.test.map { UpstreamLine.text($0) } ?? "\(self.upstream) is set up, and was not asked for anything."
        return text.split(separator: "\n").enumerated().map { index, line in
            (StyledText(index == 0 ? "✓ " : "", .green) + StyledText(String(line))).hanging(by: index == 0 ? 2 : 4)
        }
    }

    /// What comes after that.
    var clientLines: [StyledText] {
        var lines: [StyledText] = []
        if let clientSettings {
            let text =
                "Claude Code is connected. \"qwenproxyctl setup --undo\" takes that out of \(clientSettings) again."
            lines.append((StyledText("✓ ", .green) + StyledText(text)).hanging(by: 2))
        }
        lines += self.shadows.flatMap(\.lines)
        return lines + [StyledText("Type this now:"), StyledText(""), StyledText("    \(self.next)", .bold)]
    }
}

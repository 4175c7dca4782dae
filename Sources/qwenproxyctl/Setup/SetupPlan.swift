// SPDX-License-Identifier: Apache-2.0

import Shared

/// What `setup` is going to do, to be shown before it is done. A pure value.
struct SetupPlan: Equatable {
    struct FileChange: Equatable {
        var name: String
        var before: String?
        var text: String
    }

    var directory: String
    /// Only files that change.
    var files: [FileChange]
    /// The command that has the daemon run now and later; nil when it does, or when there is nothing to command.
    var enable: String?

    var isEmpty: Bool { self.files.isEmpty && self.enable == nil }

    var changes: [UpstreamEditor.Change] { self.files.map { ($0.name, $0.text) } }

    init(directory: String, wanted: [UpstreamEditor.Change], before: (String) -> String?, enable: String?) {
        self.directory = directory
        self.enable = enable
        self.files = wanted.compactMap { change in
            let earlier = before(change.name)
            guard let text = change.text, text != earlier else { return nil }
            return FileChange(name: change.name, before: earlier, text: text)
        }
    }

    /// Without keys.
    var lines: [StyledText] {
        var lines = self.files.flatMap { file in
            let verb = file.before == nil ? "Write" : "Change"
            let head = StyledText("\(verb) \(self.directory)/\(file.name), which only you can read:")
            return [head.hanging(by: 2)] + Self.shown(file.text).map { StyledText("    \($0)", .cyan).hanging(by: 6) }
        }
        if let enable = self.enable {
            lines += [StyledText("Have it run, now and after each login:"), StyledText("    \(enable)", .cyan)]
        }
        return lines
    }

    /// - Parameter text: of a file that this program writes.
    private static func shown(_ text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            line.hasPrefix("api_key = ") ? "api_key = \"...\"" : String(line)
        }
    }
}

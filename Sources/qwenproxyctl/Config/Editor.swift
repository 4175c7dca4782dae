// SPDX-License-Identifier: Apache-2.0

/// The user's editor, as other programs find it.
enum Editor {
    /// - Returns: nil when there is none, else its exit status.
    static func run(on path: String) throws(ExternalProgram.Failure) -> Int32? {
        if let command = ProcessEnvironment.value("VISUAL") ?? ProcessEnvironment.value("EDITOR") {
            // It may be a command with arguments, so the shell takes it apart.
            return try ExternalProgram(path: "/bin/sh").runAttached(["-c", "\(command) \"$1\"", "editor", path])
        }
        for name in ["editor", "nano", "vi"] {
            if let editor = ExternalProgram(named: name) { return try editor.runAttached([path]) }
        }
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// How a shell is told to set a variable.
enum ShellSyntax {
    /// sh, bash, zsh, dash, ksh.
    case posix
    case fish

    /// - Parameter value: nil takes the variable away.
    func statement(_ name: String, _ value: String?) -> String {
        switch (self, value) {
        case (.posix, .some(let value)): "export \(name)=\(self.quoted(value))"
        case (.posix, .none): "unset \(name)"
        case (.fish, .some(let value)): "set -gx \(name) \(self.quoted(value))"
        case (.fish, .none): "set -e \(name)"
        }
    }

    /// As one word that stands for exactly this text.
    func quoted(_ text: String) -> String {
        if ShellWord.isPlain(text) { return text }
        switch self {
        case .posix:
            return ShellWord.quoted(text)
        case .fish:
            // Within single quotes fish knows these two escapes, and a POSIX shell none.
            return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
    }
}

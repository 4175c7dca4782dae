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
        let isPlain = !text.isEmpty && text.utf8.allSatisfy(Self.isPlain)
        if isPlain { return text }
        switch self {
        case .posix:
            // Nothing is special between single quotes; a single quote itself stands outside of them.
            return "'" + text.replacing("'", with: "'\\''") + "'"
        case .fish:
            return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isNameCharacter || "./:@%+,".utf8.contains(byte)
    }
}

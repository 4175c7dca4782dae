// SPDX-License-Identifier: Apache-2.0

/// A text as one word of a POSIX shell.
public enum ShellWord {
    /// Whether a shell takes the text as it is.
    public static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isNameCharacter || "./:@%+,".utf8.contains($0) }
    }

    public static func quoted(_ text: String) -> String {
        if self.isPlain(text) { return text }
        // Nothing is special between single quotes; a single quote itself stands outside of them.
        return "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The directories in which a shell looks for programs.
public struct SearchPath: Sendable, Equatable {
    private let directories: [String]

    /// - Parameter text: the value of `PATH`; nil for what most systems have.
    public init(_ text: String?) {
        self.directories = (text ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
    }

    /// What this process was started with.
    public static var ofProcess: SearchPath { SearchPath(unsafe getenv("PATH").map { unsafe String(cString: $0) }) }

    /// The path of the first program of this name, as a shell would find it.
    public func program(named name: String) -> String? {
        self.directories.lazy.map { "\($0)/\(name)" }.first(where: Self.isProgram)
    }

    /// What to type to run the program at `path`: its name where the shell finds this very file by that, else nil.
    public func shortName(of path: String) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let found = self.program(named: name), Self.isSame(found, path) else { return nil }
        return name
    }

    /// Whether it is a file that may be executed.
    public static func isProgram(_ path: String) -> Bool {
        var information = stat()
        // A directory may be "executable" as well: that means to enter it.
        guard unsafe stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return false }
        return unsafe access(path, X_OK) == 0
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        // By device and inode: /bin may be a link to /usr/bin.
        return unsafe stat(one, &first) == 0 && stat(other, &second) == 0
            && first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}

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

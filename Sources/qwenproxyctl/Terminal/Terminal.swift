// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Shared

/// Text on its way to the user.
enum Terminal {
    /// Standard output is a terminal, and nobody said that he wants no colours (https://no-color.org).
    static var isColoured: Bool {
        Self.isOutputTerminal && ProcessEnvironment.value("NO_COLOR") == nil
            && ProcessEnvironment.value("TERM") != "dumb"
    }

    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Nil when there is no terminal, or it does not know.
    static var size: (rows: Int, columns: Int)? {
        var rows: UInt16 = 0
        var columns: UInt16 = 0
        guard unsafe qp_terminal_size(STDOUT_FILENO, &rows, &columns) == 0, rows > 0, columns > 0 else { return nil }
        return (Int(rows), Int(columns))
    }

    static func print(_ lines: [StyledText]) {
        let isColoured = Self.isColoured
        Self.write(lines.map { $0.rendered(isColoured: isColoured) + "\n" }.joined(), to: STDOUT_FILENO)
    }

    /// Yes is what Return means. Where nobody can answer, the answer is no.
    static func asks(_ question: String) -> Bool {
        guard Self.isInputTerminal else { return false }
        Self.write("\(question) [Y/n] ", to: STDERR_FILENO)
        guard let answer = readLine() else { return false }
        return !answer.lowercased().hasPrefix("n")
    }

    /// Asks for what must not be seen on the screen.
    static func secret(_ prompt: String) -> String? {
        guard let text = unsafe getpass(prompt) else { return nil }
        return unsafe String(cString: text)
    }

    /// What moves the cursor and switches modes.
    static func control(_ sequence: String) {
        Self.write(sequence, to: STDOUT_FILENO)
    }

    static func printError(_ message: String) {
        Self.write("qwenproxyctl: \(Self.sanitized(message))\n", to: STDERR_FILENO)
    }

    static func print(_ text: String) {
        Self.write("\(Self.sanitized(text))\n", to: STDOUT_FILENO)
    }

    /// JSON escapes control characters itself.
    static func print(json: [UInt8]) {
        Self.write(json, to: STDOUT_FILENO)
    }

    /// A reply, for a program or for a person.
    static func print(_ reply: some Encodable, asJSON isJSON: Bool, else text: @autoclosure () -> String) {
        if isJSON { self.print(json: JSONText.pretty(reply)) } else { self.print(text()) }
    }

    static func print(_ reply: some Encodable, asJSON isJSON: Bool, else lines: @autoclosure () -> [StyledText]) {
        if isJSON { self.print(json: JSONText.pretty(reply)) } else { self.print(lines()) }
    }

    /// Error messages come from upstreams by way of the daemon; they must not steer the terminal.
    static func sanitized(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(scalar.steersDisplay && scalar != "\n" ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }

    private static func write(_ text: String, to descriptor: CInt) {
        Self.write(Array(text.utf8), to: descriptor)
    }

    /// - Returns: false when not all of it could be written, with the reason in `errno`.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}

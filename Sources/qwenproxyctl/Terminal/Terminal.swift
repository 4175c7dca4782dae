// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Shared

/// Text on its way to the user.
enum Terminal {
    /// Standard output is a terminal, and colours were not refused (https://no-color.org).
    static var isColoured: Bool { Self.isOutputTerminal && Self.allowsColours }

    private static var allowsColours: Bool {
        ProcessEnvironment.value("NO_COLOR") == nil && ProcessEnvironment.value("TERM") != "dumb"
    }

    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Nil when there is no terminal, or it does not know.
    static var size: (rows: Int, columns: Int)? { Self.size(of: STDOUT_FILENO) }

    private static func size(of descriptor: CInt) -> (rows: Int, columns: Int)? {
        var rows: UInt16 = 0
        var columns: UInt16 = 0
        guard unsafe qp_terminal_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else { return nil }
        return (Int(rows), Int(columns))
    }

    /// Broken at words where a terminal is too narrow for a line; a program gets every line as it is.
    static func print(_ lines: [StyledText]) {
        Self.write(lines, to: STDOUT_FILENO, isColoured: Self.isColoured)
    }

    private static func write(_ lines: [StyledText], to descriptor: CInt, isColoured: Bool) {
        let columns = Self.size(of: descriptor)?.columns
        let shown = columns.map { columns in lines.flatMap { $0.wrapped(to: columns) } } ?? lines
        Self.write(shown.map { $0.rendered(isColoured: isColoured) + "\n" }.joined(), to: descriptor)
    }

    /// Each line of a text with a hanging indentation as deep as its own.
    private static func lines(_ text: String) -> [StyledText] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            StyledText(String(line)).hanging(by: line.prefix { $0 == " " }.count)
        }
    }

    /// What moves the cursor and switches modes.
    static func control(_ sequence: String) {
        Self.write(sequence, to: STDOUT_FILENO)
    }

    static func printError(_ message: String) {
        Self.write(Self.lines("qwenproxyctl: \(message)"), to: STDERR_FILENO, isColoured: false)
    }

    static func printNote(_ text: String) { self.printNote(Self.lines(text)) }

    /// For a person, beside an output that a program may read.
    static func printNote(_ lines: [StyledText]) {
        let isColoured = isatty(STDERR_FILENO) == 1 && Self.allowsColours
        Self.write(lines, to: STDERR_FILENO, isColoured: isColoured)
    }

    /// A line on the terminal that the next one takes the place of; nil removes it. Nothing where there is no terminal.
    static func progress(_ text: String?) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let columns = Self.size(of: STDERR_FILENO)?.columns ?? 80
        // A full line would leave the cursor where some terminals go on in the next one, and the carriage return
        // would miss it.
        Self.write("\r\(StyledText(text ?? "").truncated(to: columns - 1).plain)\u{1B}[K", to: STDERR_FILENO)
    }

    /// What stands before the place where the user types.
    static func prompt(_ text: String) {
        Self.write(Self.sanitized(text), to: STDERR_FILENO)
    }

    static func print(_ text: String) {
        Self.write(Self.lines(text), to: STDOUT_FILENO, isColoured: false)
    }

    /// For a shell: no line is broken.
    static func print(script: String) {
        Self.write("\(Self.sanitized(script))\n", to: STDOUT_FILENO)
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

    /// The text with marks in place of what would steer the terminal.
    static func sanitized(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        // Error messages come from upstreams, by way of the daemon.
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
        OwnedDescriptor.writeAll(bytes, to: descriptor)
    }
}

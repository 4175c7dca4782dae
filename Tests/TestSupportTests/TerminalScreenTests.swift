// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

struct TerminalScreenTests {
    @Test(arguments: [
        ("one\r\ntwo", ["one", "two", ""]),
        ("\u{1B}[2GLet's\u{1B}[8Gget", [" Let's get", "", ""]),
        ("first\r\nlast\u{1B}[1A\rbest", ["bestt", "last", ""]),
        ("a\r\nb\r\nc\r\nd", ["b", "c", "d"]),
        ("0123456789ab", ["0123456789", "ab", ""]),
        ("0123456789\r\nab", ["0123456789", "ab", ""]),
        ("gone\u{1B}[2K\rhere", ["here", "", ""]),
        ("x y z\u{1B}[2D\u{1B}[K", ["x y", "", ""]),
        ("x\r\ny\r\nz\u{1B}[1;1H\u{1B}[J!", ["!", "", ""]),
        ("x\u{1B}[2J\u{1B}[HA", ["A", "", ""]),
        ("\u{1B}[31mred\u{1B}[39m \u{1B}]0;a title\u{7}text", ["red text", "", ""]),
        ("\u{1B}]8;;https://a.test/\u{1B}\\link\u{1B}]8;;\u{1B}\\", ["link", "", ""]),
        ("\u{1B}[?25l\u{1B}(B❯ Yes", ["❯ Yes", "", ""]),
    ])
    func `it shows what a terminal would`(output: String, lines: [String]) {
        #expect(TerminalScreen(rows: 3, columns: 10, showing: output).lines == lines)
    }

    @Test func `output that is cut anywhere, even in a sequence, is no trouble`() {
        let output = "one\u{1B}[2Gt\u{1B}]0;title\u{7}\u{1B}[99;99Hx\u{1B}[99A\u{1B}[99D\u{1B}[1J\u{1B}[1K\u{1B}P"
        for end in output.unicodeScalars.indices {
            let screen = TerminalScreen(rows: 2, columns: 4, showing: String(output.unicodeScalars[..<end]))
            #expect(screen.lines.count == 2)
        }
    }
}

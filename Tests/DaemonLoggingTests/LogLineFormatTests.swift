// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing

@testable import DaemonLogging

@Suite struct LogLineFormatTests {
    private let record = LogRecord(
        level: .warning, label: "server", message: "Refused a request",
        metadata: [("client.uid", .text("7")), ("reason", .text("over the limit"))])

    private func line(_ format: LogLineFormat, _ record: LogRecord) -> String {
        String(decoding: format.line(for: record, time: "12:00:00.000"), as: UTF8.self)
    }

    @Test func `people see time and level, the journal gets a priority`() {
        let rest = #"Refused a request client.uid=7 reason="over the limit""# + "\n"
        #expect(self.line(.terminal, self.record) == "12:00:00.000 warning  " + rest)
        #expect(self.line(.plain, self.record) == "12:00:00.000 warning  " + rest)
        #expect(self.line(.journal, self.record) == "<4>" + rest)
    }

    @Test func `every level has its syslog priority`() {
        let priorities = [LogLineFormat.journal].flatMap { format in
            LogLevelSwitch.levels.map { level in
                self.line(format, LogRecord(level: level, label: "", message: "", metadata: [])).prefix(3)
            }
        }
        #expect(priorities == ["<7>", "<7>", "<6>", "<5>", "<4>", "<3>", "<2>"])
    }

    @Test(arguments: [
        ("plain", "plain"), ("", #""""#), ("a b", #""a b""#), ("a=b", #""a=b""#), (#"say "hi""#, #""say \"hi\"""#),
        (#"a\b"#, #""a\\b""#), ("a\nb", #""a\nb""#), ("\u{1B}[31m", #""\u{1b}[31m""#), ("日本", "日本"),
        ("\u{85}", #"\u{85}"#), ("\u{2028}", #"\u{2028}"#), ("a\u{202E}b", #"a\u{202e}b"#),
        ("\u{2066}\u{2069}\u{200F}\u{61C}", #"\u{2066}\u{2069}\u{200f}\u{61c}"#), ("مرحبا", "مرحبا"),
    ])
    func `a value cannot leave its place`(value: String, expected: String) {
        let record = LogRecord(level: .info, label: "", message: "m", metadata: [("k", .text(value))])
        #expect(self.line(.journal, record) == "<6>m k=\(expected)\n")
    }

    @Test func `a message cannot begin a second record`() {
        let record = LogRecord(level: .info, label: "", message: "a\n<0>forged\r\0", metadata: [])
        #expect(self.line(.journal, record) == #"<6>a\n<0>forged\r\u{0}"# + "\n")
    }

    @Test(arguments: 0..<4) func `a long line is cut between characters`(shift: Int) {
        let message = String(repeating: "a", count: shift) + String(repeating: "日", count: 10_000)
        let record = LogRecord(level: .info, label: "", message: message, metadata: [])
        let bytes = LogLineFormat.journal.line(for: record, time: "")
        #expect(bytes.count <= LogLineFormat.maximumLength + 1)
        #expect(bytes.count > LogLineFormat.maximumLength - 8)
        let text = String(validating: bytes, as: UTF8.self)
        #expect(text?.hasSuffix("日…\n") == true)
    }
}

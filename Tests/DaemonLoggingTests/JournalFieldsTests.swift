// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing

@testable import DaemonLogging

@Suite struct JournalFieldsTests {
    private func fields(_ record: LogRecord) -> [String] {
        JournalFields.encode(record).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a record has journald's fields and its own`() {
        let record = LogRecord(
            level: .warning, label: "qwenproxyd.api", message: "Request failed",
            metadata: [
                ("request.duration", .duration(.milliseconds(1500))), ("request.id", .text("req_1")),
                ("retry.attempt", .text("2")),
            ])
        #expect(
            self.fields(record) == [
                "MESSAGE=Request failed request.duration=\"1.5 seconds\" request.id=req_1 retry.attempt=2",
                "PRIORITY=4", "SYSLOG_IDENTIFIER=qwenproxyd", "QWENPROXYD_LOGGER=qwenproxyd.api",
                "DURATION_USEC=1500000", "REQUEST_ID=req_1", "QWENPROXYD_RETRY_ATTEMPT=2",
            ])
    }

    @Test(arguments: [("a-b.c", "QWENPROXYD_A_B_C"), ("é=\n", "QWENPROXYD____"), ("usage.input", "INPUT_TOKENS")])
    func `a key becomes a name that journald takes`(key: String, name: String) {
        #expect(JournalFields.name(for: key) == name)
    }

    @Test func `every field that the README promises has its name`() throws {
        let promised = [
            "REQUEST_ID", "MODEL", "UPSTREAM", "STATUS", "DURATION_USEC", "TTFB_USEC", "INPUT_TOKENS", "CACHED_TOKENS",
            "OUTPUT_TOKENS", "INTERVENTIONS", "REQUEST_CLASS", "AUXILIARY_TYPE", "AGENT_TYPE", "SESSION_ID", "AGENT_ID",
            "PARENT_AGENT_ID", "COMPACTION", "VERDICTS",
        ]
        #expect(Set(promised).isSubset(of: JournalFields.names.values))
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        #expect(promised.filter { !text.contains("`\($0)`") && !text.contains("`\($0)=") } == [])
    }

    @Test(arguments: [
        (Duration.nanoseconds(5_325_741_023), "5.326 seconds"), (.nanoseconds(723_592_763), "0.724 seconds"),
        (.nanoseconds(1_234_567), "0.001235 seconds"), (.seconds(3600), "3600.0 seconds"), (.zero, "0.0 seconds"),
    ])
    func `a duration in a line has no more digits than a reader wants`(duration: Duration, text: String) {
        #expect(LogRecord.Value.duration(duration).description == text)
    }

    @Test func `long keys and values are cut`() {
        #expect(JournalFields.name(for: String(repeating: "k", count: 100)).count == 64)
        let record = LogRecord(
            level: .info, label: "", message: "m", metadata: [("k", .text(String(repeating: "é", count: 1 << 20)))])
        #expect(self.fields(record).allSatisfy { $0.utf8.count <= LogLineFormat.maximumLength + "MESSAGE=".utf8.count })
    }

    /// Each goes to journald with its length.
    @Test func `a value with lines stays one field, and its line stays one line`() {
        let record = LogRecord(level: .info, label: "", message: "m", metadata: [("k", .text("v\nPRIORITY=0\u{1B}"))])
        let fields = self.fields(record)
        #expect(fields.count == 5)
        #expect(fields.first == "MESSAGE=m k=\"v\\nPRIORITY=0\\u{1b}\"")
        #expect(fields.last == "QWENPROXYD_K=v\nPRIORITY=0\\u{1b}")
    }
}

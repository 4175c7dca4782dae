// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("abc", 3), ("", 0), ("日本", 4), ("ｆｕ", 4), ("한글", 4), ("e\u{301}", 1), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("…", 1),
        ("é", 1),
        ("\u{200B}", 0),
    ])
    func `a text is as wide as a terminal draws it`(text: String, columns: Int) {
        #expect(TextWidth.columns(text) == columns)
    }

    @Test func `cutting and padding go by columns`() {
        #expect(StyledText("日本語").truncated(to: 5).plain == "日本…")
        #expect(StyledText("日本語").truncated(to: 4).plain == "日…")
        #expect(StyledText("abc").truncated(to: 3).plain == "abc")
        #expect(StyledText("/a/long/path.toml:3").truncated(to: 12, keepsEnd: true).plain == "…path.toml:3")
        #expect((StyledText("ab", .red) + "日本語").truncated(to: 5, keepsEnd: true).plain == "…本語")
        #expect(StyledText("日本").padded(to: 6).plain == "日本  ")
        #expect(StyledText("7").padded(to: 3, isRight: true).plain == "  7")
    }

    @Test func `a line is broken at words, with a hanging indentation`() {
        let text = (StyledText("- ", .green) + StyledText("one two three four")).hanging(by: 2)
        #expect(text.wrapped(to: 10).map(\.plain) == ["- one two", "  three", "  four"])
        #expect(text.wrapped(to: 20).map(\.plain) == ["- one two three four"])
        #expect(text.wrapped(to: 9).map(\.plain) == ["- one two", "  three", "  four"])
        #expect(text.wrapped(to: 3).map(\.plain) == ["-", "one", "two", "three", "four"])
        // The last column of a wide table keeps its place while a few words fit into it.
        let cell = StyledText(String(repeating: "x", count: 49) + " one two three four five six seven eight nine ten")
            .hanging(by: 50)
        #expect(cell.wrapped(to: 74).last?.plain == String(repeating: " ", count: 50) + "six seven eight nine ten")
        #expect(cell.wrapped(to: 73).last?.plain == "six seven eight nine ten")
        #expect(text.wrapped(to: 10).first?.rendered(isColoured: true).hasPrefix("\u{1B}[32m- \u{1B}[0m") == true)
    }

    @Test(arguments: 1...60)
    func `no word is broken or lost at any width, and a line is only too long when its one word is`(columns: Int) {
        let words = "See https://example.com/a/long/address for 日本語 and the rest, or say nothing at all."
        let lines = StyledText("    \(words)").hanging(by: 4).wrapped(to: columns).map(\.plain)
        #expect(lines.flatMap { $0.split(separator: " ") } == words.split(separator: " "))
        for line in lines where TextWidth.columns(line) > columns {
            #expect(line.split(separator: " ").count == 1)
        }
    }

    @Test func `addresses of upstreams stand below a table that they would be cut off in`() {
        let address = "http://127.0.0.1:11434/v1"
        let upstreams = [
            UpstreamStatus(name: "ollama", kind: .open, baseURL: address, model: "qwen3-coder:30b", state: .reachable)
        ]
        let wide = UpstreamLine.table(upstreams, width: 80).map(\.plain)
        #expect(wide.count == 2 && wide[0].hasSuffix("ADDRESS") && wide[1].hasSuffix(address), "\(wide)")
        let narrow = UpstreamLine.table(upstreams, width: 70).map(\.plain)
        #expect(narrow[0].hasSuffix("ACCESS") && narrow.last == "ollama: \(address)", "\(narrow)")
    }

    @Test func `colours are written only where they are wanted, and control characters never`() {
        let text = StyledText("a\u{1B}[31m", .bold) + "b"
        #expect(text.rendered(isColoured: false) == "a\u{FFFD}[31mb")
        #expect(text.rendered(isColoured: true) == "\u{1B}[1ma\u{FFFD}[31m\u{1B}[0mb")
    }

    @Test func `JSON on a terminal steers it no more than text does, and means what it meant`() throws {
        let text = "\u{1B}[31m\u{9B}31m\u{7F}\u{202E}\u{2028}\u{61C}\"é😀"
        for bytes in [JSONText.pretty([text]), JSONText.line([text])] {
            let written = String(decoding: bytes, as: UTF8.self)
            #expect(!written.unicodeScalars.contains { $0.steersDisplay && $0 != "\n" })
            #expect(try JSONDecoder().decode([String].self, from: Data(bytes)) == [text])
        }
    }

    @Test(arguments: [
        ("qwen3-coder:30b", true), ("Qwen/Qwen3-Coder (Q4)", true), ("", false), ("a\u{202E}b", false),
        ("a\u{1B}[2Jb", false), ("a\nb", false), (String(repeating: "m", count: 257), false),
    ])
    func `a name is offered only where it can be shown`(name: String, isOffered: Bool) throws {
        let body = JSONText.line(["data": [["id": name]]])
        let answer = try #require(HTTPAnswer(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body))
        #expect(ModelList.read(answer) == (isOffered ? [name] : []))
    }

    @Test func `of very many models as many are offered as a person looks through`() throws {
        let body = JSONText.line(["data": (0..<100_000).map { ["id": "m\($0)"] }])
        let answer = try #require(HTTPAnswer(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body))
        #expect(ModelList.read(answer)?.count == 500)
    }

    /// Any user of the machine may listen where the usual servers do.
    @Test func `a server that goes on byte by byte is not listened to for longer than any other`() async throws {
        let upstream = try await ScriptedUpstream.start { _ in
            let trickle = (0..<600).flatMap { _ in [ScriptedReply.Step.pause(.milliseconds(100)), .bytes([0x20])] }
            return ScriptedReply([.bytes(ScriptedReply.head(200, ["content-length": "100000"]))] + trickle)
        }
        let start = ContinuousClock.now
        let baseURL = upstream.baseURL
        // Of a thread of its own: it waits.
        let models = await Task.detached { ModelList.ask(baseURL, key: nil, limit: .milliseconds(500)) }.value
        #expect(models == nil)
        #expect(start.duration(to: .now) < .seconds(50))
        await upstream.stop()
    }

    @Test func `a table gives up what can be narrowed first`() {
        var table = TextTable([.init(title: "ID"), .init(title: "NAME", minimum: 4), .init(title: "N", isRight: true)])
        table.rows = [["req_1", "a long name", "5"], ["req_22", "b", "10"]]
        #expect(
            table.lines(width: nil).map(\.plain) == [
                "ID      NAME          N", "req_1   a long name   5", "req_22  b            10",
            ])
        #expect(
            table.lines(width: 18).map(\.plain) == ["ID      NAME     N", "req_1   a lon…   5", "req_22  b       10"])
        #expect(table.lines(width: 8).allSatisfy { $0.width <= 8 })
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1.0k"), (12_345, "12.3k"), (4_560_000, "4.5M")])
    func `large numbers are short`(number: Int, text: String) {
        #expect(Quantity.short(number) == text)
    }

    @Test func `times and rates are short`() {
        #expect(Quantity.duration(milliseconds: 1234) == "1.2s")
        #expect(Quantity.duration(milliseconds: 61_000) == "1min 1s")
        #expect(Quantity.duration(seconds: 90_061) == "1d 1h")
        #expect(Quantity.duration(seconds: 0) == "0s")
        #expect(Quantity.rate(99.96) == "100.0")
        #expect(Quantity.rate(.infinity) == "1000000000000.0")
    }
}

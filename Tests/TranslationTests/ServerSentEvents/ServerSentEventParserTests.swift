// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// An event in a form that can be compared and printed.
private struct Said: Equatable, CustomStringConvertible {
    var name: String?
    var data: String
    var comments: [String] = []
    var isComplete = true

    init(_ data: String, name: String? = nil, comments: [String] = [], isComplete: Bool = true) {
        self.name = name
        self.data = data
        self.comments = comments
        self.isComplete = isComplete
    }

    init(_ event: ServerSentEvent) {
        self.name = event.name.map { String(decoding: $0, as: UTF8.self) }
        self.data = String(decoding: event.data, as: UTF8.self)
        self.comments = event.comments.map { String(decoding: $0, as: UTF8.self) }
        self.isComplete = event.isComplete
    }

    var description: String {
        "\(self.name ?? "message"): \(self.data) \(self.comments)\(self.isComplete ? "" : " (incomplete)")"
    }
}

@Suite struct ServerSentEventParserTests {
    private func events(
        in pieces: [ArraySlice<UInt8>], maximumEventSize: Int = 1 << 20
    ) throws(ServerSentEventError) -> [Said] {
        var parser = ServerSentEventParser(maximumEventSize: maximumEventSize)
        var events: [Said] = []
        for piece in pieces {
            unsafe piece.withUnsafeBytes { unsafe parser.receive($0) }
            while let event = try parser.next() { events.append(Said(event)) }
        }
        if let event = parser.finish() { events.append(Said(event)) }
        return events
    }

    private func events(in text: String, maximumEventSize: Int = 1 << 20) throws(ServerSentEventError) -> [Said] {
        try self.events(in: [Array(text.utf8)[...]], maximumEventSize: maximumEventSize)
    }

    @Test func `a line feed, a carriage return and both end a line`() throws {
        for end in ["\n", "\r", "\r\n"] {
            let text = "data: a\(end)\(end)event: e\(end)data: b\(end)data: c\(end)\(end)"
            #expect(try self.events(in: text) == [Said("a"), Said("b\nc", name: "e")])
        }
    }

    @Test func `only one space behind the colon is dropped, and none is needed`() throws {
        let text = "data:a\n\ndata:  b \n\ndata: \n\ndata:\n\ndata\n\nevent:x\ndata:1\n\n"
        #expect(
            try self.events(in: text)
                == [Said("a"), Said(" b "), Said(""), Said(""), Said(""), Said("1", name: "x")])
    }

    @Test func `data of several lines is joined, empty lines of it included`() throws {
        let text = "data: {\ndata\ndata:\ndata: }\n\ndata:\ndata:\n\n"
        #expect(try self.events(in: text) == [Said("{\n\n\n}"), Said("\n")])
    }

    @Test func `unknown fields, ids and names that only begin alike are skipped`() throws {
        let text = "id: 1\nretry: 5\ndatax: no\ndat: no\n data: no\nDATA: no\ndata: a:b\nfoo\n\nid: 2\n\n"
        #expect(try self.events(in: text) == [Said("a:b")])
    }

    @Test func `the last name counts and an empty one is none`() throws {
        let text = "event: a\nevent: b\ndata: 1\n\nevent: a\nevent:\ndata: 2\n\nevent: ping\n\n"
        #expect(try self.events(in: text) == [Said("1", name: "b"), Said("2"), Said("", name: "ping")])
    }

    @Test func `comments alone are no event, those of an event come with it`() throws {
        let text = ": keep-alive\n\n:\n\nid:1\nevent:error\n:HTTP_STATUS/429\ndata:{}\n\n"
        #expect(try self.events(in: text) == [Said("{}", name: "error", comments: ["HTTP_STATUS/429"])])
    }

    @Test func `a flood of comments does not grow an event`() throws {
        let text = String(repeating: ":x\n", count: 1000) + "data: 1\n\n"
        let events = try self.events(in: text)
        #expect(events.map(\.comments.count) == [ServerSentEventParser.maximumComments])
    }

    @Test func `a byte order mark is skipped, but only in front`() throws {
        #expect(try self.events(in: "\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n") == [Said("a")])
        #expect(try self.events(in: "\u{FEFF}\ndata: a\n\n") == [Said("a")])
    }

    @Test func `what the end of the body cuts off is handed out as incomplete`() throws {
        #expect(try self.events(in: "data: a\n\ndata: b") == [Said("a"), Said("b", isComplete: false)])
        #expect(try self.events(in: "data: b\n") == [Said("b", isComplete: false)])
        #expect(try self.events(in: "event: e\ndata: b\r") == [Said("b", name: "e", isComplete: false)])
        #expect(try self.events(in: "data: b\r\r") == [Said("b")])
        #expect(try self.events(in: "data: b\n\nid: 3").map(\.data) == ["b"])
        #expect(try self.events(in: "") == [])
    }

    @Test func `finish hands the rest out once`() {
        var parser = ServerSentEventParser()
        unsafe Array("data: a".utf8).withUnsafeBytes { unsafe parser.receive($0) }
        #expect(parser.finish().map { Said($0) } == Said("a", isComplete: false))
        #expect(parser.finish() == nil)
    }

    @Test func `bytes that are not text pass through`() throws {
        let events = try self.events(in: [[0x64, 0x61, 0x74, 0x61, 0x3A, 0xFF, 0x00, 0x0A, 0x0A]])
        #expect(events.map { Array($0.data.unicodeScalars.map(\.value)) } == [[0xFFFD, 0]])
    }

    @Test func `an event that is kept does not change when more comes`() throws {
        var parser = ServerSentEventParser()
        unsafe Array("data: first\n\ndata: sec".utf8).withUnsafeBytes { unsafe parser.receive($0) }
        let first = try #require(try parser.next())
        unsafe Array("ond\n\n".utf8).withUnsafeBytes { unsafe parser.receive($0) }
        let second = try #require(try parser.next())
        #expect([first, second].map { Said($0).data } == ["first", "second"])
    }

    private static let nasty =
        "\u{FEFF}: hello\r\n\r\ndata: {\"a\": \"é你😀\"}\n\ndata:one\rdata: two\r\rid:1\r\nevent:error\r\n"
        + ":HTTP_STATUS/429\r\ndata:{\"code\":\"Throttling\"}\r\n\r\n\n\r\n\r\revent: ping\n\ndata\n\n"
        + "data: a line that is longer than one block of sixteen bytes\r\n\r\ndata: [DONE]\r\rdata: cut"

    @Test func `however the bytes are cut the events are the same`() throws {
        let bytes = Array(Self.nasty.utf8)
        let expected = try self.events(in: [bytes[...]])
        #expect(expected.count == 8)
        for cut in 0...bytes.count {
            #expect(try self.events(in: [bytes[..<cut], bytes[cut...]]) == expected, "cut at \(cut)")
            for other in cut...min(cut + 5, bytes.count) {
                let pieces = [bytes[..<cut], bytes[cut..<other], bytes[other...]]
                #expect(try self.events(in: pieces) == expected, "cut at \(cut) and \(other)")
            }
        }
        #expect(try self.events(in: bytes.indices.map { bytes[$0...$0] }) == expected)
    }

    @Test func `an event may be as long as the limit and not longer, however it comes`() {
        let error = ServerSentEventError.eventTooLarge(limit: 16)
        #expect(throws: Never.self) { try self.events(in: "data: 0123456789\n\n", maximumEventSize: 16) }
        for text in [
            "data: 0123456789x\n\n", "data: 0123456789x", ":234567890123456\n:\n\n", "data:0\ndata:1\nda:\n\n",
        ] {
            let bytes = Array(text.utf8)
            #expect(throws: error) { try self.events(in: [bytes[...]], maximumEventSize: 16) }
            #expect(throws: error) { try self.events(in: bytes.indices.map { bytes[$0...$0] }, maximumEventSize: 16) }
        }
        let many = String(repeating: "data: 0123456789\r\n\r\n", count: 100)
        #expect(throws: Never.self) { try self.events(in: many, maximumEventSize: 16) }
    }

    @Test func `after an error there is nothing more`() {
        var parser = ServerSentEventParser(maximumEventSize: 4)
        unsafe Array("data: too long".utf8).withUnsafeBytes { unsafe parser.receive($0) }
        for _ in 0..<2 {
            #expect(throws: ServerSentEventError.eventTooLarge(limit: 4)) { try parser.next() }
            unsafe Array("\n\n\n\na:\n\n".utf8).withUnsafeBytes { unsafe parser.receive($0) }
        }
        #expect(parser.finish() == nil)
    }
}

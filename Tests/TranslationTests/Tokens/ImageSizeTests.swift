// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ImageSizeTests {
    /// Headers of files with nothing after them.
    @Test(arguments: [
        ("iVBORw0KGgoAAAANSUhEUgAAB4AAAAQ4CAYAAAA=", 1920, 1080),
        ("R0lGODlhQAHwAIAAAA==", 320, 240),
        ("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASqAAgAB", 640, 256),
        ("UklGRhoAAABXRUJQVlA4TA0AAAAvfwI/AA==", 640, 253),
        ("UklGRiQAAABXRUJQVlA4WAoAAAAAAAAAfwcANwQA", 1920, 1080),
        ("/9j/4AAQSkZJRgABAQEASABIAAD/4QAURUVFRUVFRUVFRUVFRUVFRUVF/8AAEQgCWAMgAwEiAA==", 800, 600),
    ])
    func `an image tells its size`(base64: String, width: Int, height: Int) throws {
        let text = Array(base64.utf8)
        let found = ImageSize(base64: text.span)
        let size = try #require(found)
        #expect((size.width, size.height) == (width, height))
        for count in 0..<text.count {
            let cut = ImageSize(base64: text.span.extracting(0..<count))
            #expect(cut == nil || cut == size)
        }
    }

    @Test(arguments: [
        "", "AAAA", "iVBORw0K", "iVBORw0KGgoAAAANSUhEUgAAAAAAAAQ4CAYAAAA=", "/9j/////////////////", "&&&&&&&&",
    ])
    func `what is no image has no size`(base64: String) {
        let text = Array(base64.utf8)
        let size = ImageSize(base64: text.span)
        #expect(size == nil)
    }

    /// 1,920 by 1,080 pixels are 60 by 34 squares; more than the limit is made smaller, the smallest takes four.
    @Test func `larger images take more tokens, up to a limit`() throws {
        func tokens(_ base64: String) throws -> Int {
            let text = Array(base64.utf8)
            let size = ImageSize(base64: text.span)
            return try #require(size).tokens
        }
        #expect(try tokens("iVBORw0KGgoAAAANSUhEUgAAB4AAAAQ4CAYAAAA=") == 60 * 34 + 2)
        #expect(try tokens("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASqAAgAB") == 20 * 8 + 2)
        #expect(try tokens("iVBORw0KGgoAAAANSUhEUv////////8IBgAA") == 2_562)
        #expect(try tokens("R0lGODlhAQABAIAAAA==") == 6)
    }

    @Test func `pixels and files are not counted as text`() throws {
        let data = String(repeating: "iVBORw0KGgo", count: 10_000)
        func estimate(_ block: String) throws -> Int {
            try MessagesRequest(
                parsing: Array(#"{"model":"m","messages":[{"role":"user","content":[\#(block)]}]}"#.utf8)
            ).facts.estimatedInputTokens
        }
        #expect(try 1_000...2_000 ~= estimate(#"{"type":"image","source":{"type":"base64","data":"\#(data)"}}"#))
        #expect(try estimate(#"{"type":"document","source":{"type":"base64","data":"\#(data)"}}"#) < 100)
        #expect(try estimate(#"{"type":"document","source":{"type":"text","data":"\#(data)"}}"#) > 10_000)
    }
}

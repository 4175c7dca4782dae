// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct JSONStringScannerTests {
    /// The scanner looks at 16 and then at 64 bytes together: what it stops at has to be seen in every place of them.
    @Test(arguments: [
        #"\n"#, #"\""#, #"\\"#, #"\t"#, #"\/"#, #"\u00e9"#, #"\ud83d\ude00"#, "é", "你好", "😀", #"\\\""#, #"你\n"#,
    ])
    func `a special character is read in every place of a block`(spelled: String) throws {
        for before in 0..<160 {
            for after in [0, 1, 2, 100] {
                let text = String(repeating: "x", count: before) + spelled + String(repeating: "y", count: after)
                let bytes = Array("[\"\(text)\",1]".utf8)
                let document = try JSONDocument(parsing: bytes)
                let node = try #require(document.elements(of: document.root).first { _ in true })
                #expect(document.contents(of: node) == 2..<2 + text.utf8.count)
                #expect(document.token(of: node).hasEscapes == spelled.contains("\\"))
            }
        }
    }

    @Test(arguments: [(#"\x"#, JSONError.Reason.invalidEscape), ("\u{1}", .controlCharacterInString)])
    func `a character that is not allowed is refused in every place of a block`(
        spelled: String, reason: JSONError.Reason
    ) {
        for before in 0..<160 {
            for after in [0, 1, 100] {
                let start = "\"" + String(repeating: "x", count: before)
                let text = start + spelled + String(repeating: "y", count: after) + "\""
                #expect(throws: JSONError(reason, at: start.utf8.count)) {
                    try JSONDocument(parsing: Array(text.utf8))
                }
            }
        }
    }

    @Test func `a string without an end is refused wherever the text ends`() {
        for count in 0..<160 {
            for end in ["", "\\", "\\\""] {
                let text = "\"" + String(repeating: "x", count: count) + end
                #expect(throws: JSONError(.unexpectedEnd, at: text.utf8.count)) {
                    try JSONDocument(parsing: Array(text.utf8))
                }
            }
        }
    }
}

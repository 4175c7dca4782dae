// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct TOMLLineIndexTests {
    private let index = TOMLLineIndex(
        Array(
            #"""
            # [comment]
            top = "a # b ] = c"
            [ server ] # here
            port = 1
            "quoted key" = '''
            [not.a.table]
            x = 1'''
            dotted . name = """\""" [x]
            """
            list = [ # one
              1, { in = 2 }, [ "]" ],
            ]
            [models."qwen3*"]
            vision = true
            inline = { a = 1, b = { c = [ 1, 2 ] } }
            [[array]]
            after = 1979-05-27T07:32:00Z
            last = 1_000
            [[array]]
            [array.inner]
            deep = 1
            """#.utf8))

    @Test(arguments: [
        (["top"], 2), (["server"], 3), (["server", "port"], 4), (["server", "quoted key"], 5),
        (["server", "dotted", "name"], 8), (["server", "list"], 10), (["models", "qwen3*"], 13),
        (["models", "qwen3*", "vision"], 14), (["models", "qwen3*", "inline", "b", "c"], 15), (["array"], 16),
        (["array", "[1]", "after"], 17), (["array", "[1]", "last"], 18), (["array", "[2]"], 19),
        (["array", "[2]", "inner", "deep"], 21),
    ]) func `a key is found on its line`(path: [String], line: Int) {
        #expect(self.index.line(of: path) == line)
    }

    @Test func `what looks like a key inside a value is none`() {
        #expect(self.index.line(of: ["not"]) == nil)
        #expect(self.index.line(of: ["x"]) == nil)
        #expect(self.index.line(of: ["server", "in"]) == nil)
    }

    @Test func `no text makes it fail`() {
        let text = Array("[a]\n\"b\".c='x'\nd=[{e=\"\"\"\\\n\"\"\"}]#".utf8)
        for end in 0...text.count {
            _ = TOMLLineIndex(Array(text[..<end]))
            for byte in "[]{}=\"'\\\n#.".utf8 { _ = TOMLLineIndex(Array(text[..<end]) + [byte]) }
        }
    }
}

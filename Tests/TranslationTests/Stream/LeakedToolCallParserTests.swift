// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct LeakedToolCallParserTests {
    /// What became of `text` that came in pieces of `size` bytes.
    private func segments(of text: String, inPiecesOf size: Int) -> [ContentSegment] {
        let tool = DeclaredTool(name: "Write", parameters: ["text": .string])
        var parser = LeakedToolCallParser(context: ResponseContext(requestedModel: "m", tools: [tool]))
        var segments: [ContentSegment] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            parser.receive(Array(bytes[start..<min(start + size, bytes.count)]), into: &segments)
        }
        parser.finish(isCutOff: false, into: &segments)
        return segments
    }

    @Test(arguments: 1...20)
    func `a value may hold the closing tags of other forms, however it is cut`(size: Int) {
        let text = """
            <tool_call>
            <function=Write>
            <parameter=text>
            </invoke> a </parameter> b
            </parameter>
            </function>
            </tool_call>

            """
        #expect(
            self.segments(of: text, inPiecesOf: size)
                == [.call(name: "Write", arguments: Array(#"{"text":"</invoke> a </parameter> b"}"#.utf8))])
    }

    @Test func `a long value costs no more at its end than at its beginning`() {
        let value = String(repeating: "0123456789abcde\n", count: 12 << 10)
        let start = ContinuousClock.now
        let segments = self.segments(
            of: "<function=Write><parameter=text>\n\(value)</parameter></function>", inPiecesOf: 8)
        // Reading it anew for each piece takes minutes.
        #expect(ContinuousClock.now - start < .seconds(20))
        guard case .call("Write", let arguments) = segments.first else {
            Issue.record("no call: \(segments.count) segments")
            return
        }
        #expect(arguments.count > value.utf8.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct LeakedToolCallParserTests {
    private static let context = ResponseContext(
        requestedModel: "m", tools: [DeclaredTool(name: "Write", parameters: ["text": .string])])

    /// What became of `text` that came in pieces of `size` bytes.
    private func segments(of text: String, inPiecesOf size: Int) -> [ContentSegment] {
        var parser = LeakedToolCallParser(tools: Self.context.tools)
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

    /// Text that could be looked at again and again.
    static let repeated = [
        "<", "<tool_call>", "<tool_call>\n", "<function=", "<function=Write>", "<tool_call>{", "<tool_call>{\"name\":",
        "<tool_call>{\"name\":\"Write\",\"arguments\":{\"text\":\"", "<parameter=", "<function=Write><parameter=text>",
        "<function=Write><parameter=text></parameter>", "<function=Write><parameter=text>\n</function>",
        "</parameter>\n",
        "<function=Write>\n<parameter=text>\nx\n</parameter>\n</function>\n", "```\n", "```xml\n<tool_call>\n", "`",
        "\"", "'",
        "~~~", "> ", "\n", " ", "<invoke name=\"Write\"><parameter name=\"text\">", "</parameter><parameter=text>", "x",
        "<tool_call>{\"name\":\"Write\",\"arguments\":{}}</tool_call>", "<parameter=a></parameter>",
        "<tool_call>{'a':'",
    ]

    @Test(arguments: Self.repeated, [1, 7, Int.max])
    func `the work grows with the text and not faster`(unit: String, size: Int) {
        for beginning in ["", "<function=Write><parameter=text>", "<tool_call>{\"a\":\"", "```\n<function=Write>\n"] {
            let work = [512, 2048].map { length in
                let text =
                    Array(beginning.utf8)
                    + Array(repeatElement(Array(unit.utf8), count: length / unit.utf8.count + 1).joined()).prefix(
                        length)
                var parser = LeakedToolCallParser(tools: Self.context.tools)
                var segments: [ContentSegment] = []
                for start in stride(from: 0, to: text.count, by: min(size, text.count)) {
                    parser.receive(Array(text[start..<min(start + min(size, text.count), text.count)]), into: &segments)
                }
                parser.finish(isCutOff: false, into: &segments)
                return Double(parser.examined) / Double(text.count)
            }
            #expect(work[1] <= 4 && work[1] <= work[0] + 1, "\(work) per byte behind \(beginning)")
        }
    }
}

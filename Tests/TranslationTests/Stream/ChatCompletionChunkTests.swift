// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ChatCompletionChunkTests {
    private static let deltas = [
        #""content":"The fu""#, #""content":"nction""#, #""content":"""#, #""content":null"#,
        #""content":"","reasoning_content":"Let me""#, #""content":"","reasoning_content":"""#,
        #""content":"a","reasoning_content":"see""#, #""reasoning":"so""#, #""reasoning":"""#,
        #""role":"assistant","content":"a""#, #""content":"a","content":"b""#, #""content":"a","content":"""#,
        #""refusal":"no""#, #""refusal":"""#,
        #""tool_calls":[{"function":{"arguments":"{"}}]"#, #""tool_calls":[{"function":{"arguments":""}}]"#,
    ]

    /// What is found by looking at the change alone is what is found in the whole chunk.
    @Test func `a chunk that follows another is read as if it were the first`() throws {
        var generator = SeededGenerator(seed: 5)
        var document = JSONDocument()
        var chunk = ChatCompletionChunk()
        for _ in 0..<5_000 {
            let delta = Self.deltas.randomElement(using: &generator) ?? ""
            let reason = ["null", #""stop""#, #""""#].randomElement(using: &generator) ?? ""
            let end = ["", #","error":null"#, #","error":"x""#].randomElement(using: &generator) ?? ""
            let text = #"{"choices":[{"delta":{\#(delta)},"finish_reason":\#(reason)}]\#(end)}"#
            let replacement = try document.replace(with: text.utf8.span)
            chunk.update(for: replacement, of: document)
            #expect(try chunk == ChatCompletionChunk(JSONDocument(parsing: Array(text.utf8))), "\(text)")
        }
    }
}

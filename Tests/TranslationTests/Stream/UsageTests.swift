// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct UsageTests {
    private func usage(_ json: String) throws -> Usage? {
        let document = try JSONDocument(parsing: Array(json.utf8))
        return UsageReader.usage(document.root, of: document)
    }

    /// DashScope and OpenAI; the Responses API's names; SGLang.
    @Test(arguments: [
        (#"{"prompt_tokens":9,"completion_tokens":40,"completion_tokens_details":{"reasoning_tokens":33}}"#, 33),
        (#"{"input_tokens":9,"output_tokens":40,"output_tokens_details":{"reasoning_tokens":33}}"#, 33),
        (#"{"prompt_tokens":9,"completion_tokens":40,"reasoning_tokens":33}"#, 33),
        (#"{"prompt_tokens":9,"completion_tokens":40,"completion_tokens_details":{"reasoning_tokens":0}}"#, 0),
        (#"{"prompt_tokens":9,"completion_tokens":40,"completion_tokens_details":{"reasoning_tokens":99}}"#, 40),
        (#"{"prompt_tokens":9,"completion_tokens":40,"completion_tokens_details":{"reasoning_tokens":-1}}"#, 0),
        (#"{"prompt_tokens":9,"completion_tokens":40,"completion_tokens_details":null}"#, nil),
        (#"{"prompt_tokens":9,"completion_tokens":40}"#, nil),
    ])
    func `thinking is counted apart where the upstream does`(json: String, expected: Int?) throws {
        #expect(try self.usage(json)?.thinkingTokens == expected)
    }

    @Test(arguments: [(nil, ""), (7, #","output_tokens_details":{"thinking_tokens":7}"#)])
    func `only what is known of thinking is told`(tokens: Int?, expected: String) {
        var writer = JSONWriter()
        Usage(inputTokens: 1, outputTokens: 9, thinkingTokens: tokens).write(to: &writer)
        let text = String(decoding: writer.take(), as: UTF8.self)
        #expect(text.hasSuffix(#""output_tokens":9\#(expected)}"#))
    }

    @Test(arguments: [
        (
            #""cache_creation_input_tokens":900,"cache_creation":{"ephemeral_5m_input_tokens":500,"ephemeral_1h_input_tokens":400}"#,
            400
        ),
        (#""cache_creation_input_tokens":900,"cache_creation":{"ephemeral_1h_input_tokens":4000}"#, 900),
        (#""cache_creation_input_tokens":900,"cache_creation":{"ephemeral_1h_input_tokens":-4}"#, 0),
        (#""cache_creation_input_tokens":900,"cache_creation":{"ephemeral_5m_input_tokens":900}"#, 0),
        (#""cache_creation_input_tokens":900,"cache_creation":null"#, 0), (#""cached_tokens":5"#, 0),
    ])
    func `what is kept for an hour is counted apart, and told only when there is some`(details: String, hour: Int)
        throws
    {
        let usage = try self.usage(
            #"{"prompt_tokens":1000,"completion_tokens":1,"prompt_tokens_details":{\#(details)}}"#)
        #expect(usage?.cacheCreationOneHourTokens == hour)
        var writer = JSONWriter()
        usage?.write(to: &writer)
        let text = String(decoding: writer.take(), as: UTF8.self)
        let told =
            #""cache_creation":{"ephemeral_5m_input_tokens":\#(900 - hour),"ephemeral_1h_input_tokens":\#(hour)}"#
        #expect(text.contains(told) == (hour > 0), "\(text)")
        #expect(text.contains("ephemeral") == (hour > 0), "\(text)")
    }

    @Test func `a later event of a relayed stream leaves what an earlier one counted`() throws {
        var usage = Usage()
        for json in [
            #"{"cache_creation_input_tokens":900,"cache_creation":{"ephemeral_1h_input_tokens":400}}"#,
            #"{"output_tokens":3}"#,
        ] {
            let document = try JSONDocument(parsing: Array(json.utf8))
            usage.read(document.root, of: document)
        }
        #expect(usage == Usage(outputTokens: 3, cacheCreationInputTokens: 900, cacheCreationOneHourTokens: 400))
    }

    /// An answer that ends with what the server said of it; a server that only says `stop` leaves open why.
    @Test(arguments: [
        (#""stop_reason":"</block>""#, StopReason.stopSequence), (#""matched_stop":"</block>""#, .stopSequence),
        (#""stopping_word":"</block>""#, .stopSequence), (#""stopping_word":"""#, .endTurn),
        (#""stop_reason":151645"#, .endTurn), (#""stop_reason":"another""#, .endTurn), (#""index":0"#, .endTurn),
    ])
    func `the stop sequence is the one that the server names`(member: String, expected: StopReason) {
        let context = sampleContext(stop: ["</block>"])
        let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\(member)}]}\n\n"
        let translator = translate(text("<block>no") + end + usageChunk + done, context: context)
        guard case .completed(_, let reason) = translator.outcome else {
            Issue.record("\(translator.outcome)")
            return
        }
        #expect(reason == expected)
    }
}

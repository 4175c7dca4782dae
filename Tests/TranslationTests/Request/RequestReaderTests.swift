// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct RequestReaderTests {
    private func mistake(_ text: String) -> InvalidRequest? {
        do throws(InvalidRequest) {
            _ = try MessagesRequest(parsing: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("", ""), ("[]", ""), ("{", ""), ("{}", "model"), (#"{"model":5}"#, "model"), (#"{"model":""}"#, "model"),
        (#"{"model":"m"}"#, "messages"),
        (#"{"model":"\#(String(repeating: "é", count: 256))"}"#, "messages"),
        (#"{"model":"\#(String(repeating: "é", count: 257))"}"#, "model"),
        (#"{"model":"m","messages":{}}"#, "messages"), (#"{"model":"m","messages":[]}"#, "messages"),
        (#"{"model":"m","messages":[1]}"#, "messages.0"),
        (#"{"model":"m","messages":[{"content":""}]}"#, "messages.0.role"),
        (#"{"model":"m","messages":[{"role":"tool","content":""}]}"#, "messages.0.role"),
        (#"{"model":"m","messages":[{"role":"user"}]}"#, "messages.0.content"),
        (#"{"model":"m","messages":[{"role":"user","content":null}]}"#, "messages.0.content"),
        (
            #"{"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"a"},{"a":1}]}]}"#,
            "messages.1.content.1.type"
        ),
        (#"{"model":"m","messages":[{"role":"user","content":[7]}]}"#, "messages.0.content.0"),
        (#"{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}"#, "messages.0.content.0.text"),
        (
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":1}]}]}"#,
            "messages.0.content.0.text"
        ),
        (
            #"{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a"}]}]}"#,
            "messages.0.content.0.name"
        ),
        (
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result"}]}]}"#,
            "messages.0.content.0.tool_use_id"
        ),
        (#"{"model":"m","max_tokens":-1,"messages":[]}"#, "max_tokens"),
        (#"{"model":"m","max_tokens":-1e30,"messages":[]}"#, "max_tokens"),
        (#"{"model":"m","max_tokens":-9223372036854775809,"messages":[]}"#, "max_tokens"),
        (#"{"model":"m","max_tokens":1e-30,"messages":[]}"#, "max_tokens"),
        (#"{"model":"m","max_tokens":0,"messages":[]}"#, "messages"),
        (#"{"model":"m","max_tokens":"1","messages":[]}"#, "max_tokens"),
        (#"{"model":"m","max_tokens":1.5,"messages":[]}"#, "max_tokens"),
        (#"{"model":"m","system":5,"messages":[]}"#, "system"),
        (#"{"model":"m","messages":[{"role":"user","content":"a"}],"tools":{}}"#, "tools"),
        (#"{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[1]}"#, "tools.0"),
        (
            #"{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"name":"a"},{"type":"custom"}]}"#,
            "tools.1.name"
        ),
    ])
    func `a mistake is named with its place`(text: String, path: String) {
        #expect(self.mistake(text)?.path == path, "\(text)")
        #expect(self.mistake(text)?.detailsErrorCode == nil)
    }

    @Test func `a thread is kept elsewhere, and the client told to send all of it`() {
        let error = self.mistake(
            #"{"model":"m","messages":[{"role":"user","content":"a"}],"thread":{"type":"continue","id":"t"}}"#)
        #expect(error?.detailsErrorCode == "thread_not_found")
        #expect(error?.description.hasPrefix("thread: ") == true)
    }

    @Test func `an unknown field or block is no mistake`() {
        #expect(
            self.mistake(
                """
                {"model":"m[1m]","max_tokens":null,"stream":null,"tools":null,"system":null,"thinking":5,"output_config":[],"tool_choice":1,
                 "messages":[{"role":"user","content":["plain",{"type":"text","text":"a","citations":null},{"type":"hologram","x":{}}],"name":"n"}]}
                """) == nil)
    }

    @Test func `the basics are read`() throws {
        let request = try MessagesRequest(
            parsing: Array(
                #"{"model":"a","model":"m[1m]","stream":true,"max_tokens":7,"thinking":{"type":"adaptive"},"messages":[{"role":"user","content":"a"}]}"#
                    .utf8))
        #expect(request.facts.model == "m[1m]")
        #expect(request.facts.isStreaming)
        #expect(request.facts.maximumTokens == 7)
        #expect(request.facts.features.wantsThinking == true)
    }

    @Test func `counting tokens takes the same body without an answer's parameters`() throws {
        let body = Array(
            #"{"model":"m","messages":[{"role":"user","content":"foo"}],"tools":[],"system":"be brief"}"#.utf8)
        let count = try CountTokensRequest(parsing: body)
        #expect(count.model == "m")
        #expect(try count.inputTokens == MessagesRequest(parsing: body).facts.estimatedInputTokens)
        #expect(throws: InvalidRequest.self) { try CountTokensRequest(parsing: Array("{}".utf8)) }
    }

    @Test func `a request for no answer only warms the upstream's cache`() throws {
        let text = #"{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"hi"}]}"#
        let request = try MessagesRequest(parsing: Array(text.utf8))
        #expect(request.facts.isCacheWarmUp)
        let body = request.chatCompletionsBody(for: ModelProfile(name: "m"), stream: false).bytes
        #expect(String(decoding: body, as: UTF8.self).contains(#""max_tokens":1,"#))
        #expect(try !TranslatedRequest(#""max_tokens":1"#).request.facts.isCacheWarmUp)
        #expect(try !TranslatedRequest().request.facts.isCacheWarmUp)
    }

    @Test func `a document without its halves of surrogate pairs is as if it had been written so`() throws {
        let pieces = [
            #"\ud83d"#, #"\uDE00"#, #"\ud83d\ude00"#, #"\\"#, #"\\ud83d"#, #"\""#, "é", "x", #"\u00e9"#, #"\ufffd"#,
            #"\n"#,
        ]
        var state = UInt64(1)
        func pick() -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return pieces[Int(state >> 33) % pieces.count]
        }
        for _ in 0..<200 {
            let strings = (0..<4).map { _ in (0..<40).map { _ in pick() }.joined() }
            let text = "{\"\(strings[0])\": [\"\(strings[1])\", {\"\(strings[2])\":1}], \"x\":\"\(strings[3])\"}"
            let document = try JSONDocument(parsingWellFormed: Array(text.utf8))
            let parsed = try JSONDocument(parsing: document.bytes)
            #expect(document.bytes.count == text.utf8.count && !parsed.hasLoneSurrogate && !document.hasLoneSurrogate)
            #expect(document.tokenCount == parsed.tokenCount)
            let before = try JSONDocument(parsing: Array(text.utf8))
            for index in 0..<parsed.tokenCount {
                let (one, other) = (document.tape[index], parsed.tape[index])
                #expect(one.start == other.start && one.end == other.end && one.next == other.next)
                #expect(one.hasEscapes == other.hasEscapes && one.hasLoneSurrogate == other.hasLoneSurrogate)
                let node = JSONNode(index: index)
                #expect(document.string(node) == before.string(node), "\(text)")
            }
        }
    }

    @Test func `half a surrogate pair never gets through`() throws {
        let text =
            #"{"model":"m","messages":[{"role":"user","content":"\ud83d\ude00 \ud83d \\ud83d \ude00x"}],"tools":[{"name":"a","input_schema":{"d":"\ud83d"}}]}"#
        let body = try MessagesRequest(parsing: Array(text.utf8)).chatCompletionsBody(
            for: ModelProfile(name: "m"), stream: true
        ).bytes
        let output = String(decoding: body, as: UTF8.self)
        #expect(output.contains(#""content":"\ud83d\ude00 \ufffd \\ud83d \ufffdx""#))
        #expect(output.contains(#""d":"\ufffd""#))
    }
}

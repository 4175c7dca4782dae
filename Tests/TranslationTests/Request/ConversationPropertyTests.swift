// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// Properties over many conversations instead of examples.
@Suite struct ConversationPropertyTests {
    private static let pieces = [
        #"{"type":"text","text":"t"}"#,
        #"{"type":"text","text":""}"#,
        #"{"type":"tool_use","id":"a","name":"A","input":{"x":1}}"#,
        #"{"type":"tool_use","id":"b","name":"search","input":"{"}"#,
        #"{"type":"tool_result","tool_use_id":"a","content":"ra"}"#,
        #"{"type":"tool_result","tool_use_id":"b","is_error":true,"content":[{"type":"text","text":"rb"},{"type":"image","source":{"type":"url","url":"https://i"}}]}"#,
        #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}"#,
        #"{"type":"thinking","thinking":"hm","signature":"s"}"#,
        #"{"type":"document","source":{"type":"file","file_id":"f"}}"#,
        #"{"type":"unheard_of","data":{}}"#,
    ]
    private static let roles = ["user", "assistant", "system"]
    private static let profiles = [
        ModelProfile(name: "blind"),
        ModelProfile(name: "seeing", acceptsImages: true, systemMessage: .cachedParts, reasoningReplay: .toolLoop),
    ]

    @Test(arguments: profiles)
    func `every order of blocks in a turn behind two calls satisfies the upstream`(profile: ModelProfile) throws {
        let calls = #"{"role":"assistant","content":["# + Self.pieces[2] + "," + Self.pieces[3] + "]}"
        for first in Self.pieces {
            for second in Self.pieces {
                for third in Self.pieces {
                    let turn = [first, second, third].joined(separator: ",")
                    try self.expectAcceptable(
                        [#"{"role":"user","content":"Hi"}"#, calls, #"{"role":"user","content":[\#(turn)]}"#], profile)
                }
            }
        }
    }

    @Test(arguments: profiles)
    func `any messages in any order satisfy the upstream`(profile: ModelProfile) throws {
        var random = SeededGenerator(seed: 1)
        for _ in share(of: 0..<3_000) {
            let messages = (0..<Int.random(in: 1...7, using: &random)).map { _ in Self.message(using: &random) }
            try self.expectAcceptable(messages, profile)
        }
    }

    @Test func `what was said is never told differently because of what is said later`() throws {
        let profile = ModelProfile(name: "m", acceptsImages: true)
        var random = SeededGenerator(seed: 2)
        for _ in share(of: 0..<1_500) {
            // Users and models take turns here: a turn that goes on is the next test's.
            let messages = (0..<8).map { index in
                index.isMultiple(of: 2)
                    ? Self.message("user", using: &random)
                    : #"{"role":"assistant","content":[{"type":"text","text":"m"},"# + Self.pieces[2 + index % 2] + "]}"
            }
            for count in stride(from: 1, to: messages.count, by: 2) {
                let beginning = try Self.body(messages.prefix(count), profile)
                let whole = try Self.body(messages[...], profile)
                // Without the brackets that close the messages and the body.
                #expect(whole.starts(with: beginning.dropLast(2)), "\(messages) \(count)")
            }
        }
    }

    @Test func `a reminder behind the last turn only adds to its last text`() throws {
        let messages = [
            #"{"role":"user","content":"Hi"}"#, #"{"role":"assistant","content":"x"}"#,
            #"{"role":"user","content":"y"}"#, #"{"role":"system","content":"note"}"#,
        ]
        let before = try Self.body(messages.prefix(3), Self.profiles[0])
        let after = try Self.body(messages[...], Self.profiles[0])
        // Without `"}]}`.
        #expect(after.starts(with: before.dropLast(4)))
    }

    @Test func `cache marks change nothing`() throws {
        var random = SeededGenerator(seed: 3)
        for profile in Self.profiles {
            for _ in share(of: 0..<500) {
                let messages = (0..<5).map { _ in Self.message(using: &random) }
                let marked = messages.map {
                    $0.replacing(
                        #""type":"text","#, with: #""cache_control":{"type":"ephemeral","ttl":"1h"},"type":"text","#)
                }
                #expect(try Self.body(messages[...], profile) == Self.body(marked[...], profile))
            }
        }
    }

    private static func message(_ role: String? = nil, using random: inout SeededGenerator) -> String {
        let role = role ?? Self.roles.randomElement(using: &random) ?? "user"
        if Int.random(in: 0..<5, using: &random) == 0 { return #"{"role":"\#(role)","content":"s"}"# }
        let blocks = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            Self.pieces.randomElement(using: &random) ?? ""
        }
        return #"{"role":"\#(role)","content":["# + blocks.joined(separator: ",") + "]}"
    }

    private static func body(_ messages: ArraySlice<String>, _ profile: ModelProfile) throws -> [UInt8] {
        let text = #"{"model":"m","system":"s","messages":["# + messages.joined(separator: ",") + "]}"
        return try MessagesRequest(parsing: Array(text.utf8)).chatCompletionsBody(for: profile, stream: true).bytes
    }

    private func expectAcceptable(_ messages: [String], _ profile: ModelProfile) throws {
        let body = try Self.body(messages[...], profile)
        let violations = UpstreamRules(checking: body).violations
        if !violations.isEmpty {
            Issue.record("\(violations)\n\(messages)\n\(String(decoding: body, as: UTF8.self))")
        }
    }
}

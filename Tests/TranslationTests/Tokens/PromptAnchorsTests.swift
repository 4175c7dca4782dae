// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct PromptAnchorsTests {
    private let profile = ModelProfile(name: "m", acceptsImages: true)
    private var anchors = PromptAnchors()
    private var scale = TokenScale()

    /// `messages` as JSON objects.
    private func size(_ messages: [String], system: String = "Be brief.", tools: String = "[]") throws -> PromptSize {
        let body =
            #"{"model":"m","system":"\#(system)","tools":\#(tools),"messages":[\#(messages.joined(separator: ","))]}"#
        return try MessagesRequest(parsing: Array(body.utf8)).facts.size
    }

    private func user(_ text: String) -> String { #"{"role":"user","content":"\#(text)"}"# }
    private func model(_ text: String) -> String { #"{"role":"assistant","content":"\#(text)"}"# }

    private func tokens(_ size: PromptSize, model: Int = 1) -> Int {
        self.anchors.tokens(of: size, for: self.profile, model: model, scale: self.scale)
    }

    private mutating func observe(_ tokens: Int, _ size: PromptSize, _ profile: ModelProfile? = nil) {
        self.anchors.observe(tokens, of: size, for: profile ?? self.profile, model: 1, scale: &self.scale)
    }

    @Test mutating func `only what is new is estimated`() throws {
        let beginning = [self.user("Count the files."), self.model("There are nine.")]
        let first = try self.size(Array(beginning.prefix(1)))
        self.observe(2_000, first)
        #expect(self.tokens(first) == 2_000)
        let second = try self.size(beginning + [self.user("And the folders?")])
        let new = second.tokens(for: self.profile) - first.tokens(for: self.profile)
        #expect(abs(self.tokens(second) - 2_000 - new) <= 1)
        // Another model, another system prompt: nothing is known.
        #expect(self.tokens(second, model: 2) == second.tokens(for: self.profile))
        #expect(try self.tokens(self.size(beginning, system: "Be verbose.")) < 200)
    }

    @Test mutating func `the same prompt once more corrects its own count and no other`() throws {
        let beginning = try self.size([self.user("Count the files.")])
        self.observe(2_000, beginning)
        let whole = try self.size([self.user("Count the files."), self.model("There are nine.")])
        self.observe(2_010, whole)
        self.observe(2_014, whole)
        #expect(self.tokens(whole) == 2_014)
        #expect(self.tokens(beginning) == 2_000)
    }

    /// Clients spell the same message otherwise when they send it again, and move their cache marks.
    @Test mutating func `a message is known again in another spelling`() throws {
        let marked =
            #"{"role":"user","content":[{"type":"text","text":"Hi there","cache_control":{"type":"ephemeral"}}]}"#
        self.observe(900, try self.size([marked]))
        #expect(try self.tokens(self.size([self.user("Hi there")])) == 900)
    }

    @Test mutating func `the line of the client's bill changes nothing`() throws {
        func size(_ version: String) throws -> PromptSize {
            let system =
                #"[{"type":"text","text":"x-anthropic-billing-header: \#(version)"},{"type":"text","text":"Be brief."}]"#
            return try MessagesRequest(
                parsing: Array(#"{"model":"m","system":\#(system),"messages":[\#(self.user("Hi"))]}"#.utf8)
            ).facts.size
        }
        self.observe(700, try size("a"))
        #expect(try self.tokens(size("b")) == 700)
    }

    /// A tool that arrives late stands in front of all messages, but the messages are the same.
    @Test mutating func `a tool that is new adds what it weighs`() throws {
        let one = #"{"name":"a","description":"Reads a file from the disk.","input_schema":{"type":"object"}}"#
        let two =
            #"{"name":"b","description":"Writes a file to the disk and says how long it is.","input_schema":{"type":"object"}}"#
        let messages = [self.user("Go on.")]
        let before = try self.size(messages, tools: "[\(one)]")
        self.observe(3_000, before)
        let after = try self.size(messages, tools: "[\(two),\(one)]")
        let new = after.tokens(for: self.profile) - before.tokens(for: self.profile)
        #expect(new > 20)
        #expect(abs(self.tokens(after) - 3_000 - new) <= 1)
    }

    /// The thinking of an earlier loop is not sent back, and the anchor held it.
    @Test mutating func `thinking that is dropped is taken off`() throws {
        let thought = String(repeating: "Let me think about the folders first. ", count: 40)
        let call =
            #"{"role":"assistant","content":[{"type":"thinking","thinking":"\#(thought)"},{"type":"tool_use","id":"t","name":"a","input":{}}]}"#
        let result = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]}"#
        let loop = [self.user("Go."), call, result]
        let next = loop + [self.model("Done."), self.user("Thanks.")]
        var counted: [ModelProfile.ReasoningReplay: Int] = [:]
        for replay in ModelProfile.ReasoningReplay.allCases {
            let profile = ModelProfile(name: "m", reasoningReplay: replay)
            var (anchors, scale) = (PromptAnchors(), TokenScale())
            anchors.observe(4_000, of: try self.size(loop), for: profile, model: 1, scale: &scale)
            counted[replay] = anchors.tokens(of: try self.size(next), for: profile, model: 1, scale: TokenScale())
        }
        let (dropped, kept) = (try #require(counted[.toolLoop]), try #require(counted[.everyTurn]))
        #expect(kept > 4_000 && dropped < 3_800)
        #expect(counted[ModelProfile.ReasoningReplay.none] == kept)
    }

    /// Whatever was reported, and for how much of the conversation: a longer one is never counted as less.
    @Test func `a conversation that grows is never counted as less`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<12 {
            var messages: [String] = []
            for turn in 0..<24 {
                let text = String(repeating: "word \(turn) ", count: Int.random(in: 1...400, using: &generator))
                messages.append(turn % 2 == 0 ? self.user(text) : self.model(text))
            }
            let sizes = try (1...messages.count).map { try self.size(Array(messages.prefix($0))) }
            var (anchors, scale) = (PromptAnchors(), TokenScale())
            func expectOrder() {
                let counts = sizes.map { anchors.tokens(of: $0, for: self.profile, model: 1, scale: scale) }
                #expect(counts == counts.sorted())
            }
            expectOrder()
            // What the model takes for a token of ours differs, also within the conversation.
            var reported = 100
            for size in sizes where Bool.random(using: &generator) {
                reported = max(
                    reported + 1, size.tokens(for: self.profile) * Int.random(in: 80...125, using: &generator) / 100)
                anchors.observe(reported, of: size, for: self.profile, model: 1, scale: &scale)
                expectOrder()
            }
        }
    }

    @Test mutating func `what models count more is expected to be more`() throws {
        let text = String(repeating: "The gateway accepts a request. ", count: 2_000)
        let size = try self.size([self.user(text)])
        let estimate = size.tokens(for: self.profile)
        for _ in 0..<20 { self.observe(estimate * 12 / 10, size) }
        #expect(1_150...1_200 ~= self.scale.thousandths)
        let other = try self.size([self.user("Another: " + text)])
        #expect(abs(Double(self.tokens(other)) / Double(estimate) - 1.18) < 0.03)
        #expect(TokenScale(thousandths: self.scale.thousandths).thousandths == self.scale.thousandths)
    }

    /// A figure that no model counts, from an upstream that is mistaken or means harm.
    @Test(arguments: [0, -5, 1, 50_000_000, .max, .min])
    mutating func `a figure that cannot be is not learned from`(tokens: Int) throws {
        let size = try self.size([self.user(String(repeating: "word ", count: 2_000))])
        self.observe(tokens, size)
        #expect(self.scale == TokenScale())
        #expect(try self.tokens(self.size([self.user("Something else.")])) < 100)
    }

    @Test func `the table is bounded and forgets the oldest`() throws {
        var (anchors, scale) = (PromptAnchors(limit: 8), TokenScale())
        let sizes = try (0..<20).map { try self.size([self.user("Hi")], system: "number \($0)") }
        for (index, size) in sizes.enumerated() {
            anchors.observe(1_000 + index, of: size, for: self.profile, model: 1, scale: &scale)
        }
        #expect(anchors.tokens(of: sizes[19], for: self.profile, model: 1, scale: scale) == 1_019)
        #expect(anchors.tokens(of: sizes[0], for: self.profile, model: 1, scale: scale) < 100)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct CacheMarksTests {
    private static let tool = #"{"name":"Read","description":"Reads a file.","input_schema":{"type":"object"}}"#

    private func profile(_ form: ModelProfile.CacheForm) -> ModelProfile {
        ModelProfile(name: "qwen3-coder-plus", acceptsImages: true, cacheForm: form)
    }

    private func prompt(
        _ messages: [String], system: String? = nil, tools: String = "[\(Self.tool)]",
        form: ModelProfile.CacheForm = .marks,
    ) throws -> BilledPrompt {
        let system = system ?? #""\#(String(repeating: "Be brief and exact. ", count: 300))""#
        let body =
            #"{"model":"m","system":\#(system),"tools":\#(tools),"messages":[\#(messages.joined(separator: ","))]}"#
        let request = try MessagesRequest(parsing: Array(body.utf8))
        return try BilledPrompt(request.chatCompletionsBody(for: self.profile(form), stream: true).bytes)
    }

    /// As Claude Code goes on: a call and its result in every turn, a word of the user's in some.
    private static func conversation(turns: Int) -> [String] {
        var messages = [#"{"role":"user","content":"Mend the tests."}"#]
        for turn in 0..<turns {
            let output = String(repeating: "line \(turn) of the file\\n", count: 60)
            messages.append(
                #"{"role":"assistant","content":[{"type":"text","text":"Let me look."},{"type":"tool_use","id":"t\#(turn)","name":"Read","input":{"path":"/a/\#(turn)"}}]}"#
            )
            let word = turn % 4 == 3 ? #",{"type":"text","text":"Go on with the next one."}"# : ""
            messages.append(
                #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t\#(turn)","content":"\#(output)"}\#(word)]}"#
            )
        }
        return messages
    }

    @Test func `twelve turns with marks cost a third of what they cost without`() throws {
        let messages = Self.conversation(turns: 12)
        var upstream = BillingUpstream()
        var (price, full) = (0.0, 0.0)
        var last: BilledPrompt?
        for count in stride(from: 1, through: messages.count, by: 2) {
            let prompt = try self.prompt(Array(messages.prefix(count)))
            #expect(1...4 ~= prompt.markCount)
            price += upstream.price(of: prompt)
            full += Double(prompt.length)
            // A marked turn and an unmarked one are the same text.
            if let last { #expect(prompt.parts.map(\.text).starts(with: last.parts.map(\.text))) }
            last = prompt
        }
        #expect(price < 0.34 * full, "\(price / full)")
    }

    @Test func `a single question is not kept`() throws {
        #expect(try self.prompt(Self.conversation(turns: 0), tools: "[]").markCount == 0)
        #expect(try self.prompt(Self.conversation(turns: 0)).markCount == 2)
        #expect(try self.prompt(Self.conversation(turns: 2), tools: "[]").markCount == 3)
    }

    @Test func `a short prompt is not kept`() throws {
        #expect(try self.prompt(Self.conversation(turns: 0), system: #""Hi""#).markCount == 0)
    }

    @Test func `an upstream that keeps by itself gets no marks`() throws {
        #expect(try self.prompt(Self.conversation(turns: 3), form: .automatic).markCount == 0)
    }

    /// The client may keep its prompt for an hour; only some models know that.
    @Test(arguments: [
        (ModelProfile.CacheForm.marks, #""ttl":"1h""#, 0), (.marksWithTTL, #""ttl":"1h""#, 3),
        (.marksWithTTL, #""ttl":"5m""#, 0),
    ])
    func `an hour is asked for where the client asks for it`(
        form: ModelProfile.CacheForm, ttl: String, expected: Int,
    ) throws {
        let text = String(repeating: "Be brief and exact. ", count: 300)
        let system = #"[{"type":"text","text":"\#(text)","cache_control":{"type":"ephemeral",\#(ttl)}}]"#
        let prompt = try self.prompt(Self.conversation(turns: 2), system: system, form: form)
        #expect(prompt.markCount == 3)
        #expect(prompt.hourCount == expected)
    }

    /// The turns' shapes: results only, results and text, an image at the end, a call without a result, a turn that the
    /// client began for the model.
    @Test(arguments: [
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":"ok"}]}"#,
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":""},{"type":"text","text":"and"}]}"#,
        #"{"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://a/b"}}]}"#,
        #"{"role":"user","content":"no result"}"#,
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"other","content":"whose?"}]}"#,
        #"{"role":"system","content":"A reminder."}"#,
    ])
    func `marks leave every turn's text as it is`(turn: String) throws {
        let call = #"{"role":"assistant","content":[{"type":"tool_use","id":"x","name":"Read","input":{}}]}"#
        for messages in [[call, turn], [call, turn, call], [call, turn, call, turn]] {
            let all = Self.conversation(turns: 1) + messages
            let (marked, plain) = (try self.prompt(all), try self.prompt(all, form: .automatic))
            #expect(marked.parts.map(\.text) == plain.parts.map(\.text))
            #expect(1...4 ~= marked.markCount)
            #expect(plain.markCount == 0)
        }
    }

    /// Clients sort the list by name.
    @Test func `a tool that arrives late goes to the end`() throws {
        func tool(_ name: String, isLate: Bool = false) -> String {
            #"{"name":"\#(name)","description":"d","input_schema":{"type":"object"}\#(isLate ? #","defer_loading":true"# : "")}"#
        }
        func names(_ tools: [String], found: [String]) throws -> [String] {
            let references = found.map { #"{"type":"tool_reference","tool_name":"\#($0)"}"# }.joined(separator: ",")
            let messages = [
                #"{"role":"user","content":"Hi"}"#,
                #"{"role":"assistant","content":[{"type":"tool_use","id":"x","name":"B","input":{}}]}"#,
                #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":[\#(references)]}]}"#,
            ]
            let body =
                #"{"model":"m","tools":[\#(tools.joined(separator: ","))],"messages":[\#(messages.joined(separator: ","))]}"#
            return try MessagesRequest(parsing: Array(body.utf8)).tools.map(\.declared.name)
        }
        let (late, later) = (tool("C", isLate: true), tool("A", isLate: true))
        #expect(try names([tool("B"), tool("D")], found: []) == ["B", "D"])
        #expect(try names([tool("B"), late, tool("D")], found: ["C"]) == ["B", "D", "C"])
        #expect(try names([later, tool("B"), late, tool("D")], found: ["C", "A"]) == ["B", "D", "C", "A"])
        #expect(try names([later, tool("B"), late, tool("D")], found: []) == ["B", "D", "A", "C"])
    }
}

/// A body as an upstream reads it: texts in the order of the prompt, each with or without a mark.
private struct BilledPrompt {
    struct Part {
        var text: String
        var isMarked = false
    }

    private(set) var parts: [Part] = []
    private(set) var hourCount = 0

    var markCount: Int { self.parts.count(where: \.isMarked) }
    var length: Int { self.parts.reduce(0) { $0 + $1.text.utf8.count } }

    init(_ body: [UInt8]) throws {
        let document = try JSONDocument(parsing: body)
        if let tools = document.member("tools", of: document.root) { self.add(tools, of: document) }
        let messages = try #require(document.member("messages", of: document.root))
        for message in document.elements(of: messages) {
            self.parts.append(Part(text: try #require(document.string("role", of: message))))
            if let calls = document.member("tool_calls", of: message) { self.add(calls, of: document) }
            let content = try #require(document.member("content", of: message))
            guard document.kind(of: content) == .array else {
                self.add(content, of: document)
                continue
            }
            for part in document.elements(of: content) {
                let text = document.member("text", of: part) ?? document.member("image_url", of: part)
                self.add(try #require(text), of: document)
                guard let mark = document.member("cache_control", of: part) else { continue }
                #expect(document.string("type", of: mark) == "ephemeral")
                if document.string("ttl", of: mark) == "1h" { self.hourCount += 1 }
                self.parts[self.parts.count - 1].isMarked = true
            }
        }
    }

    private mutating func add(_ node: JSONNode, of document: JSONDocument) {
        self.parts.append(Part(text: String(decoding: document.bytes[document.range(of: node)], as: UTF8.self)))
    }
}

/// Prices as DashScope's explicit cache has them: what was kept costs a tenth, what is kept now a quarter more than without.
private struct BillingUpstream {
    private var kept: Set<[String]> = []

    mutating func price(of prompt: BilledPrompt) -> Double {
        let texts = prompt.parts.map(\.text)
        let marks = prompt.parts.indices.filter { prompt.parts[$0].isMarked }.map { $0 + 1 }
        func length(_ range: Range<Int>) -> Double { Double(texts[range].reduce(0) { $0 + $1.utf8.count }) }
        // It looks back twenty parts from each mark.
        let readable = marks.flatMap { mark in (max(0, mark - 20)...mark) }.filter {
            self.kept.contains(Array(texts[..<$0]))
        }
        let read = readable.max() ?? 0
        let written = max(marks.max() ?? 0, read)
        for mark in marks { self.kept.insert(Array(texts[..<mark])) }
        return 0.1 * length(0..<read) + 1.25 * length(read..<written) + length(written..<texts.count)
    }
}

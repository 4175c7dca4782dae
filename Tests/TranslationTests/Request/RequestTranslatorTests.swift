// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Translation

@Suite struct RequestTranslatorTests {
    private static let tools =
        #""tools":[{"name":"A","description":"does a","input_schema":{"type":"object","properties":{"x":{"type":"integer"}}}},{"name":"B"}]"#

    private func profile(_ change: (inout ModelProfile) -> Void) -> ModelProfile {
        var profile = ModelProfile(name: "m")
        change(&profile)
        return profile
    }

    @Test func `the system prompt loses the billing line and its marks`() throws {
        let it = try TranslatedRequest(
            #""system":[{"type":"text","text":"x-anthropic-billing-header: cc=1;"},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}]"#
        )
        #expect(it.content(0) == "a\n\nb")
        #expect(try TranslatedRequest(#""system":"x-anthropic-billing-header: cc=1;\nrest""#).content(0) == "rest")
        for empty in [
            #""x-anthropic-billing-header: 1""#, "[]", "null", #""""#,
            #"[{"type":"text","text":"x-anthropic-billing-header: 1;"}]"#,
        ] {
            #expect(try TranslatedRequest(#""system":"# + empty).roles == ["user"])
        }
    }

    @Test func `the portal gets the form it insists on, also without a prompt`() throws {
        let portal = self.profile { $0.systemMessage = .cachedParts }
        let mark = #"{"role":"system","content":[{"type":"text","text":"","cache_control":{"type":"ephemeral"}}"#
        #expect(try TranslatedRequest(profile: portal).text.contains(mark + #"]},{"role":"user""#))
        #expect(
            try TranslatedRequest(#""system":"a""#, profile: portal).text
                .contains(mark + #",{"type":"text","text":"a"}]},{"role":"user""#))
    }

    @Test func `tools keep their order, deferred ones behind the others, and schemas gain only what is missing`() throws
    {
        let it = try TranslatedRequest(
            """
            "tools":[{"name":"a","input_schema":{"$schema":"s","properties":{"z":{},"b":{"maximum":9007199254740991}},"required":["z"],"type":"object"},"cache_control":{},"defer_loading":true},
            {"name":"b","description":"","input_schema":{"type":"object"},"eager_input_streaming":true,"strict":true},{"name":"c","input_schema":{}},
            {"name":"d","input_schema":null},{"name":"e","input_schema":{"type":["object","null"],"properties":null}},{"name":"a","description":"second"},
            {"name":"DeferredToolPlaceholder","input_schema":{"type":"object"},"defer_loading":true},{"type":"custom","name":"f"}]
            """)
        #expect(it.tools.map { $0["name"] as? String } == ["b", "c", "d", "e", "f", "a"])
        #expect(
            it.text.contains(
                #""parameters":{"properties":{"z":{},"b":{"maximum":9007199254740991}},"required":["z"],"type":"object"}"#
            ))
        #expect(it.text.contains(#"{"name":"b","parameters":{"properties":{},"type":"object"}}"#))
        #expect(it.text.contains(#"{"name":"c","parameters":{"type":"object","properties":{}}}"#))
        #expect(it.request.facts.features.toolNames == ["b", "c", "d", "e", "f", "a"])
    }

    @Test func `tools of Anthropic's servers are listed, never offered`() throws {
        let it = try TranslatedRequest(
            #""tools":[{"type":"web_search_20250305","name":"web_search","max_uses":8}],"tool_choice":{"type":"auto"}"#)
        #expect(it.object["tools"] == nil)
        #expect(it.request.facts.features.serverTools == ["web_search_20250305"])
        #expect(!it.request.facts.features.hasTools)
        #expect(try TranslatedRequest(#""tools":[]"#).object["tools"] == nil)
    }

    @Test func `a tool that was taken away is not offered until it is given back`() throws {
        func names(_ blocks: String) throws -> [String?] {
            try TranslatedRequest(
                Self.tools, messages: #"[{"role":"user","content":"Hi"},{"role":"system","content":[\#(blocks)]}]"#
            ).tools.map { $0["name"] as? String }
        }
        let removal = #"{"type":"tool_removal","tool":{"type":"tool_reference","name":"A"}}"#
        #expect(try names(removal) == ["B"])
        #expect(
            try names(removal + #",{"type":"tool_addition","tool":{"type":"tool_reference","name":"A"}}"#) == [
                "A", "B",
            ])
    }

    @Test func `odd names are changed the same way everywhere and can be told back`() throws {
        let long = String(repeating: "n", count: 65)
        let it = try TranslatedRequest(
            #""tools":[{"name":"search"},{"name":"a.b"},{"name":"\#(long)"}],"tool_choice":{"type":"tool","name":"a.b"}"#,
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"a.b","input":{}},{"type":"tool_use","id":"2","name":"gone!","input":{}}]}]
                """)
        let names = it.tools.compactMap { $0["name"] as? String }
        let known = ToolNames(it.request.facts.responseContext)
        #expect(names.map { known.clientName(of: $0) } == ["search", "a.b", long])
        #expect(it.calls(1).map { known.clientName(of: $0.name) } == ["a.b", "gone!"])
        #expect(it.calls(1).first?.name == names[1])
        #expect(names[1].hasPrefix("a_b_"))
        #expect(known.tool(called: names[0])?.name == "search")
    }

    @Test(arguments: [
        (ModelProfile.ToolChoiceSupport.required, #"{"type":"any"}"#, #""tool_choice":"required""#),
        (.function, #"{"type":"any"}"#, #""tool_choice":"auto""#),
        (.auto, #"{"type":"tool","name":"A"}"#, #""tool_choice":"auto""#),
        (.function, #"{"type":"tool","name":"A"}"#, #""tool_choice":{"type":"function","function":{"name":"A"}}"#),
        (.auto, #"{"type":"none"}"#, #""tool_choice":"none""#),
        (.required, #"{"type":"auto"}"#, #""tool_choice":"auto""#),
    ])
    func `a choice is made as far as the model can be told`(
        support: ModelProfile.ToolChoiceSupport, choice: String, expected: String
    ) throws {
        let it = try TranslatedRequest(
            Self.tools + #","thinking":{"type":"enabled","budget_tokens":99},"tool_choice":"# + choice,
            profile: self.profile { ($0.toolChoice, $0.thinking) = (support, .enableThinking) })
        #expect(it.text.contains(expected))
        let isForced = expected.contains("required") || expected.contains("function")
        #expect(it.object["enable_thinking"] as? Bool == !isForced)
        #expect(it.text.contains("Answer with a call of") == (expected.contains("auto") && !choice.contains("auto")))
    }

    @Test func `one forced function is offered alone where its name is not understood`() throws {
        let profile = self.profile { ($0.toolChoice, $0.namesForcedTool) = (.required, false) }
        let forced = try TranslatedRequest(
            Self.tools + #","tool_choice":{"type":"tool","name":"B"}"#,
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"A","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"r"}]}]
                """, profile: profile)
        #expect(forced.object["tool_choice"] as? String == "required")
        #expect(forced.tools.map { $0["name"] as? String } == ["B"])
        #expect(forced.calls(1).map(\.name) == ["A"])
        let any = try TranslatedRequest(Self.tools + #","tool_choice":{"type":"any"}"#, profile: profile)
        #expect(any.object["tool_choice"] as? String == "required")
        #expect(any.tools.count == 2)
        let unknown = try TranslatedRequest(
            Self.tools + #","tool_choice":{"type":"tool","name":"C"}"#, profile: profile)
        #expect(unknown.tools.count == 2)
        #expect(unknown.object["tool_choice"] == nil)
    }

    @Test(arguments: [
        ("", false), (#""thinking":{"type":"disabled"}"#, false), (#""thinking":{"type":"adaptive"}"#, true),
        (Self.tools + #","thinking":{"type":"adaptive"},"tool_choice":{"type":"any"}"#, false),
    ])
    func `a chat template is told whether to think`(given: String, thinks: Bool) throws {
        let it = try TranslatedRequest(
            given, profile: self.profile { ($0.thinking, $0.toolChoice) = (.chatTemplateKwargs, .required) })
        let arguments = try #require(it.object["chat_template_kwargs"] as? [String: Any])
        #expect(Array(arguments.keys) == ["enable_thinking"])
        #expect(arguments["enable_thinking"] as? Bool == thinks)
        #expect(it.object["enable_thinking"] == nil)
    }

    @Test(arguments: [
        ("", "none"), (#""thinking":{"type":"disabled"}"#, "none"), (#""thinking":{"type":"adaptive"}"#, "medium"),
        (#""thinking":{"type":"adaptive"},"output_config":{"effort":"xhigh"}"#, "xhigh"),
        (#""thinking":{"type":"adaptive"},"output_config":{"effort":"max"}"#, "max"),
        (#""thinking":{"type":"enabled","budget_tokens":31999}"#, "high"),
        (Self.tools + #","thinking":{"type":"adaptive"},"tool_choice":{"type":"tool","name":"A"}"#, "none"),
    ])
    func `a model with the longer scale can be told not to think, and to think hard`(given: String, effort: String)
        throws
    {
        let it = try TranslatedRequest(
            given, profile: self.profile { ($0.thinking, $0.effortScale) = (.reasoningEffort, .noneToMax) })
        #expect(it.object["reasoning_effort"] as? String == effort)
    }

    @Test(arguments: [
        (#""thinking":{"type":"adaptive"}"#, true), (#""thinking":{"type":"disabled"}"#, false), ("", false),
        (Self.tools + #","thinking":{"type":"adaptive"},"tool_choice":{"type":"any"}"#, false),
    ])
    func `thinking is fetched as a stream, since it comes in no other way`(given: String, thinks: Bool) throws {
        var profile = self.profile { ($0.thinking, $0.toolChoice) = (.enableThinking, .required) }
        let inOnePiece = try TranslatedRequest(given, profile: profile, stream: false)
        #expect(inOnePiece.request.needsUpstreamStream(for: profile) == thinks)
        #expect(inOnePiece.object["enable_thinking"] as? Bool == false)
        let streamed = try TranslatedRequest(given, profile: profile)
        #expect(streamed.object["enable_thinking"] as? Bool == thinks)
        let streaming = try TranslatedRequest(given.isEmpty ? #""stream":true"# : given + #","stream":true"#)
        #expect(streaming.request.needsUpstreamStream(for: profile))
        profile.alwaysStreams = true
        #expect(inOnePiece.request.needsUpstreamStream(for: profile))
        #expect(!inOnePiece.request.needsUpstreamStream(for: ModelProfile(name: "m")))
    }

    @Test func `what an upstream refuses is left out`() throws {
        let everything =
            Self.tools
            + #","stop_sequences":["x"],"temperature":0.5,"top_p":0.5,"max_tokens":9,"thinking":{"type":"enabled","budget_tokens":99}"#
        let it = try TranslatedRequest(
            everything,
            profile: self.profile {
                $0.thinking = .enableThinking
                $0.leaveOut([.stop, .streamOptions, .temperature, .topP, .maximumTokens, .thinkingBudget])
            })
        #expect(
            Set(it.object.keys) == [
                "model", "messages", "stream", "tools", "parallel_tool_calls", "max_completion_tokens",
                "enable_thinking",
            ])
        #expect(it.object["max_completion_tokens"] as? Int == 9)
    }

    @Test func `a budget is no larger than an answer may be`() throws {
        for budget in ["2147483647", "1e18"] {
            let it = try TranslatedRequest(
                #""thinking":{"type":"enabled","budget_tokens":\#(budget)}"#,
                profile: self.profile { $0.thinking = .enableThinking })
            #expect(it.object["thinking_budget"] as? Int == 32_768)
        }
        let beyond = try TranslatedRequest(
            #""thinking":{"type":"enabled","budget_tokens":1e30}"#,
            profile: self.profile { $0.thinking = .enableThinking })
        #expect(beyond.object["enable_thinking"] as? Bool == true)
        #expect(beyond.object["thinking_budget"] == nil)
    }

    @Test func `parallel calls are allowed unless the client forbids them`() throws {
        #expect(try TranslatedRequest(Self.tools).object["parallel_tool_calls"] as? Bool == true)
        let forbidden = try TranslatedRequest(
            Self.tools + #","tool_choice":{"type":"auto","disable_parallel_tool_use":true}"#)
        #expect(forbidden.object["parallel_tool_calls"] as? Bool == false)
        let silent = try TranslatedRequest(Self.tools, profile: self.profile { $0.sendsParallelToolCalls = false })
        #expect(silent.object["parallel_tool_calls"] == nil)
    }

    @Test(arguments: [
        (#""max_tokens":128000"#, #""max_tokens":32768,"#), (#""max_tokens":1"#, #""max_tokens":1,"#),
        (#""max_tokens":1e30"#, #""max_tokens":32768,"#),
        (#""max_tokens":9223372036854775808"#, #""max_tokens":32768,"#),
        (#""max_tokens":1e999"#, #""max_tokens":32768,"#), (#""max_tokens":0"#, #""max_tokens":1,"#),
        (#""top_k":1e15"#, #""top_k":2147483647,"#), (#""top_k":9223372036854775807"#, #""top_k":2147483647,"#),
        (#""temperature":1e999"#, #""temperature":1.99,"#), (#""temperature":-1e999"#, #""temperature":0,"#),
        (#""top_p":1e-999"#, #""top_p":0.01,"#),
        (#""temperature":1.0"#, #""temperature":1.0,"#), (#""temperature":2"#, #""temperature":1.99,"#),
        (#""temperature":-1"#, #""temperature":0,"#),
        (#""top_p":0"#, #""top_p":0.01,"#), (#""top_p":0.95"#, #""top_p":0.95,"#), (#""top_p":3"#, #""top_p":1,"#),
        (#""top_k":40"#, #""top_k":40,"#),
        (#""stop_sequences":["</block>","",5,"\n"]"#, #""stop":["</block>","\n"],"#),
    ])
    func `numbers are brought into the range upstreams take`(given: String, expected: String) throws {
        #expect(try TranslatedRequest(given).text.contains(expected))
    }

    @Test func `what upstreams do not know stays here`() throws {
        let it = try TranslatedRequest(
            """
            "metadata":{"user_id":"u"},"context_management":{},"safeguards":[],"service_tier":"auto","speed":"fast","container":"c","mcp_servers":[],
            "thread":{"type":"create"},"top_k":-1,"temperature":"hot","stop_sequences":[],"tool_choice":{"type":"any"},"new_field":{"a":[1]}
            """, stream: false)
        #expect(Set(it.object.keys) == ["model", "messages", "stream"])
        #expect(it.object["stream"] as? Bool == false)
        #expect(try TranslatedRequest().text.contains(#""stream":true,"stream_options":{"include_usage":true}"#))
    }

    @Test(
        arguments: [
            ("", nil, "low"), (#""thinking":{"type":"disabled"}"#, nil, "low"),
            (#""thinking":{"type":"enabled","budget_tokens":31999}"#, 31999, "high"),
            (#""thinking":{"type":"adaptive"}"#, 0, "medium"),
            (#""thinking":{"type":"adaptive"},"output_config":{"effort":"low"}"#, 4096, "low"),
            (#""thinking":{"type":"adaptive"},"output_config":{"effort":"max"}"#, 0, "high"),
        ] as [(String, Int?, String)])
    func `thinking is asked for in the model's own way`(given: String, budget: Int?, effort: String) throws {
        let qwen = try TranslatedRequest(given, profile: self.profile { $0.thinking = .enableThinking })
        #expect(qwen.object["enable_thinking"] as? Bool == (budget != nil))
        #expect(qwen.object["thinking_budget"] as? Int ?? 0 == budget ?? 0)
        let other = try TranslatedRequest(given, profile: self.profile { $0.thinking = .reasoningEffort })
        #expect(other.object["reasoning_effort"] as? String == effort)
        #expect(try Set(TranslatedRequest(given).object.keys) == ["model", "messages", "stream", "stream_options"])
    }

    @Test func `an answer's schema goes beside or into the conversation`() throws {
        let format =
            #""output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"title":{"type":"string"}}}}},"thinking":{"type":"adaptive"}"#
        let schema = #"{"type":"object","properties":{"title":{"type":"string"}}}"#
        let strict = try TranslatedRequest(
            format, profile: self.profile { ($0.structuredOutput, $0.thinking) = (.jsonSchema, .enableThinking) })
        #expect(strict.text.contains(#""strict":true,"schema":"# + schema))
        #expect(strict.content(0) == "Hi")
        let loose = try TranslatedRequest(format, profile: self.profile { $0.thinking = .enableThinking })
        #expect(loose.text.contains(#""response_format":{"type":"json_object"}"#))
        #expect(loose.content(0)?.hasSuffix(schema) == true)
        #expect(loose.content(0)?.contains("json object") == true)
        let none = try TranslatedRequest(format, profile: self.profile { $0.structuredOutput = .none })
        #expect(none.object["response_format"] == nil)
        #expect(none.content(0)?.hasSuffix(schema) == true)
    }

    @Test func `the context for the answer says what was asked and offered`() throws {
        let facts = try TranslatedRequest(
            """
            "stop_sequences":["x"],"tools":[{"name":"T","input_schema":{"type":"object","properties":{"s":{"type":"string"},"n":{"type":["number","null"]},
            "u":{"anyOf":[{"type":"integer"},{"type":"null"}]},"e":{"enum":["a",1,null]},"any":{},"r":{"$ref":"#"},"c":{"const":true}}}}]
            """
        ).request.facts
        let context = facts.responseContext
        #expect(context.requestedModel == "claude-x")
        #expect(context.stopSequences == ["x"])
        #expect(facts.estimatedInputTokens > 0)
        #expect(
            context.tools.first?.parameters == [
                "s": .string, "n": [.number, .null], "u": [.integer, .null], "e": [.string, .integer, .null], "any": [],
                "r": [], "c": .boolean,
            ])
    }

    @Test func `a parameter whose name no model would repeat has no type`() throws {
        let (known, unknown) = (String(repeating: "n", count: 4 << 10), String(repeating: "n", count: (4 << 10) + 1))
        let context = try TranslatedRequest(
            """
            "tools":[{"name":"T","input_schema":{"type":"object","properties":{"\(known)":{"type":"integer"},
            "\(unknown)":{"type":"integer"}}}}]
            """
        ).request.facts.responseContext
        #expect(context.tools.first?.parameters == [known: .integer])
    }
}

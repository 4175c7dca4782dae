// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ConversationTranslatorTests {
    private static let vision = ModelProfile(name: "v", acceptsImages: true)
    private static let image =
        #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}"#

    @Test func `blocks and neighbouring messages become paragraphs of one string`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":[{"type":"text","text":"a\\n"},{"type":"text","text":" "},{"type":"text","text":"b"}]},
                 {"role":"user","content":"c"},{"role":"assistant","content":[{"type":"text","text":"d"},{"type":"text","text":""},
                 {"type":"text","text":"e"}]},{"role":"user","content":"f"}]
                """)
        #expect(it.roles == ["user", "assistant", "user"])
        #expect(it.content(0) == "a\n\n\nb\n\nc")
        #expect(it.content(1) == "d\n\ne")
    }

    @Test(arguments: [
        #""X""#, #"[{"type":"text","text":"X"}]"#,
        #"[{"type":"text","text":"X","cache_control":{"type":"ephemeral"}}]"#,
    ])
    func `a string, a block and a marked block give the same bytes`(content: String) throws {
        func body(_ content: String) throws -> String {
            try TranslatedRequest(
                #""system":\#(content)"#,
                messages: """
                    [{"role":"user","content":\(content)},{"role":"system","content":\(content)},
                     {"role":"assistant","content":\(content)},{"role":"user","content":\(content)},
                     {"role":"assistant","content":[{"type":"tool_use","id":"i","name":"n","input":{}}]},
                     {"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":\(content)}]}]
                    """
            ).text
        }
        #expect(try body(content) == body(#""X""#))
    }

    @Test func `instructions in the middle are told as text of the user`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"system","content":"first"},{"role":"user","content":"Hi"},
                 {"role":"system","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"output_config":{"effort":"high"}},
                 {"role":"system","content":[]},{"role":"assistant","content":"Yes"},{"role":"system","content":""},
                 {"role":"user","content":"go"},{"role":"system","content":"<system-reminder>own</system-reminder>"}]
                """)
        #expect(it.roles == ["user", "assistant", "user"])
        #expect(
            it.content(0)
                == "<system-reminder>\nfirst\n</system-reminder>\n\nHi\n\n<system-reminder>\na\n\nb\n</system-reminder>"
        )
        #expect(it.content(2) == "go\n\n<system-reminder>own</system-reminder>")
    }

    @Test func `results stand behind their calls in the calls' order`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"text","text":"ok"},
                  {"type":"tool_use","id":"a","name":"A","input":{ "x" : [1, "y z"] }},{"type":"tool_use","id":"b","name":"B","input":{}}]},
                 {"role":"user","content":[{"type":"text","text":"before"},{"type":"tool_result","tool_use_id":"b","content":"rb"}]},
                 {"role":"system","content":"note"},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"ra"}]},{"type":"text","text":"after"}]}]
                """)
        #expect(it.roles == ["user", "assistant", "tool", "tool", "user"])
        #expect(it.calls(1).map(\.arguments) == [#"{"x":[1,"y z"]}"#, "{}"])
        #expect(it.content(2) == "ra")
        #expect(it.content(3) == "rb")
        #expect(it.content(4) == "before\n\n<system-reminder>\nnote\n</system-reminder>\n\nafter")
    }

    @Test func `a missing result is invented as missing, an orphan is told as text`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":[{"type":"tool_result","tool_use_id":"?","content":"lost"}]},
                 {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"A","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"z","content":"late"},{"type":"text","text":"on"}]},
                 {"role":"assistant","content":"x"},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"too late"}]}]
                """)
        #expect(it.roles == ["user", "assistant", "tool", "user", "assistant", "user"])
        #expect(it.content(0) == "[Result of an earlier call]\nlost")
        #expect(it.content(2) == "(no result: the call was interrupted)")
        #expect(it.content(3) == "[Result of an earlier call]\nlate\n\non")
        #expect(it.content(5) == "[Result of an earlier call]\ntoo late")
    }

    @Test func `identifiers become unique, and their results follow them`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"Hi"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"A","input":{}},{"type":"tool_use","id":"c","name":"B","input":{}},
                  {"type":"tool_use","id":"","name":"C","input":{}},{"type":"tool_use","name":"D"}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"1"},{"type":"tool_result","tool_use_id":"","content":"3"},
                  {"type":"tool_result","tool_use_id":"c","content":"2"}]},
                 {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"A","input":{}},{"type":"tool_use","id":"c_2","name":"A","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"4"},{"type":"tool_result","tool_use_id":"c_2","content":"5"}]}]
                """)
        #expect(it.calls(1).map(\.id) == ["c", "c_2", "call_1", "call_2"])
        #expect((2...5).map { it.content($0) } == ["1", "2", "3", "(no result: the call was interrupted)"])
        #expect(it.calls(6).map(\.id) == ["c_3", "c_2_2"])
        #expect((7...8).map { it.content($0) } == ["4", "5"])
    }

    @Test(arguments: [
        (#""{\"a\": 1}""#, #"{"a":1}"#), (#""""#, "{}"), ("null", "{}"), (#""ls""#, #"{"__unparsed":"ls"}"#),
        ("[1]", #"{"__unparsed":[1]}"#), (#""[1]""#, #"{"__unparsed":"[1]"}"#),
        (#"{"__unparsedToolInput":{"raw":"{\"a","len":3}}"#, #"{"__unparsedToolInput":{"raw":"{\"a","len":3}}"#),
        (#"{"s":"\ud83d \u0041\"\\"}"#, #"{"s":"\ufffd \u0041\"\\"}"#),
    ])
    func `arguments are always an object`(input: String, arguments: String) throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"A","input":\(input)}]}]
                """)
        #expect(it.calls(1).map(\.arguments) == [arguments])
        #expect(it.roles.last == "tool")
    }

    @Test(arguments: [
        (#""is_error":true,"content":"boom""#, "Error: boom"),
        (#""is_error":true,"content":"Exit code 3\nx""#, "Exit code 3\nx"),
        (#""is_error":true,"content":"<tool_use_error>no</tool_use_error>""#, "<tool_use_error>no</tool_use_error>"),
        (#""is_error":true"#, "Error: "), (#""is_error":false,"content":"boom""#, "boom"),
        (#""content":null"#, "(no output)"),
        (#""content":"""#, "(no output)"), (#""content":[]"#, "(no output)"),
        (#""content":[{"type":"new"}]"#, "(no output)"),
        (#""content":{"a": 1}"#, #"{"a":1}"#),
        (
            #""content":[{"type":"tool_reference","tool_name":"WebFetch"},{"type":"text","text":"x"}]"#,
            "The tool WebFetch is available now.\n\nx"
        ),
        (
            #""content":[{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"x"}]}]"#,
            "<search_result source=\"s\" title=\"t\">\nx\n</search_result>"
        ),
        (
            #""content":[{"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"x"}}]"#,
            "<document title=\"t\">\nx\n</document>"
        ),
        (
            #""content":[{"type":"image","source":{"type":"base64","data":"AA=="}}]"#,
            "[An image was left out: this model cannot see images.]"
        ),
    ])
    func `a result is told as text`(members: String, text: String) throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"A","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"a",\(members)}]}]
                """)
        #expect(it.roles == ["user", "assistant", "tool"])
        #expect(it.content(2) == text)
    }

    @Test func `images keep their place among the texts of a turn`() throws {
        let messages = """
            [{"role":"user","content":[{"type":"text","text":"a"},\(Self.image),{"type":"text","text":"b"},{"type":"text","text":"c"},
              {"type":"image","source":{"type":"url","url":"https://h/i.png"}},{"type":"image","source":{"type":"file","file_id":"f"}}]}]
            """
        let seen = try TranslatedRequest(messages: messages, profile: Self.vision)
        #expect(
            seen.parts(0) == [
                "a", "data:image/png;base64,iVBORw0KGgo=", "b\n\nc", "https://h/i.png",
                "[An image was left out: it is stored where it cannot be read from here.]",
            ])
        #expect(seen.request.facts.features.containsImages)
        let blind = "[An image was left out: this model cannot see images.]"
        #expect(
            try TranslatedRequest(messages: messages).content(0)
                == ["a", blind, "b", "c", blind, blind].joined(separator: "\n\n"))
    }

    @Test func `an image of a result follows in the next user message`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"Read","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"x"},\(Self.image)]},{"type":"text","text":"y"}]}]
                """, profile: Self.vision)
        #expect(it.content(2) == "x\n\n[The image is in the next user message.]")
        #expect(it.parts(3) == ["[Image from the result of Read]", "data:image/png;base64,iVBORw0KGgo=", "y"])
    }

    @Test func `a turn of the model without anything to say joins its neighbours`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"\\n "}]},
                 {"role":"user","content":"b"},{"role":"assistant","content":[{"type":"redacted_thinking","data":"x"}]}]
                """)
        #expect(it.roles == ["user"])
        #expect(it.content(0) == "a\n\nb")
    }

    @Test func `the user has the first and the last word`() throws {
        let it = try TranslatedRequest(
            messages:
                #"[{"role":"assistant","content":"a"},{"role":"user","content":[]},{"role":"assistant","content":"{"}]"#
        )
        #expect(it.roles == ["user", "assistant", "user", "assistant", "user"])
        #expect(it.content(2) == "(empty)")
        #expect(it.content(3) == "{")
        #expect(it.content(4) == "Continue.")
        #expect(try TranslatedRequest(messages: #"[{"role":"system","content":[]}]"#).content(0) == "(empty)")
    }

    @Test func `thinking is replayed within the current loop of calls`() throws {
        let messages = """
            [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"old"},{"type":"text","text":"x"}]},
             {"role":"user","content":"b"},{"role":"assistant","content":[{"type":"thinking","thinking":"n\\"ew","signature":"s"},{"type":"redacted_thinking","data":"r"},
              {"type":"tool_use","id":"a","name":"A","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"r"}]},{"role":"system","content":"note"}]
            """
        let replayed = try TranslatedRequest(
            messages: messages, profile: ModelProfile(name: "m", reasoningReplay: .toolLoop))
        #expect(replayed.messages.map { $0["reasoning_content"] as? String } == [nil, nil, nil, "n\"ew", nil, nil])
        #expect(try !TranslatedRequest(messages: messages).text.contains("reasoning_content"))
        let demanded = try TranslatedRequest(
            messages: messages, profile: ModelProfile(name: "m", reasoningReplay: .everyTurn))
        #expect(demanded.messages.map { $0["reasoning_content"] as? String } == [nil, "old", nil, "n\"ew", nil, nil])
    }

    @Test func `history of Anthropic's own tools is retold`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},
                 {"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"T","url":"https://u","encrypted_content":"E"}]},
                 {"type":"bash_code_execution_tool_result","tool_use_id":"t","content":{"stdout":"out","return_code":0}},{"type":"new_tool_result"}]},
                 {"role":"user","content":"b"}]
                """)
        #expect(
            it.content(1) == """
                [web_search was called with {"query":"q"}]

                [Result of the call:
                T
                https://u
                ]

                [Result of the call:
                out
                ]

                [Result of the call: it was left out]
                """)
    }

    @Test func `documents that cannot be read are said to be missing`() throws {
        let it = try TranslatedRequest(
            messages: """
                [{"role":"user","content":[{"type":"document","title":"P","context":"why","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}},
                 {"type":"document","source":{"type":"url","url":"https://d"}},{"type":"document","source":{"type":"content","content":[{"type":"text","text":"t"}]}}]}]
                """)
        let content = try #require(it.content(0))
        #expect(
            content.hasPrefix(
                "<document title=\"P\">\nwhy\n\n[The contents were left out: a file of type application/pdf"))
        #expect(content.contains("[The document at https://d was not read.]"))
        #expect(content.hasSuffix("<document>\nt\n</document>"))
        #expect(!content.contains("JVBE"))
    }
}

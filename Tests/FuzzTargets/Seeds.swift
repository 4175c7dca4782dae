// SPDX-License-Identifier: Apache-2.0

/// Small inputs of every form we know, to begin with.
enum Seeds {
    static let json = [
        "null", "true", "-12.5e+3", "\"\"", #""a\"b\\c\/\b\f\n\r\té你😀""#, "[]", "{}", "[1,[2,[3,[]]],{}]",
        #"{"a":1,"b":{"c":[true,false,null,"x"]},"é":"你好","":0}"#, " [ 1 , \"two\" ,\n{ \"three\" : 3 } ] ",
        #"["\ud83d\ude00","\ud83d","\u0041"]"#, #"{"a":1,"a":2}"#,
        #"{"text":"a longer text, so that more than one block of sixteen is read\n"}"#,
        "[0,-0,1e5,1.0,123456789,0.1,9007199254740991]", #""naïve café — “quoted” 你好，世界 😀""#,
    ]

    static let leakedCalls = [
        "I look.\n<tool_call>\n<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>",
        "<function=Read>\n<parameter=file_path>\na\n<parameter=limit>\n5\n</parameter>\n</function>\n</tool_call>\n",
        "<tool_call>\n{\"name\": \"Bash\", \"arguments\": {\"command\": \"ls\"}}\n</tool_call>\n<tool_call>{\"name\":\"Read\"}",
        "<function_calls>\n<invoke name=\"Bash\">\n<parameter name=\"command\">ls</parameter>\n</invoke>\n</function_calls>",
        "So:\n```xml\n<tool_call>\n<function=Bash>\n<parameter=command>ls</parameter>\n</function>\n</tool_call>\n```\n\nThat is all.",
        "> `<tool_call>` “<function=Bash>” it's \"x\"\n\n    code\n1. a\n- ~~~\n  b\n  ~~~\n",
    ]

    static let events = [
        "data: a\n\n", "data:a\r\n\r\n", "data\n\n", "event: error\ndata: b\n\n",
        ": keep-alive\n\ndata: 1\ndata: 2\n\n",
        "id: 1\nevent:error\n:HTTP_STATUS/429\ndata:{}\n\n", "\u{FEFF}data: a\r\rdata: b", "retry: 10\n\ndata: x\n",
    ]

    static let streams =
        [
            [
                #"{"choices":[{"delta":{"role":"assistant","content":""},"index":0,"finish_reason":null}]}"#,
                #"{"choices":[{"delta":{"content":"Hello"},"index":0}]}"#,
                #"{"choices":[{"delta":{"content":" wörld\n"},"index":0}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"stop","index":0}]}"#,
                #"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#,
                "[DONE]",
            ],
            [
                #"{"choices":[{"delta":{"reasoning_content":"Let me see. "}}]}"#,
                #"{"choices":[{"delta":{"reasoning_content":"Yes."}}]}"#,
                #"{"choices":[{"delta":{"content":"Done","reasoning_content":null}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]",
            ],
            [
                #"{"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"id":"call_0","type":"function","function":{"name":"Read","arguments":""}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"","function":{"name":null,"arguments":"{\"file_path\":"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":" \"/a\"}"}},{"index":1,"id":"call_1","function":{"name":"Bash","arguments":"{\"command\":\"ls\",\"timeout\":5}"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]",
            ],
            [
                #"{"choices":[{"delta":{"content":"<think>hm</think>I will read.\n<tool_call>\n<function=Read>\n<parameter=file_path>\n/a/b\n</parameter>\n"}}]}"#,
                #"{"choices":[{"delta":{"content":"<parameter=limit>\n10\n</parameter>\n</function>\n</tool_call>"}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]",
            ],
            [
                #"{"choices":[{"delta":{"content":"<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"ls\"}}</tool_call>"}}]}"#,
                #"{"choices":[{"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#,
            ],
            [
                #"{"choices":[{"delta":{"content":"partly"}}]}"#,
                #"{"error":{"code":"internal_error","message":"<503> InternalError.Algo: overloaded"}}"#,
            ],
            [
                #"{"choices":[{"delta":{"content":"cut","tool_calls":[{"index":0,"id":"x","function":{"name":"Write","arguments":"{'content': True,}"}}]},"finish_reason":"length"}]}"#,
                "[DONE]",
            ],
        ].map { $0.map { "data: \($0)\n\n" }.joined() } + [
            "id:1\nevent:error\n:HTTP_STATUS/429\ndata:{\"request_id\":\"1\",\"code\":\"Throttling.AllocationQuota\",\"message\":\"Allocated quota exceeded.\"}\n\n",
            ": OPENROUTER PROCESSING\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"END of it\"},\"finish_reason\":\"stop\"}]}\r\n\r\n",
            "data: [DONE]\n\n",
        ]

    /// Of one call.
    static let arguments = [
        "", "{}", "{} ", #"{"command":"ls -la","timeout":5}"#, #"{"a":[1,{"b":"x\u00e9\\"}],"c":null}"#,
        #"{'a': 'it\'s', b: True,}"#, #"{"a":"cut in the mid"#, #"{"a":1,"b":tr"#, #"{"a":{"b":[1,2]"#,
        #""{\"a\":\"b\"}""#, "null", "ls -l", "{}{\"a\":1}", #"{"a":"\d+"}"#, "{\"a\":\"1\n2\"}}",
        // Found: one of its pieces begins an object inside of the second one.
        #"{"a":[1,{"b":"00e9\\"}],"c":null}{"a":[1,{"b":"00e9\\"}],"c":null}"#,
    ]

    static let documents = [
        #"{"id":"1","choices":[{"message":{"role":"assistant","content":"Hello","reasoning_content":"hm"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#,
        #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"Read","arguments":"{\"file_path\":\"/a\"}"}}]},"finish_reason":"tool_calls"}]}"#,
        #"{"error":{"message":"Range of input length should be [1, 983616]","type":"invalid_request_error","code":"invalid_parameter_error"}}"#,
        #"{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"1"}"#,
        #"{"error":"model not found"}"#,
        #"{"detail":"Not Found"}"#, "<html><head><title>502</title></head><body>Bad Gateway</body></html>", "",
    ]

    private static let tools = #"""
        "tools":[{"name":"Read","description":"Reads a file.","input_schema":{"type":"object","properties":{"file_path":{"type":"string"},"limit":{"type":"integer"}},"required":["file_path"]}},{"name":"Bash","description":"","input_schema":{"type":"object","properties":{"command":{"type":"string"},"timeout":{"type":["number","null"]},"background":{"type":"boolean"}}}},{"name":"mcp__x__y","input_schema":{"type":"object"},"defer_loading":true}]
        """#

    static let requests = [
        #"{"model":"claude-opus","max_tokens":100,"messages":[{"role":"user","content":"hi"}]}"#,
        #"{"model":"m[1m]","max_tokens":32000,"stream":true,"system":[{"type":"text","text":"x-anthropic-billing-header: a=b;"},{"type":"text","text":"You help.","cache_control":{"type":"ephemeral"}}],"#
            + #""messages":[{"role":"user","content":[{"type":"text","text":"<system-reminder>x</system-reminder>"},{"type":"text","text":"read it"}]},{"role":"system","content":"Today."},"#
            + #"{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"ok"},{"type":"tool_use","id":"toolu_1","name":"Read","input":{"file_path":"/a"}},{"type":"tool_use","id":"toolu_2","name":"Bash","input":{}}]},"#
            + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_2","content":[{"type":"text","text":"out"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}],"is_error":true},{"type":"tool_result","tool_use_id":"toolu_1","content":"text"},{"type":"text","text":"go on"}]},{"role":"system","content":[]}],"#
            + Self.tools
            + #","thinking":{"type":"adaptive"},"output_config":{"effort":"high"},"stop_sequences":["END"],"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}"#,
        #"{"model":"q","max_tokens":64,"temperature":0.5,"top_p":1,"top_k":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://x/y.png"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"doc"}}]}],"#
            + Self.tools
            + #","tool_choice":{"type":"tool","name":"Bash"},"thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"#,
        #"{"model":"q","max_tokens":64,"messages":[{"role":"user","content":"search"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"ToolSearch","input":{"q":"x"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"tool_reference","tool_name":"mcp__x__y"}]}]},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"Read","input":{"file_path":"\ud83d"}}]},{"role":"user","content":"and?"}],"#
            + #""tools":[{"type":"web_search_20250305","name":"web_search","max_uses":8},{"name":"ToolSearch","input_schema":{"type":"object","properties":{"q":{"enum":["a",1,null]}}}}]}"#,
    ]
}

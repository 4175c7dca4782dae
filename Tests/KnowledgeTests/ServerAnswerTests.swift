// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Knowledge

/// What real servers answer, shortened to what matters, and what is to be learned from it.
@Suite struct ServerAnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var question = ServerQuestion.modelList
        var model = "qwen3"
        var answer: String
        var lessons: [Lesson]

        var testDescription: String { self.name }
    }

    static let lists: [Row] = [
        Row(
            name: "vLLM (vllm/entrypoints/openai/protocol.py, ModelCard)",
            answer: """
                {"object":"list","data":[{"id":"qwen3","object":"model","created":1729693000,"owned_by":"vllm",
                "root":"Qwen/Qwen3-32B","parent":null,"max_model_len":40960,"permission":[{"id":"modelperm-1"}]}]}
                """,
            lessons: [.contextWindow(40_960), .server(.vLLM)]),
        Row(
            name: "an adapter at vLLM has no length of its own",
            answer: """
                {"data":[{"id":"base","owned_by":"vllm","max_model_len":4096},
                {"id":"qwen3","owned_by":"vllm","parent":"base","max_model_len":null}]}
                """,
            lessons: [.server(.vLLM)]),
        Row(
            name: "SGLang (sglang/srt/entrypoints/openai/protocol.py)",
            answer: #"{"data":[{"id":"qwen3","owned_by":"sglang","root":"qwen3","max_model_len":262144}]}"#,
            lessons: [.contextWindow(262_144), .server(.sgLang)]),
        Row(
            name: "OpenRouter (openrouter.ai/docs/models): the first provider's limits, and text only",
            answer: """
                {"data":[{"id":"qwen3","canonical_slug":"q","context_length":262144,
                "architecture":{"modality":"text->text","input_modalities":["text"],"tokenizer":"Qwen"},
                "top_provider":{"context_length":131072,"max_completion_tokens":16384,"is_moderated":false},
                "per_request_limits":null}]}
                """,
            lessons: [.contextWindow(131_072), .maximumOutputTokens(16_384), .refusesImages]),
        Row(
            name: "OpenRouter: a provider that says nothing, and images",
            answer: """
                {"data":[{"id":"qwen3","context_length":40960,"architecture":{"input_modalities":["image","text"]},
                "top_provider":{"context_length":null,"max_completion_tokens":null}}]}
                """,
            lessons: [.contextWindow(40_960)]),
        Row(
            name: "llama.cpp (tools/server): n_ctx of one slot, never n_ctx_train; any name is its one model's",
            model: "whatever",
            answer: """
                {"models":[{"name":"q.gguf","model":"q.gguf","capabilities":["completion"],"details":{}}],
                "object":"list","data":[{"id":"q.gguf","object":"model","owned_by":"llamacpp",
                "meta":{"vocab_type":2,"n_vocab":151936,"n_ctx":8192,"n_ctx_train":262144,"n_embd":64}}]}
                """,
            lessons: [.contextWindow(8192), .server(.llamaCpp)]),
        Row(
            name: "llama.cpp before it told n_ctx",
            answer: #"{"data":[{"id":"qwen3","owned_by":"llamacpp","meta":{"n_ctx_train":131072}}]}"#,
            lessons: [.server(.llamaCpp)]),
        Row(
            name: "llama.cpp as a router: no model in memory, and names count",
            answer: """
                {"data":[{"id":"qwen3","owned_by":"llamacpp","aliases":["q"],"meta":null,"status":{"value":"unloaded"}},
                {"id":"other","owned_by":"llamacpp","meta":{"n_ctx":4096},"status":{"value":"loaded"}}]}
                """,
            lessons: [.server(.llamaCpp)]),
        Row(
            name: "a name may be an alias",
            answer: #"{"data":[{"id":"a"},{"id":"b","aliases":["x","qwen3"],"meta":{"n_ctx":4096}}]}"#,
            lessons: [.contextWindow(4096)]),
        Row(
            name: "LM Studio's list of OpenAI's API says only what it is",
            answer: #"{"data":[{"id":"qwen3","object":"model","owned_by":"organization_owner"}],"object":"list"}"#,
            lessons: [.server(.lmStudio)]),
        Row(
            name: "Ollama's list of OpenAI's API says only what it is",
            answer: #"{"object":"list","data":[{"id":"qwen3:latest","created":1,"owned_by":"library"}]}"#,
            lessons: [.server(.ollama)]),
        Row(
            name: "Mistral (docs.mistral.ai, list models)",
            answer: """
                {"data":[{"id":"qwen3","type":"base","owned_by":"mistralai","max_context_length":131072,
                "capabilities":{"completion_chat":true,"function_calling":true,"vision":false}}]}
                """,
            lessons: [.contextWindow(131_072), .refusesImages]),
        Row(
            name: "Groq (console.groq.com/docs/models)",
            answer: """
                {"data":[{"id":"qwen3","owned_by":"Alibaba Cloud","active":true,"context_window":131072,
                "max_completion_tokens":40960}]}
                """,
            lessons: [.contextWindow(131_072), .maximumOutputTokens(40_960)]),
        Row(
            name: "Together (docs.together.ai)",
            answer: #"{"data":[{"id":"qwen3","type":"chat","organization":"Qwen","context_length":262144}]}"#,
            lessons: [.contextWindow(262_144)]),
        Row(
            name: "Chutes",
            answer: #"{"data":[{"id":"qwen3","owned_by":"sglang","context_length":40960,"max_output_length":8192}]}"#,
            lessons: [.contextWindow(40_960), .maximumOutputTokens(8192), .server(.sgLang)]),
        Row(
            name: "Copilot: the prompt has a limit of its own",
            answer: """
                {"data":[{"id":"qwen3","capabilities":{"limits":{"max_context_window_tokens":16384,
                "max_prompt_tokens":12288,"max_output_tokens":4096},"supports":{"vision":false}}}]}
                """,
            lessons: [.promptLimit(12_288), .maximumOutputTokens(4096), .refusesImages]),
        Row(
            name: "LiteLLM's list says nothing",
            answer: #"{"data":[{"id":"qwen3","object":"model","created":1677610602,"owned_by":"openai"}]}"#,
            lessons: []),
        Row(
            name: "DashScope's list says nothing",
            answer: #"{"data":[{"id":"qwen3","object":"model","created":1,"owned_by":"system"}],"object":"list"}"#,
            lessons: []),
        Row(
            name: "TensorRT-LLM (tensorrt_llm/serve/openai_protocol.py)",
            answer: #"{"object":"list","data":[{"id":"qwen3","object":"model","owned_by":"tensorrt_llm"}]}"#,
            lessons: [.server(.tensorRT)]),
        Row(
            name: "a model that is not in the list",
            answer: #"{"data":[{"id":"other","owned_by":"vllm","max_model_len":4096}]}"#, lessons: []),
        Row(
            name: "numbers as strings and with fractions",
            answer: #"{"data":[{"id":"qwen3","context_length":"32768","max_completion_tokens":8192.0}]}"#,
            lessons: [.contextWindow(32_768), .maximumOutputTokens(8192)]),
        Row(
            name: "of several servers behind one name the least is true of all",
            answer: """
                {"data":[{"id":"qwen3","max_model_len":65536},{"id":"qwen3","max_model_len":32768},
                {"id":"qwen3","max_input_tokens":40000}]}
                """,
            lessons: [.contextWindow(32_768)]),
    ]

    static let others: [Row] = [
        Row(
            name: "/props of llama.cpp, measured: -c 16384 -np 2",
            question: .llamaProperties,
            answer: """
                {"default_generation_settings":{"id":0,"n_ctx":8192,"params":{"n_predict":-1}},"total_slots":2,
                "model_path":"/m/q.gguf","modalities":{"vision":false,"audio":false},"build_info":"b8681"}
                """,
            lessons: [.server(.llamaCpp), .contextWindow(8192), .refusesImages]),
        Row(
            name: "/props of a llama.cpp that sees",
            question: .llamaProperties,
            answer: #"{"default_generation_settings":{"n_ctx":65536},"modalities":{"vision":true,"audio":false}}"#,
            lessons: [.server(.llamaCpp), .contextWindow(65_536)]),
        Row(
            name: "/props of a router, measured",
            question: .llamaProperties,
            answer: #"{"default_generation_settings":{"params":{},"n_ctx":0},"role":"router"}"#,
            lessons: [.server(.llamaCpp)]),
        Row(name: "/props of something else", question: .llamaProperties, answer: #"{"n_ctx":4096}"#, lessons: []),
        Row(
            name: "/api/show of Ollama: trained for 40960, served with a default that is not told",
            question: .ollamaModelCard,
            answer: """
                {"modelfile":"FROM q","parameters":"temperature 0.6\\ntop_k 20","template":"",
                "model_info":{"general.architecture":"qwen3","qwen3.context_length":40960},
                "capabilities":["completion","tools","thinking"]}
                """,
            lessons: [.server(.ollama), .refusesImages]),
        Row(
            name: "/api/show of Ollama with num_ctx in the Modelfile",
            question: .ollamaModelCard,
            answer: """
                {"parameters":"num_ctx                        16384\\r\\nstop \\"<|im_end|>\\"",
                "model_info":{"qwen3vl.context_length":262144},"capabilities":["completion","vision"]}
                """,
            lessons: [.server(.ollama), .contextWindow(16_384)]),
        Row(
            name: "Ollama never serves more than the model was trained for",
            question: .ollamaModelCard,
            answer: #"{"parameters":"num_ctx 131072","model_info":{"qwen3.context_length":40960}}"#,
            lessons: [.server(.ollama), .contextWindow(40_960)]),
        Row(
            name: "/api/show of something else", question: .ollamaModelCard,
            answer: #"{"parameters":"num_ctx 4096"}"#, lessons: []),
        Row(
            name: "/api/ps of Ollama: what is in memory (docs.ollama.com/api/ps)",
            question: .ollamaRunningModels,
            answer: """
                {"models":[{"name":"qwen3:latest","model":"qwen3:latest","size":6591830464,"size_vram":5333539264,
                "expires_at":"2026-10-17T16:47:07-07:00","context_length":4096}]}
                """,
            lessons: [.contextWindow(4096)]),
        Row(
            name: "/api/ps of Ollama with another model in memory",
            question: .ollamaRunningModels,
            answer: #"{"models":[{"name":"gemma3","model":"gemma3","context_length":4096}]}"#, lessons: []),
        Row(
            name: "/api/ps with nothing in memory", question: .ollamaRunningModels, answer: #"{"models":[]}"#,
            lessons: []),
        Row(
            name: "/api/v0/models of LM Studio (lmstudio.ai/docs/developer/rest/endpoints)",
            question: .lmStudioModels,
            answer: """
                {"object":"list","data":[{"id":"qwen3","object":"model","type":"llm","publisher":"qwen","arch":"qwen3",
                "compatibility_type":"gguf","quantization":"Q4_K_M","state":"loaded","max_context_length":131072,
                "loaded_context_length":8192}]}
                """,
            lessons: [.contextWindow(8192), .refusesImages, .server(.lmStudio)]),
        Row(
            name: "LM Studio: a model that is not in memory has no window yet",
            question: .lmStudioModels,
            answer: """
                {"data":[{"id":"qwen3","type":"vlm","compatibility_type":"gguf","state":"not-loaded",
                "max_context_length":131072}]}
                """,
            lessons: [.server(.lmStudio)]),
        Row(
            name: "/api/v1/models of LM Studio: the smaller of two instances",
            question: .lmStudioModels,
            answer: """
                {"models":[{"type":"llm","key":"qwen3","max_context_length":262144,
                "loaded_instances":[{"id":"qwen3","config":{"context_length":32768,"parallel":4}},
                {"id":"qwen3:2","config":{"context_length":4096}}],"capabilities":{"vision":true}}]}
                """,
            lessons: [.contextWindow(4096), .server(.lmStudio)]),
        Row(
            name: "/v1/model/info of LiteLLM",
            question: .liteLLMModels,
            answer: """
                {"data":[{"model_name":"qwen3","litellm_params":{"model":"openai/qwen3"},"model_info":{"id":"x",
                "max_tokens":8192,"max_input_tokens":991808,"max_output_tokens":65536,"supports_vision":null}}]}
                """,
            lessons: [.promptLimit(991_808), .maximumOutputTokens(65_536), .server(.liteLLM)]),
        Row(
            name: "/v1/model/info of LiteLLM for a model that it does not know",
            question: .liteLLMModels,
            answer: #"{"data":[{"model_name":"qwen3","model_info":{"max_input_tokens":null}}]}"#, lessons: []),
    ]

    @Test(arguments: Self.lists + Self.others)
    func `what a server says is understood`(_ row: Row) {
        let lessons = row.question.lessons(in: Array(row.answer.utf8), about: row.model)
        #expect(Set(lessons) == Set(row.lessons))
        #expect(lessons.count == row.lessons.count)
    }

    @Test(
        arguments: ServerQuestion.allCases,
        [
            "", "null", "7", "[]", "{}", "<html>", #"{"data":7}"#, #"{"data":[7,null,"x",[],{}]}"#,
            #"{"data":[{"id":7,"max_model_len":4096}]}"#, #"{"models":{"qwen3":{"context_length":4096}}}"#,
            #"{"data":[{"id":"qwen3","meta":[1],"top_provider":"x","architecture":{"input_modalities":"text"}}]}"#,
            #"{"default_generation_settings":[8192],"modalities":7}"#, #"{"model_info":[],"parameters":"num_ctx"}"#,
            #"{"model_info":{"a.context_length":1e999},"parameters":"num_ctx 99999999999999999999999","capabilities":7}"#,
        ])
    func `an answer of another shape tells no limits`(_ question: ServerQuestion, _ answer: String) {
        let lessons = question.lessons(in: Array(answer.utf8), about: "qwen3")
        #expect(lessons.allSatisfy { $0.subject == .server })
    }

    @Test(arguments: [
        "0", "-1", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "1e30", "1e999", "0.5", "true",
        "\"128k\"", "\"-5\"", "\"99999999999999999999\"", "{}", "null", "12",
    ])
    func `a count of any size or shape is no window`(_ count: String) {
        for member in [
            "max_model_len", "context_length", "context_window", "max_completion_tokens", "max_input_tokens",
        ] {
            let list = #"{"data":[{"id":"qwen3","\#(member)":\#(count),"meta":{"n_ctx":\#(count)}}]}"#
            #expect(ServerQuestion.modelList.lessons(in: Array(list.utf8), about: "qwen3").isEmpty)
        }
        let properties = #"{"default_generation_settings":{"n_ctx":\#(count)}}"#
        #expect(
            ServerQuestion.llamaProperties.lessons(in: Array(properties.utf8), about: "qwen3") == [.server(.llamaCpp)])
    }

    @Test func `a list tells which program answers`() {
        func server(_ text: String) -> ServerKind { ModelList(parsing: Array(text.utf8)).server }
        #expect(server(#"{"data":[{"id":"a","owned_by":"library"},{"id":"b","owned_by":"somebody"}]}"#) == .ollama)
        #expect(server(#"{"data":[{"id":"a","owned_by":"vllm"},{"id":"b","owned_by":"sglang"}]}"#) == .unknown)
        #expect(server(#"{"data":[{"id":"a","owned_by":"openai"}]}"#) == .unknown)
        #expect(server("x") == .unknown)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Catalog
import Credentials
import Knowledge
import Shared
import Testing
import Translation

@testable import Configuration
@testable import Gateway
@testable import Server

@Suite struct ModelsEndpointTests {
    private let endpoint = ModelsEndpoint(Configuration(), knowledge: KnowledgeStore())

    private func page(_ query: String?) throws -> (ids: [String], hasMore: Bool) {
        try Self.page(query, of: self.endpoint)
    }

    /// A page whose `first_id` and `last_id` are those of what it holds.
    private static func page(_ query: String?, of endpoint: ModelsEndpoint) throws -> (ids: [String], hasMore: Bool) {
        let document = try JSONDocument(parsing: endpoint.list(query: query, requestID: "r").body)
        let data = try #require(document.member("data", of: document.root))
        let flag = try #require(document.member("has_more", of: document.root))
        let ids = document.elements(of: data).compactMap { document.string("id", of: $0) }
        #expect(document.string("first_id", of: document.root) == ids.first)
        #expect(document.string("last_id", of: document.root) == ids.last)
        return (ids, document.boolean(flag) == true)
    }

    @Test func `the list has ids that Claude Code keeps, and the real ones`() throws {
        let (ids, hasMore) = try self.page("limit=1000")
        #expect(ids.contains { $0.contains("claude") })
        #expect(ids.contains("qwen3-coder-plus"))
        #expect(!hasMore)
    }

    @Test func `pages follow each other`() throws {
        let all = try self.page(nil).ids
        let first = try self.page("limit=2")
        #expect(first.ids == Array(all.prefix(2)))
        #expect(first.hasMore)
        let second = try self.page("limit=2&after_id=\(all[1])")
        #expect(second.ids == Array(all[2..<4]))
        #expect(try self.page("before_id=\(all[1])").ids == [all[0]])
        #expect(try !self.page("before_id=\(all[1])").hasMore)
        let last = try self.page("limit=2&before_id=\(all[3])")
        #expect(last.ids == Array(all[1..<3]))
        #expect(last.hasMore)
        #expect(try self.page("after_id=\(all[all.count - 1])").ids == [])
    }

    /// The two ways in which clients of the API fetch a list, with an upstream whose model has a client's name.
    @Test(arguments: 1...12) func `all pages together are the list, each model once, from either end`(limit: Int) throws
    {
        var configuration = Configuration()
        configuration.upstream.model = "claude-sonnet-5-5"
        let endpoint = ModelsEndpoint(configuration, knowledge: KnowledgeStore())
        let all = try Self.page("limit=1000", of: endpoint).ids
        #expect(all.count > 3 && Set(all).count == all.count, "\(all)")
        var forward: [String] = []
        var backward: [String] = []
        for _ in all {
            let page = try Self.page("limit=\(limit)" + (forward.last.map { "&after_id=\($0)" } ?? ""), of: endpoint)
            forward += page.ids
            if !page.hasMore { break }
        }
        for _ in all {
            let page = try Self.page("limit=\(limit)&before_id=\(backward.first ?? all[all.count - 1])", of: endpoint)
            backward = page.ids + backward
            if !page.hasMore { break }
        }
        #expect(forward == all)
        #expect(backward == all.dropLast())
    }

    @Test(arguments: ["after_id=gpt-9", "before_id=gpt-9", "after_id=", "after_id=qwen3-coder-plus&before_id=x"])
    func `a page that begins nowhere is refused`(query: String) throws {
        let answer = self.endpoint.list(query: query, requestID: "r")
        #expect(answer.status == 400)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("invalid_request_error"))
    }

    @Test func `an id may be encoded`() throws {
        let all = try self.page(nil).ids
        #expect(try self.page("limit=1&after%5Fid=%63laude-opus-5-5").ids == [all[1]])
        #expect(QueryParameters("after_id=qwen%2Fqwen3+a%2Bb&x=%zz%4")["after_id"] == "qwen/qwen3 a+b")
        #expect(QueryParameters("x=%zz%4")["x"] == "%zz%4")
        for path in ["/v1/models/qwen/qwen3:free", "/v1/models/qwen%2Fqwen3%3Afree", "/v1/models/qwen%2fqwen3%3afree"] {
            #expect(Route(method: "GET", path: path) == .model(id: "qwen/qwen3:free"))
        }
    }

    @Test(arguments: ["limit=0", "limit=1001", "limit=x", "limit="])
    func `a bad limit is refused`(query: String) {
        #expect(self.endpoint.list(query: query, requestID: "r").status == 400)
    }

    @Test func `one model is found by its id`() {
        #expect(self.endpoint.model(id: "qwen3-coder-plus", requestID: "r").status == 200)
        #expect(self.endpoint.model(id: "gpt-9", requestID: "r").status == 404)
    }

    /// An upstream of Model Studio and one of the user's own.
    private var configured: Configuration {
        var configuration = Configuration()
        configuration.upstream.use = "studio"
        configuration.namedUpstreams = [
            UpstreamDefinition(
                name: "box", product: .local, api: .openAI, access: .open(baseURL: "http://127.0.0.1:9/v1"),
                model: "qwen/qwen3-vl-8b", userAgent: ""),
            UpstreamDefinition(
                name: "studio", product: .modelStudio, api: .openAI,
                access: .key(Secret("k"), header: .bearer, baseURL: "https://dashscope-intl.aliyuncs.com/v1"),
                model: "qwen4-max", userAgent: ""),
        ]
        return configuration
    }

    private func model(_ id: String, _ configuration: Configuration, _ knowledge: KnowledgeStore = .init()) throws
        -> String
    {
        let answer = ModelsEndpoint(configuration, knowledge: knowledge).model(id: id, requestID: "r")
        #expect(answer.status == 200)
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test func `a model is described as the official types have it`() throws {
        #expect(
            try self.model("qwen4-max", self.configured) == """
                {"type":"model","id":"qwen4-max","display_name":"qwen4-max","created_at":"2026-11-16T00:00:00Z",\
                "lifecycle":"active","deprecated_at":null,"retires_at":null,"line":null,"max_input_tokens":983616,\
                "max_tokens":393216,"capabilities":{"batch":{"supported":false},"citations":{"supported":false},\
                "code_execution":{"supported":false},"context_management":{"supported":false,\
                "clear_thinking_20251015":{"supported":false},"clear_tool_uses_20250919":{"supported":false},\
                "compact_20260112":{"supported":false}},"effort":{"supported":true,"high":{"supported":true},\
                "low":{"supported":true},"max":{"supported":true},"medium":{"supported":true},\
                "xhigh":{"supported":true}},"image_input":{"supported":true},"pdf_input":{"supported":false},\
                "server_tools":{"supported":false,"code_execution":{"supported":false},\
                "web_search":{"supported":false}},"structured_outputs":{"supported":true},\
                "thinking":{"supported":true,"types":{"adaptive":{"supported":true},\
                "between_tools":{"supported":true},"disabled":{"supported":true},"enabled":{"supported":true}}}}}
                """)
    }

    @Test(arguments: ["claude-opus-9", "Claude-Haiku-4-5-20251001", "anthropic/claude-x", "anthropic.claude:1"])
    func `an id of Anthropic's that is not in the list is described by the model that would answer`(id: String) throws {
        let text = try self.model(id, self.configured)
        #expect(text.contains(#""display_name":"qwen4-max (as \#(id))""#) && text.contains(#""max_tokens":393216"#))
        #expect(text.contains(#""line":"opus""#) == id.contains("opus"))
    }

    @Test func `what an upstream told counts, and a name with a slash is one`() throws {
        let knowledge = KnowledgeStore()
        let key = KnowledgeKey(upstream: "box", baseURL: "http://127.0.0.1:9/v1", model: "qwen/qwen3-vl-8b")
        _ = knowledge.observe([.contextWindow(8192), .refusesImages], of: key, origin: .properties)
        let text = try self.model("qwen/qwen3-vl-8b", self.configured, knowledge)
        #expect(text.contains(#""max_input_tokens":8192"#) && text.contains(#""image_input":{"supported":false}"#))
        #expect(try self.model("qwen/qwen3-vl-8b", self.configured).contains(#""image_input":{"supported":true}"#))
    }

    @Test func `a model that its product is going to give up says until when`() throws {
        var configuration = self.configured
        configuration.namedUpstreams[1].model = "qwen3.7-plus"
        let coming = """
            {"format":1,"date":"2026-12-01","products":[{"name":"model-studio","source":"a test","date":"2026-12-01",
             "retired":[{"match":["qwen3.7-plus"],"on":"2999-01-31","successor":"qwen9","source":"a notice"}]}]}
            """
        let file = try CatalogFile(parsing: Array(coming.utf8))
        configuration.catalog = Catalog(layers: [.init(.user, path: nil, file)] + Catalog.shipped.layers)
        let text = try self.model("claude-sonnet-5-5", configuration)
        #expect(
            text.contains(#""lifecycle":"deprecated","deprecated_at":null,"retires_at":"2999-01-31T00:00:00Z""#),
            "\(text)")
        var upstream = UpstreamIdentity(
            name: "u", product: .modelStudio, kind: .apiKey, host: "h", model: "qwen3.7-plus")
        upstream.retirement = configuration.catalog.preset(named: "dashscope-cn")?.product.retirement(
            of: "qwen3.7-plus")
        #expect(upstream.modelAdvice.contains("Model Studio retires it on 2999-01-31; qwen9 is the successor."))
    }

    @Test func `a model that its product gave up says so`() throws {
        var configuration = self.configured
        configuration.namedUpstreams[1].model = "qwen3-coder-plus"
        let text = try self.model("claude-sonnet-5-5", configuration)
        #expect(
            text.contains(#""lifecycle":"retired","deprecated_at":"2026-10-10T00:00:00Z","retires_at":"2026-10-10"#))
        configuration.namedUpstreams[1].access = .open(baseURL: "http://127.0.0.1:9/v1")
        #expect(try self.model("claude-sonnet-5-5", configuration).contains(#""lifecycle":"active""#))
    }
}

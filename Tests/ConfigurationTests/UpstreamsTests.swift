// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Configuration

/// Several upstreams: `[upstreams.NAME]` in the file and in `config.d`.
@Suite struct UpstreamsTests {
    let scratch = Scratch()

    private func upstream(_ table: String, environment: [String: String] = [:]) throws -> UpstreamDefinition {
        let configuration = try self.scratch.load("[upstreams.work]\n" + table, environment: environment)
        return try #require(configuration.upstream(named: "work"))
    }

    @Test func `the flat settings describe the upstream called default`() throws {
        let configuration = try self.scratch.load(
            "[upstream]\nbase_url = \"coding-plan-intl\"\napi_key = \"sk-sp-1\"\nmodel = \"m\"")
        let upstream = configuration.primaryUpstream
        #expect(upstream.name == "default")
        #expect(upstream.product == .codingPlan)
        #expect(
            upstream.access
                == .key(Secret("sk-sp-1"), header: .bearer, baseURL: "https://coding-intl.dashscope.aliyuncs.com/v1"))
        #expect(upstream.forwardsUserAgent)
        #expect(upstream.model == "m")
        #expect(configuration.upstreams.count == 1)
    }

    @Test(arguments: [
        ("dashscope-cn", "https://dashscope.aliyuncs.com", UpstreamProduct.modelStudio, KeyHeader.xAPIKey),
        ("dashscope-intl", "https://dashscope-intl.aliyuncs.com", .modelStudio, .xAPIKey),
        ("dashscope-us", "https://dashscope-us.aliyuncs.com", .modelStudio, .xAPIKey),
        ("dashscope-hk", "https://cn-hongkong.dashscope.aliyuncs.com", .modelStudio, .xAPIKey),
        ("coding-plan-cn", "https://coding.dashscope.aliyuncs.com", .codingPlan, .bearer),
        ("coding-plan-intl", "https://coding-intl.dashscope.aliyuncs.com", .codingPlan, .bearer),
        ("token-plan-cn", "https://token-plan.cn-beijing.maas.aliyuncs.com", .tokenPlan, .bearer),
        ("token-plan-intl", "https://token-plan.ap-southeast-1.maas.aliyuncs.com", .tokenPlan, .bearer),
    ]) func `a preset knows both of its addresses`(
        name: String, host: String, product: UpstreamProduct, header: KeyHeader
    ) throws {
        let path = name.hasPrefix("coding") ? "/v1" : "/compatible-mode/v1"
        let plain = try self.upstream("preset = \"\(name)\"\napi_key = \"k\"")
        #expect(plain.access == .key(Secret("k"), header: .bearer, baseURL: host + path))
        #expect(plain.product == product)
        #expect(plain.forwardsUserAgent == name.contains("plan"))
        let native = try self.upstream("preset = \"\(name)\"\napi_key = \"k\"\nkind = \"anthropic\"")
        #expect(native.access == .key(Secret("k"), header: header, baseURL: host + "/apps/anthropic"))
        #expect(native.api == .anthropic)
    }

    @Test func `without a model, the product's best is asked, and never one that it gave up`() throws {
        let plan = try self.scratch.load("[upstream]\nbase_url = \"coding-plan-intl\"\napi_key = \"k\"")
        #expect(plan.primaryUpstream.model == "qwen3.7-plus")
        #expect(try self.upstream("preset = \"openrouter\"\napi_key = \"k\"").model == "qwen/qwen3-coder")
        // A URL of the product is as good as its name.
        let typed = try self.scratch.load(
            "[upstream]\nbase_url = \"https://ws.eu-central-1.maas.aliyuncs.com/compatible-mode/v1\"\napi_key = \"k\"")
        #expect(typed.primaryUpstream.model == "qwen3.7-plus")
        #expect(typed.primaryUpstream.product == .modelStudio)
        #expect(
            try self.upstream("preset = \"local\"\nbase_url = \"http://127.0.0.1:9/v1\"").model == "qwen3-coder-plus")
        let said = try self.scratch.load(
            "[upstream]\nmodel = \"m\"\n[upstreams.work]\npreset = \"openrouter\"\napi_key = \"k\"")
        #expect(said.upstream(named: "work")?.model == "m")
    }

    @Test func `files of the catalogue beside the configuration count`() throws {
        try self.scratch.write(
            """
            {"format": 1, "date": "2026-12-01", "products": [
              {"name": "mine", "models": ["best"], "credentials": "none", "source": "me", "date": "2026-12-01",
               "presets": [{"name": "mine", "base_url": "https://models.example/v1"}]}]}
            """, to: "catalog.json")
        let mine = try self.upstream("preset = \"mine\"")
        #expect(mine.access == .open(baseURL: "https://models.example/v1"))
        #expect(mine.model == "best")
        #expect(
            try self.scratch.mistakes("[upstreams.a]\npreset = \"min\"").first?.contains("Did you mean mine?") == true)
        try self.scratch.write("{\"format\": 1}", to: "catalog.json")
        #expect(try self.scratch.mistakes("").first == "~/catalog.json: date: it has to be there")
        try self.scratch.write("{", to: "catalog.json")
        try self.scratch.write("{", to: "catalog.update.json")
        #expect(try self.scratch.mistakes("").count == 1)
    }

    @Test func `the other presets`() throws {
        let openRouter = try self.upstream("preset = \"openrouter\"\napi_key = \"k\"")
        #expect(openRouter.baseURL == "https://openrouter.ai/api/v1")
        let portal = try self.upstream("preset = \"portal\"")
        #expect(portal.access == .credentials(baseURL: nil, loginOnly: true))
        #expect(portal.requestsPerMinute == 60)
        let local = try self.upstream("preset = \"local\"\nbase_url = \"http://127.0.0.1:11434/v1/\"")
        #expect(local.access == .open(baseURL: "http://127.0.0.1:11434/v1"))
        #expect(local.product == .local)
        let workspace = try self.upstream(
            "preset = \"dashscope-workspace\"\nworkspace = \"ws-1\"\nregion = \"eu-central-1\"\napi_key = \"k\"")
        #expect(workspace.baseURL == "https://ws-1.eu-central-1.maas.aliyuncs.com/compatible-mode/v1")
    }

    @Test func `the key comes from the table, a file, a variable or a credential, in this order`() throws {
        let file = try self.scratch.write("from-file\n", to: "key")
        try self.scratch.write("from-credential", to: "creds/work.key")
        try self.scratch.write("from-other", to: "creds/other")
        let environment = [
            "MY_KEY": "from-variable", "CREDENTIALS_DIRECTORY": self.scratch.path + "/creds",
            "OPENROUTER_API_KEY": "from-vendor",
        ]
        func key(_ lines: String, _ environment: [String: String]) throws -> String? {
            let upstream = try self.upstream("preset = \"openrouter\"\n" + lines, environment: environment)
            guard case .key(let key, _, _) = upstream.access else { return nil }
            return key.reveal()
        }
        #expect(try key("api_key = \"inline\"\napi_key_file = \"\(file)\"", environment) == "inline")
        #expect(try key("api_key_file = \"\(file)\"\napi_key_env = \"MY_KEY\"", environment) == "from-file")
        #expect(try key("api_key_env = \"MY_KEY\"", environment) == "from-variable")
        #expect(try key("credential = \"other\"", environment) == "from-other")
        #expect(try key("", environment) == "from-credential")
        #expect(try key("", ["OPENROUTER_API_KEY": "from-vendor"]) == "from-vendor")
    }

    @Test func `the vendor's variable is for the vendor's own address only`() throws {
        let upstream = try self.upstream(
            "preset = \"custom\"\nbase_url = \"https://models.example/v1\"", environment: ["OPENROUTER_API_KEY": "k"])
        #expect(upstream.access == .open(baseURL: "https://models.example/v1"))
        let mistakes = try self.scratch.mistakes(
            "[upstreams.work]\npreset = \"openrouter\"\nbase_url = \"https://openrouter.ai/api/v1\"",
            environment: ["OPENROUTER_API_KEY": "k"])
        #expect(mistakes.first?.contains("needs a key") == true)
    }

    @Test(arguments: [
        (
            "preset = \"openroute\"", ":2: upstreams.work.preset: \"openroute\" is not allowed",
            "Did you mean openrouter?"
        ),
        ("prest = \"openrouter\"", ":2: upstreams.work.prest: there is no such setting.", "upstreams.work.preset"),
        ("preset = \"openrouter\"", ":2: upstreams.work.api_key: ", "needs a key"),
        ("preset = \"local\"", ":2: upstreams.work.base_url: ", "set base_url"),
        ("model = \"m\"", ":2: upstreams.work.base_url: there is no address", "preset"),
        ("preset = \"dashscope-workspace\"\nworkspace = \"w\"", ":2: upstreams.work.region: ", "eu-central-1"),
        ("preset = \"openrouter\"\nkind = \"anthropic\"\napi_key = \"k\"", ":3: upstreams.work.kind: ", "openrouter"),
        ("base_url = \"http://example.com/v1\"", ":2: upstreams.work.base_url: ", "upstream.allow_http"),
        ("base_url = \"https://a.example/v1\"\nauth = \"oauth\"", ":2: upstreams.work.base_url: ", "trusted_hosts"),
        ("preset = \"openrouter\"\napi_key_file = \"/nonexistent\"", ":3: upstreams.work.api_key_file: ", "exist"),
        ("preset = \"openrouter\"\napi_key_env = \"NONE\"", ":3: upstreams.work.api_key_env: ", "NONE is not set"),
        ("requests_per_minute = 0", ":2: upstreams.work.requests_per_minute: 0 is not allowed", "from 1"),
        ("headers.Authorization = \"x\"", ":2: upstreams.work.headers.Authorization: the header", "API key"),
    ]) func `a mistake names its place and what is right`(table: String, place: String, advice: String) throws {
        let mistakes = try self.scratch.mistakes("[upstreams.work]\n" + table)
        let found = mistakes.contains { $0.hasPrefix("~/config.toml" + place) && $0.contains(advice) }
        #expect(found, "\(mistakes)")
    }

    @Test func `names are plain, and default is taken`() throws {
        #expect(try self.scratch.mistakes("[upstreams.default]\nmodel = \"m\"").first?.contains("[upstream]") == true)
        #expect(try self.scratch.mistakes("[upstreams.\"a/b\"]\nmodel = \"m\"").first?.contains("letters") == true)
    }

    @Test func `a later file describes an upstream anew, and leaves the others alone`() throws {
        try self.scratch.write(
            """
            [upstream]
            use = "work"
            [upstreams.work]
            base_url = "http://127.0.0.1:1/v1"
            model = "from-main"
            [upstreams.other]
            base_url = "http://127.0.0.1:2/v1"
            """, to: "xdg/qwenproxyd/config.toml")
        try self.scratch.write(
            "[upstreams.work]\nbase_url = \"http://127.0.0.1:3/v1\"", to: "xdg/qwenproxyd/config.d/10-a.toml")
        try self.scratch.write(
            "[upstreams.work]\nbase_url = \"http://127.0.0.1:4/v1\"", to: "xdg/qwenproxyd/config.d/20-b.toml")
        try self.scratch.write("nonsense", to: "xdg/qwenproxyd/config.d/.hidden.toml")
        let configuration = try self.scratch.load()
        #expect(configuration.primaryUpstream.name == "work")
        #expect(configuration.primaryUpstream.baseURL == "http://127.0.0.1:4/v1")
        #expect(configuration.primaryUpstream.model == "qwen3-coder-plus")
        #expect(configuration.upstream(named: "other")?.baseURL == "http://127.0.0.1:2/v1")
        #expect(configuration.files.count == 3)
        let shown = configuration.describe().first { $0.key == "upstreams.work.base_url" }
        #expect(shown?.source == .file(self.scratch.path + "/xdg/qwenproxyd/config.d/20-b.toml", line: 2))
    }

    @Test func `drop-ins count without a main file, and their mistakes name them`() throws {
        try self.scratch.write(
            "[upstreams.work]\nbase_url = \"http://127.0.0.1:3/v1\"", to: "xdg/qwenproxyd/config.d/a.toml")
        // The only upstream there is answers.
        #expect(try self.scratch.load().primaryUpstream.name == "work")
        try self.scratch.write("[upstreams.x]\nmodle = 1", to: "xdg/qwenproxyd/config.d/b.toml")
        let mistakes = try self.scratch.mistakes()
        #expect(mistakes.first?.hasPrefix("~/xdg/qwenproxyd/config.d/b.toml:2: upstreams.x.modle") == true)
    }

    @Test func `which upstream answers must be clear`() throws {
        let two =
            "[upstreams.a]\nbase_url = \"http://127.0.0.1:1/v1\"\n[upstreams.b]\nbase_url = \"http://127.0.0.1:2/v1\""
        #expect(try self.scratch.mistakes(two).first?.contains("a, b") == true)
        let wrong = try self.scratch.mistakes("[upstream]\nuse = \"aa\"\n" + two)
        #expect(wrong.first?.hasPrefix("~/config.toml:2: upstream.use: there is no upstream \"aa\"") == true)
        #expect(try self.scratch.load(two, environment: ["QWEN_UPSTREAM": "b"]).primaryUpstream.name == "b")
    }

    @Test func `an address for this run goes before a file's choice`() throws {
        let file = "[upstream]\nuse = \"a\"\n[upstreams.a]\nbase_url = \"http://127.0.0.1:1/v1\""
        let configuration = try self.scratch.load(file, environment: ["QWEN_BASE_URL": "http://127.0.0.1:9/v1"])
        #expect(configuration.primaryUpstream.name == "default")
        #expect(configuration.warnings.contains { $0.contains("QWEN_BASE_URL") && $0.contains("upstream.use") })
    }

    @Test func `an upstream that does not answer by itself has no part in what another one's key is`() throws {
        let file = "[upstream]\nuse = \"w\"\n[upstreams.w]\npreset = \"openrouter\"\napi_key = \"k\"\n"
        #expect(try self.scratch.load(file).defaultUpstream.access == .credentials(baseURL: nil, loginOnly: true))
        let local = try self.scratch.load(
            file, environment: ["QWEN_AUTH": "none", "QWEN_UPSTREAM": "w", "QWEN_BASE_URL": "http://127.0.0.1:1/v1"])
        #expect(local.defaultUpstream.access == .open(baseURL: "http://127.0.0.1:1/v1"))
    }

    @Test func `the effective settings show upstreams without their secrets`() throws {
        let key = try self.scratch.write("hidden-file", to: "key")
        let configuration = try self.scratch.load(
            """
            [upstreams.a]
            preset = "openrouter"
            api_key = "hidden-inline"
            [upstreams.a.headers]
            X-Key = "hidden-header"
            [upstreams.b]
            preset = "openrouter"
            api_key_file = "\(key)"
            [upstream]
            use = "a"
            """)
        let text = configuration.describe().map(\.description).joined(separator: "\n")
        #expect(!text.contains("hidden-"))
        #expect(text.contains("upstreams.a.api_key = ***"))
        #expect(text.contains("upstreams.a.headers.X-Key = ***"))
        #expect(text.contains("upstreams.b.api_key = ***  # \(key)"))
        #expect(!"\(configuration)".contains("hidden-"))
    }

    @Test func `the credential store keeps the login that is used`() throws {
        let portal = "[upstreams.p]\npreset = \"portal\"\n"
        #expect(try self.scratch.load(portal).upstreamSelection.authentication == .oauth)
        let key = "[upstream]\nbase_url = \"openrouter\"\napi_key = \"k\"\n"
        #expect(try self.scratch.load(key).upstreamSelection.authentication == .auto)
        // The key needs no store, so the store keeps the login for whoever is routed there.
        #expect(try self.scratch.load(key + portal).upstreamSelection.authentication == .oauth)
        let named = "[upstreams.w]\npreset = \"openrouter\"\napi_key = \"w\"\n[upstream]\nuse = \"w\"\n"
        #expect(try self.scratch.load(named).upstreamSelection.apiKey == Secret("w"))
        #expect(try self.scratch.load(named + portal).upstreamSelection.authentication == .oauth)
    }
}

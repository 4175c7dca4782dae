// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Configuration

/// Where requests go, by tables.
@Suite struct RoutingTests {
    let scratch = Scratch()

    private static let upstreams = """
        [upstream]
        base_url = "http://127.0.0.1:1/v1"
        auth = "none"
        model = "main"
        fallbacks = ["spare", "spare/other/model"]
        [upstreams.spare]
        base_url = "http://127.0.0.1:2/v1"
        model = "spare-model"
        [upstreams.eyes]
        base_url = "http://127.0.0.1:3/v1"
        model = "seeing"

        """

    private static let rules = """
        [[routes]]
        features = ["images"]
        upstream = "eyes"
        fallbacks = []
        [[routes]]
        model = "claude-haiku-*"
        features = ["background"]
        to = "small"
        parameters = { thinking = false, temperature = 0.2 }
        [[routes]]
        min_input_tokens = 200_000
        upstream = "spare"
        to = "long"
        [[routes]]
        model = ["claude-opus-*", "claude-fable-*"]
        features = ["thinking", "tools"]
        to = "thinker"
        [routes.parameters]
        max_tokens = 9000

        """

    private func route(_ query: RouteQuery, _ toml: String = Self.upstreams + Self.rules) throws -> [String] {
        try self.scratch.load(toml).route(query).candidates.map { "\($0.upstream.name)/\($0.model)" }
    }

    private static let spares = ["spare/spare-model", "spare/other/model"]

    @Test(
        arguments: [
            (RouteQuery(model: "claude-sonnet-5"), ["default/main"] + Self.spares),
            (RouteQuery(model: "claude-sonnet-5", images: true), ["eyes/seeing"]),
            // The first rule that matches counts.
            (RouteQuery(model: "claude-haiku-5-5", images: true), ["eyes/seeing"]),
            (RouteQuery(model: "claude-haiku-5-5"), ["default/small"] + Self.spares),
            (RouteQuery(model: "claude-sonnet-5", inputTokens: 199_999), ["default/main"] + Self.spares),
            (RouteQuery(model: "claude-sonnet-5", inputTokens: 200_000), ["spare/long"] + Self.spares),
            (RouteQuery(model: "claude-opus-5-5", thinking: true), ["default/main"] + Self.spares),
            (RouteQuery(model: "Claude-Opus-5-5", thinking: true, tools: true), ["default/thinker"] + Self.spares),
            (RouteQuery(model: "claude-fable-5", thinking: true, tools: true), ["default/thinker"] + Self.spares),
        ] as [(RouteQuery, [String])])
    func `a request goes where the first rule that matches says`(query: RouteQuery, expected: [String]) throws {
        #expect(try self.route(query) == expected)
    }

    @Test func `a rule's parameters go along`() throws {
        let configuration = try self.scratch.load(Self.upstreams + Self.rules)
        let haiku = configuration.route(RouteQuery(model: "claude-haiku-5-5")).parameters
        #expect(haiku.thinking == false)
        #expect(haiku.temperature == 0.2)
        let opus = configuration.route(RouteQuery(model: "claude-opus-5", thinking: true, tools: true))
        #expect(opus.parameters.maximumTokens == 9000)
        #expect(opus.reason == "route 4 (model claude-opus-* or claude-fable-*, thinking, tools)")
    }

    @Test(
        arguments: [
            (.main, nil, "main"), (.subagent, nil, "agents"), (.workflow, nil, "agents"),
            (.subagent, "Explore", "explorer"), (.main, "explore", "explorer"), (.compaction, "Plan", "main"),
            (nil, nil, "main"), (nil, "Explore", "explorer"),
        ] as [(RequestClass?, String?, String)])
    func `a rule can ask what a request is for and which agent sends it`(
        requestClass: RequestClass?, agent: String?, expected: String,
    ) throws {
        let toml =
            Self.upstreams + """
                [[routes]]
                agent = ["Expl*", "custom"]
                to = "explorer"
                [[routes]]
                class = ["subagent", "workflow"]
                to = "agents"
                """
        let query = RouteQuery(model: "claude-opus-5-5", requestClass: requestClass, agentType: agent)
        #expect(try self.route(query, toml).first == "default/\(expected)")
    }

    @Test func `the reason names the class and the agent`() throws {
        let toml = Self.upstreams + "[[routes]]\nclass = \"subagent\"\nagent = \"Explore\"\nto = \"x\""
        let query = RouteQuery(model: "m", requestClass: .subagent, agentType: "Explore")
        #expect(try self.scratch.load(toml).route(query).reason == "route 1 (class subagent, agent Explore)")
    }

    @Test func `a rule can leave the judging of calls out`() throws {
        let toml =
            "[auto_mode]\nclassifier = \"spare/judge\"\n" + Self.upstreams
            + "[[routes]]\nclass = \"subagent\"\nauto_mode = false\n[[routes]]\nclass = \"workflow\"\nto = \"x\""
        let configuration = try self.scratch.load(toml)
        func judge(_ requestClass: RequestClass) -> String? {
            configuration.route(RouteQuery(model: "m", requestClass: requestClass)).judge
                .map { "\($0.upstream.name)/\($0.model)" }
        }
        #expect([.subagent, .workflow, .main].map(judge) == [nil, "spare/judge", "spare/judge"])
        #expect(try self.scratch.load(Self.upstreams).route(RouteQuery(model: "m")).judge == nil)
    }

    @Test func `the map of models keeps working`() throws {
        let toml =
            "[upstream]\nbase_url = \"http://127.0.0.1:1/v1\"\nmodel = \"main\"\n[routes]\n\"claude-haiku-*\" = \"small\""
        #expect(try self.route(RouteQuery(model: "claude-haiku-5"), toml) == ["default/small"])
        #expect(try self.route(RouteQuery(model: "claude-opus-5"), toml) == ["default/main"])
    }

    @Test func `no upstream is asked twice with the same model`() throws {
        let toml = Self.upstreams + "[[routes]]\nupstream = \"spare\"\nfallbacks = [\"spare\", \"default\", \"spare\"]"
        #expect(try self.route(RouteQuery(model: "x"), toml) == ["spare/spare-model", "default/main"])
    }

    @Test func `the routes of drop-ins come after those of the file`() throws {
        try self.scratch.write(
            Self.upstreams + "[[routes]]\nmodel = \"a\"\nto = \"one\"", to: "xdg/qwenproxyd/config.toml")
        try self.scratch.write("[[routes]]\nmodel = \"*\"\nto = \"two\"", to: "xdg/qwenproxyd/config.d/x.toml")
        let configuration = try self.scratch.load()
        #expect(configuration.rules.compactMap(\.model) == ["one", "two"])
        #expect(configuration.describe().contains { $0.key == "routes[2].to" && $0.value == "two" })
    }

    @Test(arguments: [
        ("[[routes]]\nto = \"a\"\n[[routes]]\nupstream = \"spar\"", ":15: routes[2].upstream: ", "Did you mean spare?"),
        ("[[routes]]\nfallbacks = [\"nobody/x\"]", ":13: routes[1].fallbacks: ", "default, eyes, spare"),
        ("[[routes]]\nfeatures = [\"image\"]", ":13: routes[1].features: ", "\"images\""),
        ("[[routes]]\nmodle = \"x\"", ":13: routes[1].modle: ", "Did you mean routes[1].model?"),
        (
            "[[routes]]\nto = \"x\"\n[routes.parameters]\ntemperature = 3", ":15: routes[1].parameters.temperature: ",
            "1.99"
        ),
        ("[[routes]]\nmin_input_tokens = \"many\"", ":13: routes[1].min_input_tokens: ", "an integer"),
    ]) func `a mistake names its place and what is right`(rules: String, place: String, advice: String) throws {
        let mistakes = try self.scratch.mistakes(Self.upstreams + rules)
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.contains(place) == true, "\(mistakes)")
        #expect(mistakes.first?.contains(advice) == true, "\(mistakes)")
    }

    @Test func `a classifier at an unknown upstream is a mistake`() throws {
        let mistakes = try self.scratch.mistakes("[auto_mode]\nclassifier = \"spar/judge\"\n" + Self.upstreams)
        #expect(
            mistakes.first?.contains(":2: auto_mode.classifier: there is no upstream \"spar\". Did you mean spare?")
                == true, "\(mistakes)")
    }

    @Test(
        arguments: [
            ("[routes]\n\"claude-*\" = \"spare\"\n", "routes.\"claude-*\" names a model, and \"spare\" is an upstream"),
            ("[[routes]]\nmodel = \"*\"\nto = \"spare\"\n", "routes[1].to names a model"),
            ("[routes]\n\"claude-*\" = \"spares\"\n", nil),
            ("[[routes]]\nmodel = \"*\"\nupstream = \"spare\"\nto = \"spare\"\n", nil),
        ] as [(String, String?)])
    func `a model that is called like an upstream is pointed out`(rules: String, warning: String?) throws {
        let configuration = try self.scratch.loader(rules + Self.upstreams).load()
        let found = configuration.warnings.filter { $0.contains("names a model") }
        #expect(found.count == (warning == nil ? 0 : 1))
        #expect(found.first?.hasPrefix(warning ?? "") ?? true, "\(found)")
    }

    @Test func `a fallback to an unknown upstream is a mistake`() throws {
        let mistakes = try self.scratch.mistakes(
            "[upstream]\nfallbacks = [\"spar\"]\n[upstreams.spare]\nbase_url = \"http://127.0.0.1:2/v1\"")
        #expect(
            mistakes.first?.contains(":2: upstream.fallbacks: there is no upstream \"spar\". Did you mean spare?")
                == true)
    }
}

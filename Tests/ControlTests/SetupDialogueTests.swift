// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared
import Testing

@testable import qwenproxyctl

/// What a setup asks, what it makes of the answers, and what it is going to write.
@Suite struct SetupDialogueTests {
    private static let ollama = LocalServer(
        name: "ollama", title: "Ollama", baseURL: "http://127.0.0.1:11434/v1", models: ["qwen3-coder:30b", "llama3"])
    private static let planKey = Survey.Key(variable: "BAILIAN_CODING_PLAN_API_KEY", value: "sk-sp-1")

    private func products(_ dialogue: UpstreamDialogue) -> [UpstreamDialogue.Product] {
        if case .product(let products) = dialogue.next { products } else { [] }
    }

    private func text(_ dialogue: UpstreamDialogue) -> String {
        var file = UpstreamFile(name: dialogue.name)
        dialogue.draft.write(to: &file)
        return file.text.split(separator: "\n").dropFirst().joined(separator: "\n")
    }

    @Test func `a product, its key, a model of those that are known`() throws {
        var dialogue = UpstreamDialogue(survey: Survey())
        let plan = try #require(self.products(dialogue).first { $0.line.plain == "Coding Plan, international" })
        dialogue.choose(plan)
        #expect(dialogue.next == .key(isRequired: true))
        #expect(throws: UpstreamDialogue.Objection.self) { try dialogue.setKey("") }
        #expect(throws: UpstreamDialogue.Objection.self) { try dialogue.setKey("two words") }
        try dialogue.setKey("sk-sp-1")
        #expect(dialogue.next == .models(address: "https://coding-intl.dashscope.aliyuncs.com/v1", key: "sk-sp-1"))
        dialogue.receive(nil)
        #expect(dialogue.next == .model(try #require(Catalog.shipped.preset(named: "coding-plan-intl")).models))
        try dialogue.setModel("qwen3.7-plus")
        #expect(dialogue.next == .complete)
        #expect(
            self.text(dialogue) == """
                [upstreams.coding-plan-intl]
                preset = "coding-plan-intl"
                model = "qwen3.7-plus"
                api_key = "sk-sp-1"
                """)
    }

    @Test func `what was found comes first, and needs no second question`() throws {
        var dialogue = UpstreamDialogue(
            survey: Survey(keys: [Self.planKey], login: "/home/a/.qwen/oauth_creds.json", servers: [Self.ollama]))
        let products = self.products(dialogue)
        #expect(
            products.prefix(4).map(\.line.plain) == [
                "Ollama at http://127.0.0.1:11434/v1",
                "Coding Plan, international with the key in BAILIAN_CODING_PLAN_API_KEY",
                "Coding Plan, China with the key in BAILIAN_CODING_PLAN_API_KEY",
                "The login of qwen-code (its free tier was closed in April 2026)",
            ])
        dialogue.choose(products[0])
        #expect(dialogue.next == .model(["qwen3-coder:30b", "llama3"]))
        try dialogue.setModel("llama3")
        #expect(dialogue.next == .complete)
        #expect(
            self.text(dialogue)
                == "[upstreams.ollama]\npreset = \"local\"\nbase_url = \"http://127.0.0.1:11434/v1\"\nmodel = \"llama3\""
        )
    }

    @Test func `a server of another user is named, and not offered`() {
        var theirs = Self.ollama
        theirs.owner = .other(name: "mallory")
        let survey = Survey(servers: [theirs])
        #expect(self.products(UpstreamDialogue(survey: survey)) == self.products(UpstreamDialogue(survey: Survey())))
        #expect(
            survey.lines.map(\.plain) == [
                "Found here:",
                "  - a model server of the user mallory at http://127.0.0.1:11434/v1, who could read along: not offered below",
            ])
    }

    @Test func `a key that was found is only taken with a yes`() {
        var dialogue = UpstreamDialogue(UpstreamDraft(preset: "coding-plan-cn"), survey: Survey(keys: [Self.planKey]))
        #expect(dialogue.next == .foundKey(Self.planKey))
        dialogue.takeFoundKey(Self.planKey, false)
        #expect(dialogue.next == .key(isRequired: true))
        dialogue.takeFoundKey(Self.planKey, true)
        #expect(dialogue.draft.key == .literal("sk-sp-1"))
    }

    @Test func `what options say is not asked`() {
        let draft = UpstreamDraft(preset: "openrouter", model: "m", key: .file("/k"))
        #expect(UpstreamDialogue(draft, survey: Survey()).next == .complete)
        let login = UpstreamDraft(preset: "portal", model: "coder-model")
        #expect(UpstreamDialogue(login, survey: Survey()).next == .complete)
        let open = UpstreamDraft(baseURL: "https://h/v1", model: "m", auth: "none")
        #expect(UpstreamDialogue(open, survey: Survey()).next == .complete)
    }

    @Test func `a server of one's own needs an address, and anything else may do without a key`() throws {
        var dialogue = UpstreamDialogue(UpstreamDraft(preset: "local"), survey: Survey())
        #expect(dialogue.next == .address)
        #expect(throws: UpstreamDialogue.Objection(message: "Write http:// in front of it: http://127.0.0.1:9/v1")) {
            try dialogue.setAddress("127.0.0.1:9/v1")
        }
        #expect(throws: UpstreamDialogue.Objection(message: "Write https:// in front of it: https://llm.example/v1")) {
            try dialogue.setAddress("llm.example/v1")
        }
        #expect(throws: UpstreamDialogue.Objection.self) { try dialogue.setAddress("") }
        #expect(throws: UpstreamDialogue.Objection.self) { try dialogue.setAddress("ftp://h") }
        try dialogue.setAddress("http://127.0.0.1:9/v1")
        #expect(dialogue.next == .models(address: "http://127.0.0.1:9/v1", key: nil))
        dialogue.receive([])
        #expect(dialogue.next == .model([]))

        var other = UpstreamDialogue(UpstreamDraft(baseURL: "https://h.example/v1"), survey: Survey())
        #expect(other.next == .key(isRequired: false))
        try other.setKey("")
        #expect(other.next == .models(address: "https://h.example/v1", key: nil))
    }

    @Test func `a workspace has an id and a region`() throws {
        var dialogue = UpstreamDialogue(
            UpstreamDraft(preset: "dashscope-workspace", key: .literal("k")), survey: Survey())
        #expect(dialogue.next == .workspace)
        #expect(throws: UpstreamDialogue.Objection.self) { try dialogue.setWorkspace("a/b") }
        try dialogue.setWorkspace("llm-1")
        #expect(dialogue.next == .region(Catalog.shipped.regions))
        #expect(throws: UpstreamDialogue.Objection.self) { try dialogue.setRegion("moon") }
        try dialogue.setRegion("us-east-1")
        #expect(
            dialogue.next
                == .models(address: "https://llm-1.us-east-1.maas.aliyuncs.com/compatible-mode/v1", key: "k"))
    }

    @Test func `the server's own list counts, with the best known ones in front`() {
        var dialogue = UpstreamDialogue(UpstreamDraft(preset: "token-plan-cn", key: .literal("k")), survey: Survey())
        dialogue.receive(["a", "qwen3.8-max", "b", "qwen3.7-plus"])
        #expect(dialogue.next == .model(["qwen3.7-plus", "qwen3.8-max", "a", "b"]))
    }

    @Test func `what is configured can stay as it is`() {
        let status = UpstreamStatus(
            name: "plan", kind: .apiKey, baseURL: "https://h/v1", model: "m", state: .reachable)
        let demo = UpstreamStatus(name: "default", kind: .demo, baseURL: nil, model: "demo", state: .untried)
        var dialogue = UpstreamDialogue(survey: Survey(), configured: [status, demo])
        let products = self.products(dialogue)
        #expect(products.first?.line.plain == "plan, as it is (https://h/v1, m)")
        #expect(!products.contains(.configured(demo)))
        dialogue.choose(products[0])
        #expect(dialogue.next == .complete)
        #expect(dialogue.isKept && dialogue.name == "plan")
    }

    @Test func `keys are found in the vendors' variables`() {
        let variables = ["DASHSCOPE_API_KEY": "sk-1", "OPENROUTER_API_KEY": "two words"]
        let keys = Survey.keys(of: .shipped) { variables[$0] }
        #expect(keys.map(\.variable) == ["DASHSCOPE_API_KEY"])
        #expect(keys.first.map(Survey().presets)?.contains { $0.name == "dashscope-intl" } == true)
    }

    @Test func `a plan has only what changes, and shows no key`() {
        let wanted: [UpstreamEditor.Change] = [
            ("a.toml", "# Words.\n[upstreams.a]\napi_key = \"sk-secret\"\n"), ("use.toml", "same"),
        ]
        let plan = SetupPlan(
            directory: "/c/config.d", wanted: wanted, before: { $0 == "use.toml" ? "same" : nil }, enable: "systemctl x"
        )
        #expect(plan.files.map(\.name) == ["a.toml"])
        #expect(
            plan.lines.map(\.plain) == [
                "Write /c/config.d/a.toml, which only you can read:", "    [upstreams.a]", "    api_key = \"...\"",
                "Have it run, now and after each login:", "    systemctl x",
            ])
        let nothing = SetupPlan(directory: "/c", wanted: wanted, before: { _ in wanted[0].text }, enable: nil)
        #expect(nothing.files.map(\.name) == ["use.toml"])
    }

    @Test func `the record keeps what was there first and what was written last, never a key`() {
        var record = SetupRecord()
        #expect(record.isEmpty)
        record.add(("a.toml", "api_key = \"sk-1\""), before: nil, in: "/c")
        record.add(("use.toml", "new"), before: "old", in: "/c")
        record.add(("use.toml", "newer"), before: "new", in: "/c")
        #expect(record.files.map(\.before) == [nil, "old"])
        #expect(record.files[1].written == SetupRecord.fingerprint("newer"))
        #expect(!String(decoding: JSONText.pretty(record), as: UTF8.self).contains("sk-1"))
    }

    @Test func `the units are enabled where there are some and no daemon runs without them`() {
        func state(_ file: String, _ active: String) -> ServiceState {
            let names = DaemonUnits.own
            return ServiceState(
                ([names.service] + names.sockets).map {
                    UnitCheck.Unit(name: $0, load: "loaded", file: file, active: active, result: "success")
                }, named: names)
        }
        let command = DaemonUnits.own.enable
        #expect(ServiceState(nil, named: .own) == .absent)
        #expect(ServiceState([UnitCheck.Unit(name: "qwenproxyd.service", load: "not-found")], named: .own) == .absent)
        #expect(ServiceState.absent.enable(isRunning: false) == nil)
        #expect(state("disabled", "inactive").enable(isRunning: false) == command)
        #expect(state("disabled", "inactive").enable(isRunning: true) == nil)
        #expect(state("disabled", "active").enable(isRunning: true) == command)
        #expect(state("enabled", "inactive").enable(isRunning: false) == command)
        #expect(state("enabled", "active").enable(isRunning: true) == nil)
    }

    @Test func `another port is written for the socket unit and for the foreground`() {
        let change = PortChange(port: 3999)
        #expect(change.settings.hasSuffix("[server]\nport = 3999\n"))
        #expect(change.unit.hasSuffix("[Socket]\nListenStream=\nListenStream=127.0.0.1:3999\n"))
        #expect(PortChange.unitFile(configurationHome: "/c") == "/c/systemd/user/qwenproxyd.socket.d/port.conf")
        // The socket is free only after its service has stopped.
        #expect(PortChange.commands.map { $0[1] } == ["daemon-reload", "stop", "restart", "start"])
    }

    @Test func `Claude Code gets the model's name and limits, and keeps its small models`() {
        let upstream = UpstreamStatus(name: "a", kind: .open, baseURL: nil, model: "m", state: .reachable)
        let limits = RouteReport.Candidate(
            upstream: upstream, model: "m", contextWindow: 983_616, maxOutputTokens: 393_216, vision: false,
            thinking: "none", toolChoice: "auto")
        let connection = ClientConnection(
            ClientSettings(baseURL: "http://127.0.0.1:3455", apiKey: "local-secret"), model: "m", limits: limits)
        let values = Dictionary(connection.variables.map { ($0.name, $0.value) }) { $1 }
        #expect(values["ANTHROPIC_AUTH_TOKEN"] == "local-secret")
        #expect(values["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] == "65536")
        #expect(values["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "983616")
        #expect(values["ANTHROPIC_DEFAULT_HAIKU_MODEL"] == nil)
        let lines = connection.lines(path: "/s.json") { $0 == "ANTHROPIC_MODEL" ? "opus" : nil }.map(\.plain)
        #expect(lines.contains("    ANTHROPIC_MODEL = m (was opus)"))
        #expect(!lines.contains { $0.contains("local-secret") })
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", ["a", "b"]),
            ("HTTP/1.0 200 OK\r\n\r\n{\"object\":\"list\",\"data\":[]}", []),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n0c;x=y\r\n[{\"id\":\"a\"}]\r\n1\r\n}\r\n0\r\n\r\n",
                ["a"]
            ),
            ("HTTP/1.1 200 OK\r\n\r\n<html>", nil), ("HTTP/1.1 404 Not Found\r\n\r\n{\"data\":[]}", nil),
            ("SSH-2.0", nil),
            ("", nil), ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", nil),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n{}", nil),
        ] as [(String, [String]?)])
    func `a list of models is read from whatever answers`(answer: String, models: [String]?) {
        #expect(HTTPAnswer(Array(answer.utf8)).flatMap(ModelList.read) == models)
    }

    @Test func `a key does not leave this machine in the clear`() {
        #expect(ModelList.ask("http://192.0.2.1/v1", key: "k", limit: .milliseconds(1)) == nil)
        #expect(ModelList.ask("https://192.0.2.1/v1", key: nil, limit: .milliseconds(1)) == nil)
    }

    @Test func `the limits in a report have a line of their own`() {
        var report = SetupReport(upstream: "plan", model: "m")
        report.test = UpstreamTestReport(
            upstream: "plan", model: "m", succeeded: true, duration: 3, answeredBy: "m",
            limits: ModelLimits(
                contextWindow: 262_144, contextWindowOrigin: .assumed, maxOutputTokens: 32_768,
                maxOutputTokensOrigin: .assumed))
        #expect(
            report.upstreamLines.map(\.plain) == [
                "✓ plan answered after 3 ms: m.", "    window 262,144 tokens, output up to 32,768 (assumed)",
            ])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `qwenproxyctl upstream` and `route`, with a daemon and without one.
@Suite struct UpstreamCommandTests {
    private static let comments = "# my own words\n[log]   # stay\nlevel = \"info\"\n"

    private static func home() throws -> TemporaryDirectory {
        let home = try TemporaryDirectory("d")
        try home.configure(Self.comments)
        try home.write(Gateway.secret + "\n", to: "key")
        return home
    }

    /// `qwenproxyctl upstream` where no daemon runs.
    private struct QuietPlace {
        let home: TemporaryDirectory

        init() throws {
            self.home = try UpstreamCommandTests.home()
            try self.home.makeDirectory("run")
        }

        func callAsFunction(_ arguments: String...) async throws -> ChildProcess.Outcome {
            try await ChildProcess.run(
                BuiltProducts.control, ["upstream"] + arguments,
                environment: DaemonProcess.cleanEnvironment(home: self.home))
        }
    }

    @Test func `without a daemon, upstreams are added, listed, chosen and removed`() async throws {
        try await Gateway.alone {
            let upstream = try QuietPlace()
            let home = upstream.home
            func expectSuccess(_ outcome: ChildProcess.Outcome, _ text: String) {
                #expect(outcome.status == 0, "\(outcome.errorOutput)")
                #expect(outcome.output.contains(text), "\(outcome.output)")
            }
            let file = home.path("config/qwenproxyd/config.d/upstream-plan.toml")
            expectSuccess(
                try await upstream("add", "plan", "--preset", "coding-plan-intl", "--key-file", home.path("key")),
                "Added")
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            func rows() async throws -> [[Substring]] {
                try await upstream("list").output.split(separator: "\n").map { line in
                    line.split(separator: " ")
                }
            }
            #expect(
                try await rows() == [
                    ["NAME", "MODEL", "STATE", "ACCESS", "ADDRESS"],
                    [
                        "→", "plan", "qwen3.7-plus", "untried", "API", "key",
                        "https://coding-intl.dashscope.aliyuncs.com/v1",
                    ],
                ])
            // The second one leaves the first to answer.
            expectSuccess(
                try await upstream(
                    "add", "box", "--preset", "local", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"),
                "Added")
            let nothing = try await upstream("add", "box", "--replace")
            #expect(nothing.status != 0 && nothing.errorOutput.contains("Nothing was changed. Say what"))
            #expect(try await rows()[1].prefix(2) == ["→", "plan"])
            expectSuccess(try await upstream("use", "box"), "Requests now go to \"box\"")
            #expect(try await rows()[1].prefix(2) == ["→", "box"])
            #expect(try await rows()[2].first == "plan")
            // Only what is named changes.
            #expect(try await upstream("add", "box", "--model", "n").errorOutput.contains("--replace"))
            expectSuccess(try await upstream("add", "box", "--model", "n", "--replace"), "Changed")
            #expect(try await rows()[1] == ["→", "box", "n", "untried", "no", "key", "http://127.0.0.1:9/v1"])
            expectSuccess(try await upstream("remove", "box"), "Removed")
            #expect(try await rows()[1].prefix(2) == ["→", "plan"])
            #expect(home.text("config/qwenproxyd/config.toml") == Self.comments)
        }
    }

    @Test func `a mistake changes nothing`() async throws {
        try await Gateway.alone {
            let upstream = try QuietPlace()
            let home = upstream.home
            let wrong = try await upstream("add", "a", "--preset", "openroute", "--key-file", home.path("key"))
            #expect(wrong.status == 1)
            #expect(wrong.errorOutput.contains("Did you mean openrouter?"), "\(wrong.errorOutput)")
            let keyless = try await upstream("add", "a", "--preset", "openrouter")
            #expect(keyless.errorOutput.contains("needs a key"), "\(keyless.errorOutput)")
            // The file that it was in is gone.
            #expect(!keyless.errorOutput.contains(".toml"), "\(keyless.errorOutput)")
            let empty = try await upstream("add", "a", "--preset", "openrouter", "--key-stdin")
            #expect(empty.status == 1 && empty.errorOutput.contains("no key on standard input"), "\(empty)")
            #expect(
                try await upstream("use", "nobody").errorOutput.contains(
                    "There is no upstream \"nobody\". There is: default."))
            #expect(try await upstream("remove", "defautl").errorOutput.contains("Did you mean \"default\"?"))
            #expect(try await upstream("add", "../x", "--preset", "local").status != 0)
            let left = try FileManager.default.contentsOfDirectory(
                atPath: home.path("config/qwenproxyd/config.d"))
            #expect(left == [])
        }
    }

    @Test func `a running daemon takes a new upstream at once, and tests it`() async throws {
        let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("from the new one")))
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start(home: try Self.home())
            let added = try await daemon.control(
                "upstream", "add", "new", "--base-url", upstream.baseURL, "--key-file", daemon.home.path("key"),
                "--model", "fine-model", "--use")
            #expect(added.status == 0, "\(added.errorOutput)")
            let tested = try await daemon.control("upstream", "test", "new")
            #expect(tested.status == 0, "\(tested.errorOutput)")
            #expect(tested.output.hasPrefix("new answered after "), "\(tested.output)")
            let request = try #require(upstream.requests.entries.last)
            #expect(request.json["model"] == "fine-model")
            #expect(request.header("authorization") == "Bearer \(Gateway.secret)")
            let before = upstream.requests.entries.count
            let deep = try await daemon.control("upstream", "test", "new", "--deep")
            #expect(deep.status == 0, "\(deep.output)\(deep.errorOutput)")
            #expect(deep.output.contains("✓ answers: taken") && deep.output.contains("? images:"), "\(deep.output)")
            // What it says of its cache is the same for marked prompts and others, which takes two more requests to see.
            #expect(upstream.requests.entries.count - before == 18)
            let known = try await daemon.control("models", "show", "fine-model", "--upstream", "new")
            #expect(known.output.contains("tested") && known.output.contains("a test"), "\(known.output)")
            #expect(try await daemon.control("upstream", "list").output.contains("abilities tested"))
            // Without a model, the product's best is taken and tried.
            let best = try await daemon.control(
                "upstream", "add", "router", "--preset", "openrouter", "--base-url", upstream.baseURL, "--key-file",
                daemon.home.path("key"))
            #expect(best.status == 0 && best.output.contains("router answered after "), "\(best)")
            #expect(upstream.requests.entries.last?.json["model"] == "qwen/qwen3-coder")
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(EventStreamChecker.check(reply.body).text == "from the new one")
            let route = try await daemon.control("route", "claude-opus-5-5", "--images", "--tokens", "1000")
            #expect(route.output.contains("no route matches"), "\(route.output)")
            #expect(route.output.contains("1. fine-model at new (\(upstream.baseURL), "), "\(route.output)")
            let unknown = try await daemon.control("upstream", "test", "nobody")
            #expect(unknown.status == 1 && unknown.errorOutput.contains(": new"), "\(unknown.errorOutput)")
            let outcome = try await daemon.stop()
            for text in [added.output, tested.output, route.output, outcome.errorOutput] {
                #expect(!text.contains(Gateway.secret))
            }
        }
        await upstream.stop()
    }

    @Test func `a test explains what is wrong`() async throws {
        let refusing = try await ScriptedUpstream.start { _ in
            .error(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start(upstream: refusing)
            let outcome = try await daemon.control("upstream", "test")
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("Incorrect API key provided."), "\(outcome.output)")
            #expect(outcome.output.contains("QWEN_API_KEY"), "\(outcome.output)")
            _ = try await daemon.stop()
        }
        await refusing.stop()
    }

    @Test func `a route is explained with its rule, its limits and its fallbacks`() async throws {
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            try home.configure(
                """
                [upstream]
                base_url = "dashscope-intl"
                api_key = "\(Gateway.secret)"
                [[routes]]
                features = ["images"]
                to = "qwen3.7-plus"
                parameters = { thinking = false }
                fallbacks = ["box/llava"]
                [upstreams.box]
                preset = "local"
                base_url = "http://127.0.0.1:9/v1"
                """)
            let daemon = try await DaemonProcess.start(home: home)
            let outcome = try await daemon.control("route", "claude-sonnet-5", "--images")
            let expected = """
                Why: route 1 (images).
                With thinking off.
                1. qwen3.7-plus at default (https://dashscope-intl.aliyuncs.com/compatible-mode/v1, API key)
                   window 991,808 tokens, output up to 65,536 (from the catalogue)
                   images, thinking: enable_thinking, tool_choice up to required
                2. llava at box (http://127.0.0.1:9/v1, no key)
                   ! This model takes no images: a note would stand in place of each.
                """
            #expect(outcome.output.hasPrefix(expected), "\(outcome.output)")
            _ = try await daemon.stop()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `qwenproxyctl setup` with a daemon that runs and a server that offers models.
@Suite struct SetupTests {
    private static func script(accepting key: String) -> ScriptedUpstream.Script {
        let answer = Gateway.script(ModelTurn("from the new one"))
        return { request in
            if request.method == "GET" {
                return .json(200, ["object": "list", "data": [["id": "small-model"], ["id": "fine-model"]]])
            }
            guard request.header("authorization") == "Bearer \(key)" else {
                return .error(401, "Incorrect API key provided.", code: "invalid_api_key")
            }
            return answer(request)
        }
    }

    private func setup(_ daemon: DaemonProcess, _ arguments: String...) async throws -> ChildProcess.Outcome {
        var environment = daemon.environment
        environment["XDG_STATE_HOME"] = daemon.home.path("state")
        environment["CLAUDE_CONFIG_DIR"] = daemon.home.path("claude")
        environment["PATH"] = daemon.home.path("bin")
        return try await ChildProcess.run(BuiltProducts.control, ["setup"] + arguments, environment: environment)
    }

    private func dropIns(_ daemon: DaemonProcess) -> [String] {
        let directory = daemon.home.path("config/qwenproxyd/config.d")
        return ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }

    @Test func `the first model of the server is tried, used, and connected with its limits`() async throws {
        let upstream = try await ScriptedUpstream.start(Self.script(accepting: "sk-good"))
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            try daemon.home.write("sk-good\n", to: "key")
            let outcome = try await self.setup(
                daemon, "--base-url", upstream.baseURL, "--key-file", daemon.home.path("key"), "--name", "mine",
                "--model", "fine-model", "--yes")
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(outcome.output.contains("mine answered after "), "\(outcome.output)")
            #expect(self.dropIns(daemon) == ["upstream-mine.toml", "use.toml"])
            let settings = try JSONValue(parsing: try #require(daemon.home.text("claude/settings.json")))["env"]
            #expect(settings?["ANTHROPIC_BASE_URL"]?.string == daemon.baseURL)
            #expect(settings?["ANTHROPIC_MODEL"]?.string == "fine-model")
            #expect(settings?["CLAUDE_CODE_MAX_CONTEXT_TOKENS"]?.string.flatMap { Int($0) } != nil)
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(EventStreamChecker.check(reply.body).text == "from the new one")

            let undone = try await self.setup(daemon, "--undo", "--yes")
            #expect(undone.status == 0, "\(undone.errorOutput)")
            #expect(self.dropIns(daemon) == [])
            #expect(daemon.home.text("claude/settings.json") == nil)
            #expect(try await daemon.control("upstream", "list").output.contains("built-in demo"))
            _ = try await daemon.stop()
        }
        await upstream.stop()
    }

    @Test func `a model that does not answer leaves everything as it was, unless it is wanted all the same`()
        async throws
    {
        let upstream = try await ScriptedUpstream.start(Self.script(accepting: "sk-good"))
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            try daemon.home.write("sk-wrong\n", to: "key")
            let options = [
                "--base-url", upstream.baseURL, "--key-file", daemon.home.path("key"), "--model", "m", "--yes",
            ]
            func run(_ more: String...) async throws -> ChildProcess.Outcome {
                var environment = daemon.environment
                environment["CLAUDE_CONFIG_DIR"] = daemon.home.path("claude")
                environment["PATH"] = daemon.home.path("bin")
                return try await ChildProcess.run(
                    BuiltProducts.control, ["setup"] + options + more, environment: environment)
            }
            let refused = try await run()
            #expect(refused.status == 1)
            #expect(refused.errorOutput.contains("Incorrect API key provided."), "\(refused.errorOutput)")
            #expect(refused.errorOutput.contains("Everything is as it was."))
            #expect(self.dropIns(daemon) == [])
            #expect(daemon.home.text("claude/settings.json") == nil)
            let kept = try await run("--no-test", "--no-client")
            #expect(kept.status == 0, "\(kept.errorOutput)")
            #expect(self.dropIns(daemon) == ["upstream-custom.toml", "use.toml"])
            #expect(daemon.home.text("claude/settings.json") == nil)
            _ = try await daemon.stop()
        }
        await upstream.stop()
    }

    @Test func `Ctrl-C while the model is asked takes everything back`() async throws {
        let gate = Gate()
        let upstream = try await ScriptedUpstream.start { _ in ScriptedReply([.wait(gate), .close]) }
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            var environment = daemon.environment
            environment["CLAUDE_CONFIG_DIR"] = daemon.home.path("claude")
            environment["PATH"] = daemon.home.path("bin")
            environment["TERM"] = "xterm"
            let arguments = [
                "setup", "--base-url", upstream.baseURL, "--auth", "none", "--model", "m", "--yes", "--timeout", "60",
            ]
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                Thread.detachNewThread { [environment] in
                    defer { continuation.resume() }
                    guard
                        let terminal = try? TerminalProcess(
                            BuiltProducts.control, arguments, environment: environment)
                    else {
                        Issue.record("setup did not start")
                        return
                    }
                    #expect(terminal.waits(for: "Testing "))
                    #expect(self.dropIns(daemon) == ["upstream-custom.toml", "use.toml"])
                    terminal.type("\u{03}")
                    #expect(terminal.status() != 0)
                    #expect(terminal.isCooked)
                }
            }
            #expect(self.dropIns(daemon) == [])
            #expect(daemon.home.text(".local/state/qwenproxyd/setup.json") == nil)
            gate.open()
            _ = try await daemon.stop()
        }
        await upstream.stop()
    }

    @Test func `a damaged record of what was changed is not written over`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let record = ".local/state/qwenproxyd/setup.json"
            try FileManager.default.createDirectory(
                atPath: daemon.home.path(".local/state/qwenproxyd"), withIntermediateDirectories: true)
            try "{\"files\": [".write(toFile: daemon.home.path(record), atomically: true, encoding: .utf8)
            for arguments in [
                [
                    "setup", "--base-url", "http://127.0.0.1:9/v1", "--auth", "none", "--model", "m", "--yes",
                    "--no-test",
                ],
                ["setup", "--undo", "--yes"],
            ] {
                let outcome = try await ChildProcess.run(
                    BuiltProducts.control, arguments, environment: daemon.environment)
                #expect(outcome.status != 0)
                #expect(
                    outcome.errorOutput.contains("setup.json: the record of what setup changed is damaged"),
                    "\(outcome)")
                #expect(daemon.home.text(record) == "{\"files\": [")
            }
            _ = try await daemon.stop()
        }
    }
}

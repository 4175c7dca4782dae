// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Shared
import TestSupport
import Testing

/// A daemon that starts with mistakes in its configuration answers with them, and with more once they are mended.
@Suite struct MistakenConfigurationTests {
    private static let request: JSONValue = [
        "model": "claude-sonnet-5-5", "max_tokens": 9, "stream": true, "messages": [["role": "user", "content": "hi"]],
    ]

    private static func run(
        _ text: String, environment: [String: String] = [:],
        test: (DaemonProcess, TemporaryDirectory, ScriptedUpstream) async throws -> Void,
    ) async throws {
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("mended")))
            let home = try TemporaryDirectory("d")
            try home.configure(text)
            let daemon = try await DaemonProcess.start(environment: environment, home: home)
            do { try await test(daemon, home, upstream) } catch { Issue.record("\(error)\n\(daemon.log)") }
            #expect(try await daemon.stop().status == 0)
            await upstream.stop()
        }
    }

    private static func good(_ upstream: ScriptedUpstream) -> String {
        "[upstream]\nbase_url = \"\(upstream.baseURL)\"\napi_key = \"sk-scripted-secret\"\n"
    }

    private func status(of daemon: DaemonProcess) async throws -> DaemonStatus {
        let outcome = try await daemon.control("status", "--json")
        return try JSONDecoder().decode(DaemonStatus.self, from: Data(outcome.output.utf8))
    }

    @Test func `a request is told file, line, key and remedy, and the next one finds the file mended`() async throws {
        try await Self.run("[server]\nping_interval = \"7s\"\n[upstream]\nmodell = \"x\"\n") { daemon, home, upstream in
            for target in ["/v1/messages", "/v1/messages/count_tokens"] {
                let reply = try await daemon.connect().post(target, Self.request)
                #expect(reply.status == 500)
                #expect(reply.header("x-should-retry") == "false")
                for words in ["config.toml:4", "upstream.modell", "upstream.model", "qwenproxyctl config edit"] {
                    #expect(reply.text.contains(words), "\(words) in \(reply.text)")
                }
            }
            #expect(try await daemon.connect().exchange("GET", "/healthz").status == 200)
            #expect(try await daemon.connect().exchange("GET", "/readyz").status == 503)

            try home.configure("[upstream]\nmodle = \"x\"\n")
            let again = try await daemon.connect().post("/v1/messages", Self.request)
            #expect(again.text.contains("config.toml:2") && again.text.contains("modle"), "\(again.text)")

            try home.configure(Self.good(upstream))
            let reply = try await daemon.connect().post("/v1/messages", Self.request)
            #expect(reply.status == 200 && reply.text.contains("message_stop"), "\(reply.text)")
            // From here on a mistake keeps what was.
            try home.configure("[upstream]\nmodle = \"x\"\n")
            daemon.send(SIGHUP)
            #expect(try await daemon.connect().post("/v1/messages", Self.request).status == 200)
        }
    }

    @Test func `the status names the mistakes and finds them mended`() async throws {
        try await Self.run("this is no TOML\n") { daemon, home, upstream in
            let status = try await self.status(of: daemon)
            #expect(status.state == .running && status.upstreams.isEmpty)
            #expect(status.configurationMistakes?.count == 1)
            #expect(status.configurationMistakes?.first?.contains("config.toml:1") == true)
            let shown = try await daemon.control("status")
            #expect(shown.status == 0 && shown.output.contains("config.toml:1"), "\(shown)")
            let test = try await daemon.control("upstream", "test")
            #expect(test.status == 1 && (test.output + test.errorOutput).contains("config.toml:1"), "\(test)")
            try home.configure(Self.good(upstream))
            #expect(try await self.status(of: daemon).configurationMistakes == nil)
            #expect(try await daemon.connect().post("/v1/messages", Self.request).status == 200)
        }
    }

    @Test func `no screen describes a demo that does not run, and each says what is wrong`() async throws {
        let text =
            "[server]\nprot = 1\n[upstream]\nuse = \"plan\"\n"
            + "[upstreams.local]\npreset = \"local\"\nbase_url = \"http://127.0.0.1:9/v1\"\n"
            + "[upstreams.plan]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"big\"\n"
        try await Self.run(text) { daemon, home, upstream in
            let promise = "Without it there would be: plan (big), local."
            for (command, status, isPromising) in [
                (["status"], 0, true), (["config", "show"], 0, true), (["upstream", "list"], 1, true),
                (["doctor"], 1, true),
                (["route", "m"], 1, false),
                (["models", "show", "m"], 1, false), (["upstream", "test"], 1, false),
                (["upstream", "test", "nope"], 1, false),
                (["setup", "--preset", "local", "--base-url", "http://127.0.0.1:9/v1", "--yes"], 1, true),
            ] {
                let outcome = try await ChildProcess.run(
                    BuiltProducts.control, command, environment: daemon.environment)
                let shown = outcome.output + outcome.errorOutput
                #expect(outcome.status == status, "\(command): \(shown)")
                #expect(shown.contains("config.toml:2: server.prot"), "\(command): \(shown)")
                #expect(!shown.contains("demo"), "\(command): \(shown)")
                #expect(shown.contains(promise) == isPromising, "\(command): \(shown)")
            }
            // A change that is refused is not told as what would be there.
            #expect(try await daemon.control("upstream", "use", "local").status == 1)
            let list = try await daemon.control("upstream", "list", "--json")
            #expect(list.status == 1)
            let decoded = try JSONDecoder().decode(UpstreamList.self, from: Data(list.output.utf8))
            #expect(decoded.upstreams == [] && decoded.mistakes?.count == 1)
            #expect(
                decoded.described == [DescribedUpstream(name: "plan", model: "big"), DescribedUpstream(name: "local")])
            let status = try await self.status(of: daemon)
            #expect(status.credentials.state == .none && status.describedUpstreams == decoded.described)
            let token = try await daemon.control("token")
            #expect(token.output.contains("The configuration has mistakes"), "\(token)")
            #expect(
                !FileManager.default.fileExists(atPath: home.path("config/qwenproxyd/config.d/upstream-local.toml")))

            // The list finds the file mended, like a request does.
            try home.configure(Self.good(upstream))
            #expect(try await daemon.control("upstream", "list").output.contains(upstream.baseURL))
        }
    }

    @Test func `a reload mends, too`() async throws {
        try await Self.run("[server]\nevent_loops = 99\n") { daemon, home, upstream in
            let refused = try await daemon.control("reload")
            #expect(refused.status == 1 && refused.errorOutput.contains("config.toml:2"), "\(refused)")
            #expect(!refused.errorOutput.contains("the old one stays in force"), "\(refused)")
            try home.configure(Self.good(upstream))
            #expect(try await daemon.control("reload").status == 0)
            #expect(try await daemon.connect().post("/v1/messages", Self.request).status == 200)
        }
    }

    @Test func `a variable that is at fault is mended by a restart, and that is said`() async throws {
        try await Self.run("", environment: ["QWEN_MAX_RETRIES": "often"]) { daemon, _, _ in
            let reply = try await daemon.connect().post("/v1/messages", Self.request)
            #expect(reply.status == 500)
            #expect(
                reply.text.contains("QWEN_MAX_RETRIES") && reply.text.contains("restart qwenproxyd"), "\(reply.text)")
        }
    }

    @Test(arguments: ["--check-config", "--list-upstreams", "--port=many"])
    func `whoever looks at the configuration or types an option wrong is told at once`(option: String) async throws {
        let home = try TemporaryDirectory("c")
        try home.configure("[upstream]\nmodell = \"x\"\n")
        let environment = DaemonProcess.cleanEnvironment(home: home)
        let outcome = try await Gateway.alone {
            try await ChildProcess(BuiltProducts.daemon, [option], environment: environment).outcome()
        }
        #expect(outcome.status == 78 && outcome.errorOutput.contains("config.toml:2"), "\(outcome)")
    }
}

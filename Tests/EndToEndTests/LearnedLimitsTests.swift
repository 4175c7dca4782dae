// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// What servers say about their models, from the wire to what people are shown.
@Suite struct LearnedLimitsTests {
    private static let asking = ["QWEN_DISCOVER_LIMITS": "true", "QWEN_MODEL": "qwen3"]

    /// llama.cpp with a window of so many tokens.
    private static func llama(_ window: Int) -> ScriptedUpstream.Script {
        { request in
            switch request.target {
            case "/v1/models":
                .json(
                    200,
                    [
                        "object": "list",
                        "data": [["id": "q.gguf", "owned_by": "llamacpp", "meta": ["n_ctx_train": 262_144]]],
                    ])
            case let target where target.hasPrefix("/props"):
                .json(200, ["default_generation_settings": ["n_ctx": .number(Double(window))], "total_slots": 1])
            case "/v1/chat/completions": Gateway.script(ModelTurn("OK."))(request)
            default: .error(404, "File Not Found")
            }
        }
    }

    @Test func `a window is known before the first request, shown everywhere, and warned of`() async throws {
        try await Gateway.run(environment: Self.asking, script: Self.llama(8192)) { gateway in
            let daemon = gateway.daemon
            let limits = try await daemon.limits { $0.contextWindowOrigin == .properties }
            #expect(limits.contextWindow == 8192)
            #expect(limits.server == "llama.cpp")
            #expect(limits.maxOutputTokensOrigin == .assumed)
            #expect(limits.contextWindowLearnedAt != nil)
            for command in [["status"], ["upstream", "list"], ["route", "claude-x"], ["upstream", "test"]] {
                let outcome = try await ChildProcess.run(
                    BuiltProducts.control, command, environment: daemon.environment)
                #expect(outcome.output.contains("from /props, "), "\(command): \(outcome.output)")
                #expect(
                    outcome.output.contains("8,192 tokens (") || outcome.output.contains("8192 tokens in"),
                    "\(command): \(outcome.output)")
                #expect(outcome.output.contains("cannot start"), "\(command): \(outcome.output)")
                #expect(outcome.output.contains("--ctx-size"), "\(command): \(outcome.output)")
            }
            let doctor = try await daemon.control("doctor", "--no-request")
            #expect(doctor.status != 0)
            #expect(doctor.output.contains("window of default:"), "\(doctor.output)")
            #expect(doctor.output.contains("cannot start"), "\(doctor.output)")
        }
    }

    @Test func `an answer is never wanted longer than the window that a server told`() async throws {
        try await Gateway.run(environment: Self.asking, script: Self.llama(16_384)) { gateway in
            _ = try await gateway.daemon.limits { $0.contextWindowOrigin == .properties }
            #expect(try await gateway.post(Self.greedy).status == 200)
            let asked = gateway.upstream.requests.entries.filter { $0.target == "/v1/chat/completions" }
            let wanted = try #require(asked.first?.json["max_tokens"]?.integer)
            #expect((4096..<16_384).contains(wanted))
            #expect(asked.count == 1)
        }
    }

    @Test func `what a refusal teaches is shown as such, and kept`() async throws {
        let script: ScriptedUpstream.Script = { request in
            guard request.target == "/v1/chat/completions" else { return .error(404, "not here") }
            guard let wanted = request.json["max_tokens"]?.integer, wanted > 8000 else {
                return Gateway.script(ModelTurn("OK."))(request)
            }
            return .error(
                400,
                "This model's maximum context length is 8192 tokens. However, you requested \(wanted + 30) tokens "
                    + "(30 in the messages, \(wanted) in the completion). Please reduce the length of the messages or "
                    + "completion.")
        }
        try await Gateway.run(environment: Self.asking, script: script) { gateway in
            #expect(try await gateway.post(Self.greedy).status == 200)
            let limits = try await gateway.daemon.limits { $0.contextWindowOrigin == .errorMessage }
            #expect(limits.contextWindow == 8192)
            // The second request is made with what the first one taught.
            let before = gateway.upstream.requests.entries.filter { $0.target == "/v1/chat/completions" }.count
            #expect(try await gateway.post(Self.greedy).status == 200)
            let after = gateway.upstream.requests.entries.filter { $0.target == "/v1/chat/completions" }.count
            #expect(after == before + 1)
        }
    }

    /// Wants an answer as long as Claude Code does.
    private static let greedy: JSONValue = [
        "model": "claude-sonnet-5-5", "max_tokens": 32_000,
        "messages": [["role": "user", "content": "Say hello."]],
    ]

    @Test func `a window that was learned is known after a restart, even where nothing is asked`() async throws {
        let home = try TemporaryDirectory("d")
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Self.llama(16_384))
            let first = try await DaemonProcess.start(upstream: upstream, environment: Self.asking, home: home)
            _ = try await first.limits { $0.contextWindow == 16_384 }
            #expect(try await first.stop().status == 0)
            let file = home.path(".local/state/qwenproxyd/knowledge.json")
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(home.text(".local/state/qwenproxyd/knowledge.json")?.contains(Gateway.secret) == false)
            // The socket of the first daemon's notifications is in the way of the second one's.
            try FileManager.default.removeItem(atPath: first.notifications.path)
            let second = try await DaemonProcess.start(
                upstream: upstream, environment: ["QWEN_MODEL": "qwen3"], home: home)
            let limits = try await second.limits { $0.contextWindowOrigin == .properties }
            #expect(limits.contextWindow == 16_384)
            #expect(try await second.stop().status == 0)
            await upstream.stop()
        }
    }

    @Test func `a file that cannot be used does not keep the daemon from starting`() async throws {
        let home = try TemporaryDirectory("d")
        try home.makeDirectory(".local/state/qwenproxyd")
        try home.write("{\"version\":99,", to: ".local/state/qwenproxyd/knowledge.json")
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Self.llama(16_384))
            let daemon = try await DaemonProcess.start(upstream: upstream, environment: Self.asking, home: home)
            _ = try await daemon.limits { $0.contextWindow == 16_384 }
            #expect(daemon.log.contains("knowledge.json.unusable"), "\(daemon.log)")
            #expect(try await daemon.stop().status == 0)
            await upstream.stop()
        }
    }

    @Test func `what the user configured wins, and what was learned shows elsewhere`() async throws {
        let home = try TemporaryDirectory("d")
        try home.configure("[models.qwen3]\ncontext_window = 65536\n")
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Self.llama(8192))
            let daemon = try await DaemonProcess.start(upstream: upstream, environment: Self.asking, home: home)
            let limits = try await daemon.limits { $0.server == "llama.cpp" }
            #expect(limits.contextWindow == 65_536)
            #expect(limits.contextWindowOrigin == .configuration)
            #expect(limits.contextWindowLearnedAt == nil)
            let route = try await daemon.control("route", "claude-x")
            #expect(route.output.contains("window 65,536 tokens (configured), output up to "), "\(route.output)")
            #expect(route.output.contains(" (assumed)\n"), "\(route.output)")
            #expect(try await daemon.stop().status == 0)
            await upstream.stop()
        }
    }

    @Test func `a server that says nothing is served as before, and asked no more than it has to be`() async throws {
        let script: ScriptedUpstream.Script = { request in
            request.target == "/v1/chat/completions"
                ? Gateway.script(ModelTurn("OK."))(request) : .error(404, "not here")
        }
        try await Gateway.run(environment: Self.asking, script: script) { gateway in
            for _ in 0..<5 { #expect(try await gateway.post(SampleRequest.plain(stream: false)).status == 200) }
            let limits = try await gateway.daemon.limits { _ in true }
            #expect(limits.contextWindowOrigin == .assumed)
            let targets = gateway.upstream.requests.entries.map(\.target).filter { $0 != "/v1/chat/completions" }
            #expect(Set(targets).count == targets.count, "\(targets)")
        }
    }

    @Test func `the demo has no limits, and nothing is asked`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start(environment: ["QWEN_DISCOVER_LIMITS": "true"])
            let outcome = try await daemon.control("status", "--json")
            let status = try JSONDecoder().decode(DaemonStatus.self, from: Data(outcome.output.utf8))
            #expect(status.upstreams.map(\.kind) == [.demo])
            #expect(status.upstreams.first?.limits == nil)
            #expect(try await daemon.stop().status == 0)
        }
    }
}

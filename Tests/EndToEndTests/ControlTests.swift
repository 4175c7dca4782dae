// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Shared
import TestSupport
import Testing

/// `qwenproxyctl` and other clients of the control socket, with a daemon that has work to do.
@Suite struct ControlTests {
    private func ctl(
        _ gateway: Gateway, _ arguments: String..., environment: [String: String] = [:],
    ) async throws -> ChildProcess.Outcome {
        let all = gateway.daemon.environment.merging(environment) { $1 }
        return try await ChildProcess(BuiltProducts.control, arguments + ["--timeout", "60"], environment: all)
            .outcome()
    }

    /// Sends words and a first piece, and the rest when the gate opens.
    private static func held(by gate: Gate) -> ScriptedUpstream.Script {
        { _ in
            let frames = CompletionEncoder().writes(ModelTurn("One thing after another, and so on."))
            let head = [ScriptedReply.eventStreamHead] + frames.prefix(3).map { .chunk($0) }
            return ScriptedReply(head + [.wait(gate)] + frames.dropFirst(3).map { .chunk($0) } + [.endOfChunks])
        }
    }

    @Test func `monitor shows a request while it is answered`() async throws {
        let gate = Gate()
        try await Gateway.run(script: Self.held(by: gate)) { gateway in
            let client = try await gateway.daemon.connect()
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            _ = try await client.replyHead()
            let monitor = try ChildProcess(
                BuiltProducts.control, ["monitor", "--json", "--interval", "0.1", "--timeout", "60"],
                environment: gateway.daemon.environment)
            let live = try await self.live(of: monitor) { $0.state == .answering }
            #expect(live.model == "claude-sonnet-5-5")
            #expect(live.upstream == "default")
            #expect(live.upstreamModel == "qwen3-coder-plus")
            #expect(live.streaming)
            #expect(live.id.hasPrefix("req_"))
            gate.open()
            while try await client.bodyPiece() != nil {}
        }
    }

    /// The first live request that a report of a running monitor shows and `isWanted` takes.
    private func live(
        of monitor: ChildProcess, _ isWanted: (LiveRequestStatus) -> Bool,
    ) async throws -> LiveRequestStatus {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            for line in monitor.output.split(separator: "\n") {
                guard let report = try? JSONDecoder().decode(MonitorReport.self, from: Data(line.utf8)),
                    let live = report.live.first(where: isWanted)
                else { continue }
                return live
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HTTPReplyError(description: "no such request in \(monitor.output) \(monitor.errorOutput)")
    }

    @Test func `monitors that never read hold up neither requests nor other clients`() async throws {
        try await Gateway.answering(ModelTurn("Hello.")) { gateway in
            let dead = try (0..<10).map { _ in
                try DeadMonitor(path: gateway.daemon.controlSocket)
            }
            let client = try await gateway.daemon.connect()
            for _ in 0..<100 {
                let reply = try await client.post("/v1/messages", SampleRequest.plain(stream: false))
                #expect(reply.status == 200)
            }
            let outcome = try await self.ctl(gateway, "status", "--json")
            #expect(outcome.status == 0)
            let status = try JSONDecoder().decode(DaemonStatus.self, from: Data(outcome.output.utf8))
            #expect(status.requests.total == 100)
            withExtendedLifetime(dead) {}
        }
    }

    @Test func `a subsystem's level is its own, in the running daemon`() async throws {
        try await Gateway.answering(ModelTurn("Hello.")) { gateway in
            func setLevel(_ level: String) async throws {
                _ = try await self.ctl(gateway, "log-level", level, "--subsystem", "requests")
            }
            try await setLevel("debug")
            #expect(try await self.ctl(gateway, "log-level").output == "info\nrequests: debug\n")
            let first = try await gateway.post(SampleRequest.plain(stream: false))
            try await self.log(of: gateway, says: first)
            try await setLevel("reset")
            #expect(try await self.ctl(gateway, "log-level").output == "info\n")
            // A request that is answered is told at info.
            try await setLevel("warning")
            let second = try await gateway.post(SampleRequest.plain(stream: false))
            try await setLevel("debug")
            let third = try await gateway.post(SampleRequest.plain(stream: false))
            try await self.log(of: gateway, says: third)
            let silent = try #require(second.header("request-id"))
            #expect(!gateway.daemon.log.contains(silent))
        }
    }

    /// A request is logged after its answer has gone.
    private func log(of gateway: Gateway, says reply: HTTPReply) async throws {
        let id = try #require(reply.header("request-id"))
        let end = ContinuousClock.now + .seconds(30)
        while !gateway.daemon.log.contains(id) {
            try #require(ContinuousClock.now < end, "\(id) is not in \(gateway.daemon.log)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func `env leads a client to the daemon, with the key that it asks for`() async throws {
        try await Gateway.answering(
            ModelTurn("Hello."), environment: ["QWEN_LOCAL_API_KEY": "sk-local-secret"]
        ) { gateway in
            let outcome = try await self.ctl(gateway, "env", "--json")
            let variables = try JSONDecoder().decode([String: String?].self, from: Data(outcome.output.utf8))
            #expect(variables["ANTHROPIC_BASE_URL"] == gateway.daemon.baseURL)
            let key = try #require(variables["ANTHROPIC_AUTH_TOKEN"] ?? nil)
            #expect(variables["ANTHROPIC_API_KEY"] == .some(nil))
            let bearer = ["authorization": "Bearer \(key)"]
            #expect(try await gateway.post(SampleRequest.plain(), headers: bearer).status == 200)
            #expect(try await gateway.post(SampleRequest.plain(), headers: ["x-api-key": "x"]).status == 401)
        }
    }

    @Test func `config show has the settings in force, without secrets`() async throws {
        try await Gateway.answering(ModelTurn("Hello.")) { gateway in
            let outcome = try await self.ctl(gateway, "config", "show", "--json")
            let report = try JSONDecoder().decode(ConfigurationReport.self, from: Data(outcome.output.utf8))
            let values = Dictionary(report.settings.map { ($0.key, $0) }) { $1 }
            #expect(values["upstream.api_key"]?.value == "***")
            #expect(values["upstream.api_key"]?.source.contains("QWEN_API_KEY") == true)
            #expect(!outcome.output.contains(Gateway.secret))
        }
    }

    @Test func `the doctor finds a daemon well when a request comes through`() async throws {
        try await Gateway.answering(ModelTurn("yes")) { gateway in
            let outcome = try await self.ctl(
                gateway, "doctor", "--json", environment: ["ANTHROPIC_BASE_URL": gateway.daemon.baseURL])
            let findings = try Self.findings(outcome)
            #expect(outcome.status == 0, "\(outcome.output)")
            for subject in ["configuration", "daemon", "environment", "credentials", "upstream default", "request"] {
                #expect(findings[subject] == "good", "\(subject)")
            }
            #expect(gateway.upstream.requests.count == 1)
            _ = try await self.ctl(gateway, "doctor", "--no-request")
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test func `the doctor says what the upstream says`() async throws {
        let script: ScriptedUpstream.Script = { _ in .error(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
        try await Gateway.run(script: script) { gateway in
            let outcome = try await self.ctl(gateway, "doctor", "--json")
            #expect(outcome.status == 1)
            #expect(try Self.findings(outcome)["request"] == "failure")
            #expect(outcome.output.contains("Incorrect API key provided."))
        }
    }

    private static func findings(_ outcome: ChildProcess.Outcome) throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let findings = object?["findings"] as? [[String: Any]] ?? []
        return Dictionary(
            findings.map { ($0["subject"] as? String ?? "", $0["verdict"] as? String ?? "") }
        ) { first, _ in first }
    }
}

/// A client that asks for reports and never reads one.
private final class DeadMonitor: Sendable {
    private let descriptor: OwnedDescriptor

    init(path: String) throws {
        let call = Array(ControlCall.monitor(.init(interval: 100)).encoded())
        guard let address = UnixSocketAddress(path: path),
            let descriptor = OwnedDescriptor.unixStreamSocket(isBlocking: true),
            unsafe address.withSocketAddress({ unsafe connect(descriptor.rawValue, $0, $1) }) == 0,
            unsafe write(descriptor.rawValue, call, call.count) == call.count
        else { throw HTTPReplyError(description: "the control socket: \(SystemError.last)") }
        self.descriptor = descriptor
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// Calls in auto mode, judged by a model that the user named.
@Suite struct SafeguardsTests {
    /// What the upstream does when it is asked for verdicts.
    private enum Judge: Sendable {
        case says(String)
        case waits(Duration)
        case fails
    }

    private static let classifier = "default/judge-model"
    private static let calls = ModelTurn(
        calls: [.init("Bash", ["command": "rm -rf build"]), .init("Read", ["file_path": "/x"])])

    private static func request(_ turn: String = "Clean up.") -> JSONValue {
        let context: JSONValue = ["v": 1, "auto_mode": ["soft_deny": ["deleting what is not built here"]]]
        return SampleRequest.replacing(
            "safeguards", [["type": "dangerous_tool_use", "classifier_context": context]],
            in: SampleRequest.withTools(turn))
    }

    private static func script(_ turn: ModelTurn, _ judge: Judge) -> ScriptedUpstream.Script {
        let answer = Gateway.script(turn)
        return { request in
            guard request.json["model"]?.string == "judge-model" else { return answer(request) }
            switch judge {
            case .says(let text): return Gateway.script(ModelTurn(text))(request)
            case .waits(let time): return ScriptedReply([.pause(time)])
            case .fails: return .error(500, "Not now.")
            }
        }
    }

    /// The verdicts that the client got, by the name of the tool; nil for an answer without any.
    private func verdicts(
        of turn: ModelTurn = Self.calls, _ judge: Judge, environment: [String: String] = [:], routes: String = "",
        check: (Gateway) async throws -> Void = { _ in },
    ) async throws -> [String: String]? {
        var result: [String: String]?
        let variables = ["QWEN_AUTO_MODE_CLASSIFIER": Self.classifier, "QWEN_AUTO_MODE_TIME_LIMIT": "5s"]
            .merging(environment) { _, given in given }
        let home = try TemporaryDirectory("d")
        try home.configure(routes)
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Self.script(turn, judge))
            let daemon = try await DaemonProcess.start(upstream: upstream, environment: variables, home: home)
            let gateway = Gateway(daemon: daemon, upstream: upstream)
            let checked = try await gateway.stream(Self.request())
            #expect(checked.problems == [])
            let reply = try await gateway.post(Self.request())
            result = try Self.verdicts(in: reply)
            try await check(gateway)
            try await daemon.stop()
            await upstream.stop()
        }
        return result
    }

    private static func verdicts(in reply: HTTPReply) throws -> [String: String]? {
        let events = try reply.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .map { try JSONValue(parsing: Array($0.dropFirst(6).utf8)) }
        let delta = events.first { $0["type"]?.string == "message_delta" }?["delta"]
        guard let results = delta?["safeguard_results"]?.array else { return nil }
        #expect(results.count == 1 && results.first?["type"]?.string == "dangerous_tool_use")
        let status = try #require(results.first?["status"])
        #expect(status["type"]?.string == "available")
        let names = events.compactMap { $0["content_block"] }.filter { $0["type"]?.string == "tool_use" }
            .map { ($0["id"]?.string ?? "", $0["name"]?.string ?? "") }
        let verdicts = try #require(status["tool_uses"]?.object)
        #expect(Set(verdicts.keys) == Set(names.map(\.0)))
        return Dictionary(
            uniqueKeysWithValues: names.map { id, name in
                let verdict = verdicts[id]
                let words = [verdict?["outcome"], verdict?["explanation"], verdict?["reason"]].compactMap { $0?.string }
                return (name, words.joined(separator: ": "))
            })
    }

    private static let good =
        #"{"verdicts":[{"call":1,"outcome":"flagged","reason":"It deletes."},{"call":2,"outcome":"not_flagged"}]}"#

    @Test func `what the model says about each call reaches the client, the status and the journal`() async throws {
        let verdicts = try await self.verdicts(.says(Self.good)) { gateway in
            let status = try await gateway.daemon.control("status", "--json")
            let report = try JSONDecoder().decode(DaemonStatus.self, from: Data(status.output.utf8))
            #expect(report.verdicts == [.init(name: "flagged", count: 2), .init(name: "not_flagged", count: 2)])
            let question = try #require(gateway.upstream.requests.entries.last)
            #expect(question.text.contains("deleting what is not built here") && question.text.contains("Clean up."))
            #expect(gateway.daemon.log.contains(" request.verdicts=flagged,not_flagged"))
        }
        #expect(verdicts == ["Bash": "flagged: It deletes.", "Read": "not_flagged"])
    }

    @Test func `an answer without calls has verdicts on none, and the model is not asked`() async throws {
        let verdicts = try await self.verdicts(of: ModelTurn("Done."), .fails) { gateway in
            #expect(gateway.upstream.requests.count == 2)
        }
        #expect(verdicts == [:])
    }

    @Test func `in doubt there is no verdict`() async throws {
        let none = ["Bash": "error", "Read": "error"]
        #expect(try await self.verdicts(.says("I think that both are safe.")) == none)
        #expect(try await self.verdicts(.fails) == none)
        let limit = ["QWEN_AUTO_MODE_TIME_LIMIT": "1s"]
        let late = try await self.verdicts(.waits(.seconds(20)), environment: limit)
        #expect(late == ["Bash": "timeout", "Read": "timeout"])
        let half = try await self.verdicts(.says(#"{"verdicts":[{"call":2,"outcome":"not_flagged"}]}"#))
        #expect(half == ["Bash": "error", "Read": "not_flagged"])
    }

    @Test func `without a model, and on a route that says so, the client decides in its own way`() async throws {
        let off = try await self.verdicts(.says(Self.good), environment: ["QWEN_AUTO_MODE_CLASSIFIER": ""])
        #expect(off == nil)
        let route = try await self.verdicts(.says(Self.good), routes: "[[routes]]\nmodel = \"*\"\nauto_mode = false\n")
        #expect(route == nil)
    }

    @Test func `an answer in one piece is judged as well, and a client that does not ask gets no verdict`() async throws
    {
        let environment = ["QWEN_AUTO_MODE_CLASSIFIER": Self.classifier]
        try await Gateway.run(environment: environment, script: Self.script(Self.calls, .says(Self.good))) { gateway in
            let whole = try await gateway.post(SampleRequest.replacing("stream", false, in: Self.request()))
            #expect(whole.status == 200)
            #expect(EventStreamChecker.problems(inMessage: whole.json) == [])
            let results = try #require(whole.json["safeguard_results"]?.array)
            #expect(results.count == 1 && results.first?["type"]?.string == "dangerous_tool_use")
            let verdicts = try #require(results.first?["status"]?["tool_uses"]?.object)
            let calls = whole.json["content"]?.array?.filter { $0["type"] == "tool_use" } ?? []
            let outcomes = calls.map { call in
                [call["name"], verdicts[call["id"]?.string ?? ""]?["outcome"]].map { $0?.string ?? "" }
            }
            #expect(outcomes == [["Bash", "flagged"], ["Read", "not_flagged"]])
            #expect(verdicts.count == 2 && gateway.upstream.requests.count == 2)
            for stream in [true, false] {
                let other = try await gateway.post(SampleRequest.withTools(stream: stream))
                #expect(other.status == 200 && !other.text.contains("safeguard_results"))
            }
            #expect(gateway.upstream.requests.count == 4)
        }
    }

    @Test func `an answer in one piece without calls has verdicts on none`() async throws {
        let environment = ["QWEN_AUTO_MODE_CLASSIFIER": Self.classifier]
        try await Gateway.run(environment: environment, script: Self.script(ModelTurn("Done."), .fails)) { gateway in
            let whole = try await gateway.post(SampleRequest.replacing("stream", false, in: Self.request()))
            #expect(whole.json["safeguard_results"]?.array?.first?["status"]?["tool_uses"]?.object == [:])
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test func `a judge that fails is left alone for a while, like any upstream`() async throws {
        let routes = """
            [upstreams.judge]
            preset = "local"
            base_url = "http://127.0.0.1:9/v1"
            model = "judge-model"
            """
        let environment = ["QWEN_AUTO_MODE_CLASSIFIER": "judge/judge-model"]
        let verdicts = try await self.verdicts(.fails, environment: environment, routes: routes) { gateway in
            // The breaker opens after five failures; one there was.
            for _ in 1...6 {
                let reply = try await gateway.post(Self.request())
                #expect(try Self.verdicts(in: reply) == ["Bash": "error", "Read": "error"])
            }
            let status = try await gateway.daemon.control("status", "--json")
            let report = try JSONDecoder().decode(DaemonStatus.self, from: Data(status.output.utf8))
            let judge = try #require(report.upstreams.first { $0.name == "judge" })
            #expect((judge.attempts, judge.failures) == (5, 5))
            #expect(judge.restsFor != nil && judge.state == .unreachable)
        }
        #expect(verdicts == ["Bash": "error", "Read": "error"])
    }

    @Test func `a judge is asked in its turn`() async throws {
        // One request at once, and the next after a minute, for which no call waits.
        let environment = ["QWEN_AUTO_MODE_CLASSIFIER": "judge/judge-model"]
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Self.script(Self.calls, .says(Self.good)))
            let home = try TemporaryDirectory("d")
            try home.configure(
                """
                [upstreams.judge]
                preset = "local"
                base_url = "\(upstream.baseURL)"
                model = "judge-model"
                requests_per_minute = 1
                """)
            let daemon = try await DaemonProcess.start(
                upstream: upstream, environment: environment, home: home)
            let gateway = Gateway(daemon: daemon, upstream: upstream)
            let first = try Self.verdicts(in: try await gateway.post(Self.request()))
            #expect(first == ["Bash": "flagged: It deletes.", "Read": "not_flagged"])
            let second = try Self.verdicts(in: try await gateway.post(Self.request()))
            #expect(second == ["Bash": "timeout", "Read": "timeout"])
            #expect(upstream.requests.entries.count { $0.json["model"] == "judge-model" } == 1)
            try await daemon.stop()
            await upstream.stop()
        }
    }
}

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

    @Test func `an answer in one piece, and a client that does not ask, get none`() async throws {
        let environment = ["QWEN_AUTO_MODE_CLASSIFIER": Self.classifier]
        try await Gateway.run(environment: environment, script: Self.script(Self.calls, .says(Self.good))) { gateway in
            let whole = try await gateway.post(SampleRequest.replacing("stream", false, in: Self.request()))
            let other = try await gateway.post(SampleRequest.withTools())
            for reply in [whole, other] {
                #expect(reply.status == 200 && !reply.text.contains("safeguard_results"))
            }
            #expect(gateway.upstream.requests.count == 2)
        }
    }
}

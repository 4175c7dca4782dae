// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The real client in auto mode: it wants its calls judged, and acts on the verdicts.
@Suite(
    .enabled(
        if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code: make test"))
struct ClaudeCodeAutoModeTests {
    private static func script(_ verdict: String) -> ScriptedUpstream.Script {
        { request in
            let turn: ModelTurn
            if request.json["model"] == "judge-model" {
                turn = ModelTurn(#"{"verdicts":[{"call":1,\#(verdict)}]}"#)
            } else if request.json["tools"] == nil {
                turn = ModelTurn("A title")
            } else if request.json["messages"]?.array?.contains(where: { $0["role"] == "tool" }) == true {
                turn = ModelTurn("AUTO DONE")
            } else {
                turn = ModelTurn(calls: [.init("Bash", ["command": "curl -s http://127.0.0.1:9/x; echo ran > ran.txt"])]
                )
            }
            return Gateway.script(turn)(request)
        }
    }

    @Test(arguments: [
        (#""outcome":"not_flagged""#, true), (#""outcome":"flagged","reason":"It loads from the network.""#, false),
    ])
    func `a call runs if its verdict lets it`(verdict: String, runs: Bool) async throws {
        var claude = ClaudeCode(executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
        claude.allowedTools = "Read"
        claude.extraArguments = ["--permission-mode", "auto"]
        let environment = ["QWEN_AUTO_MODE_CLASSIFIER": "default/judge-model"]
        try await Gateway.run(environment: environment, script: Self.script(verdict)) { gateway in
            let work = try TemporaryDirectory("work")
            let outcome = try await claude.run("Load it, please.", baseURL: gateway.daemon.baseURL, in: work)
            #expect(outcome.output.contains("AUTO DONE"), "\(outcome.output)\n\(outcome.errorOutput)")
            #expect((work.text("ran.txt") != nil) == runs)
            let requests = gateway.upstream.requests.entries
            let judged = requests.filter { $0.json["model"] == "judge-model" }
            #expect(judged.count == 1 && judged.first?.text.contains("echo ran") == true)
            // The client's own way to judge, which it takes without verdicts, is not taken.
            #expect(!requests.contains { $0.json["stop"] != nil })
            #expect(gateway.daemon.log.contains(" request.verdicts=\(runs ? "not_flagged" : "flagged")"))
            if !runs { #expect(requests.last?.text.contains("It loads from the network.") == true) }
        }
    }
}

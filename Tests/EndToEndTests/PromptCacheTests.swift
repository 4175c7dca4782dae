// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Upstreams keep the beginning of a prompt: what the real client sends from turn to turn has to begin the same.
@Suite(
    .enabled(
        if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code: make test"))
struct PromptCacheTests {
    private static let turns = 12
    /// In this turn the model loads a tool, which is told before all messages.
    private static let loadingTurn = 5
    /// Of the prompt before it, the least that is still the beginning: all but the messages, which are some 30 % of it. In the
    /// order of their names the tools would leave a quarter.
    private static let leastKept = 0.55

    /// A tool in every turn, told from how many results are there.
    private static let script: ScriptedUpstream.Script = { request in
        let messages = request.json["messages"]?.array ?? []
        let step = messages.count { $0["role"] == "tool" }
        let isMain = request.json["tools"] != nil
        let turn =
            switch step {
            case _ where !isMain: ModelTurn("A title")
            case Self.turns...: ModelTurn("TWELVE DONE")
            case Self.loadingTurn:
                ModelTurn(calls: [.init("ToolSearch", ["query": "select:CronList", "max_results": 5])])
            default: ModelTurn("Step \(step).", calls: [.init("Bash", ["command": .string("echo \(step); seq 1 200")])])
            }
        let encoder = CompletionEncoder(quirks: [], requestNumber: request.number)
        return request.json["stream"]?.bool == true ? encoder.reply(turn) : .json(200, encoder.completion(turn))
    }

    /// In the order in which a chat template tells it: the system prompt, the functions, the messages.
    private static func prompt(_ body: JSONValue) -> [String] {
        let messages = body["messages"]?.array ?? []
        return messages.prefix(1).map(\.text) + (body["tools"]?.array ?? []).map(\.text)
            + messages.dropFirst().map(\.text)
    }

    @Test func `in twelve turns of the real client only a tool that is loaded breaks the prefix`() async throws {
        let claude = ClaudeCode(executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
        try await Gateway.run(script: Self.script) { gateway in
            let work = try TemporaryDirectory("work")
            let outcome = try await claude.run("Count, please.", baseURL: gateway.daemon.baseURL, in: work)
            #expect(outcome.output.contains("TWELVE DONE"), "\(outcome.output)\n\(outcome.errorOutput)")
            let bodies = gateway.upstream.requests.entries.map(\.json).filter { $0["tools"] != nil }
            #expect(bodies.count == Self.turns + 1)
            for (index, (earlier, later)) in zip(bodies, bodies.dropFirst()).enumerated() {
                Self.checkPrefix(of: later, after: earlier, turn: index)
            }
        }
    }

    private static func checkPrefix(of later: JSONValue, after earlier: JSONValue, turn: Int) {
        let (before, after) = (Self.prompt(earlier), Self.prompt(later))
        let length = before.reduce(0) { $0 + $1.utf8.count }
        let common = zip(before, after).prefix { $0 == $1 }.reduce(0) { $0 + $1.0.utf8.count }
        guard turn == Self.loadingTurn else {
            #expect(common == length, "turn \(turn + 2) lost \(length - common) of \(length) bytes")
            return
        }
        let (old, new) = (earlier["tools"]?.array ?? [], later["tools"]?.array ?? [])
        #expect(new.count == old.count + 1)
        #expect(Array(new.prefix(old.count)) == old)
        print("the turn that loads a tool keeps \(100 * common / length) % of the prefix")
        #expect(Double(common) >= Self.leastKept * Double(length))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// The real client does real work: judged by what it prints and leaves behind, and by whether the upstream found
/// anything to object to.
@Suite(
    .enabled(
        if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code: make test"))
struct ClaudeCodeTests {
    struct Run {
        var outcome: ChildProcess.Outcome
        var work: TemporaryDirectory
        var upstream: ScriptedUpstream
        var answer: String { self.outcome.output }
    }

    /// Plays `scenario` and demands what holds for every run: it ended well, and every request was a proper one.
    private func play(
        _ scenario: Scenario, quirks: Set<StreamQuirk> = [], environment: [String: String] = [:],
        validator: ChatCompletionsValidator = ChatCompletionsValidator(), succeeds: Bool = true,
        prepare: (TemporaryDirectory) throws -> Void = { _ in }, check: (Run) throws -> Void
    ) async throws {
        let claude = ClaudeCode(executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
        let model = ScenarioModel(quirks: quirks, validator: validator)
        try await Gateway.run(environment: environment, script: model.reply) { gateway in
            let work = try TemporaryDirectory("work")
            try prepare(work)
            let outcome = try await claude.play(scenario, through: gateway.daemon, in: work)
            #expect(
                (outcome.status == 0) == succeeds, "\(outcome.output)\n\(outcome.errorOutput)\n\(gateway.daemon.log)")
            #expect(model.problems.entries == [])
            try check(Run(outcome: outcome, work: work, upstream: gateway.upstream))
        }
    }

    private func play(
        _ scenario: Scenario, quirks: Set<StreamQuirk> = [], environment: [String: String] = [:],
        answering expected: String
    ) async throws {
        try await self.play(scenario, quirks: quirks, environment: environment) { run in
            #expect(run.answer.contains(expected), "\(run.answer)")
        }
    }

    @Test func `a text`() async throws {
        try await self.play(.text) { run in
            #expect(run.answer == Scenario.greeting + "\n")
        }
    }

    @Test func `a long text, with nothing lost`() async throws {
        try await self.play(.long) { run in
            let words = (0..<600).map { "word\($0) " }.joined()
            #expect(run.answer.contains("LONG-BEGIN \(words)LONG-END"))
        }
    }

    @Test func `a loop of tools, with a file full of traps`() async throws {
        try await self.play(.tools) { run in
            #expect(run.answer.contains("TOOLS DONE"))
            let expected = Scenario.trickyText.replacing("last line", with: "last line, edited ü \\n")
            #expect(run.work.text("out.txt") == expected)
        }
    }

    @Test(arguments: [Scenario.parallel, .tour])
    func `parallel calls, one of which fails`(scenario: Scenario) async throws {
        try await self.play(scenario, check: Self.expectThreeFiles)
    }

    @Test(arguments: StreamQuirk.combinations)
    func `parallel calls from a peculiar upstream`(quirks: Set<StreamQuirk>) async throws {
        // Without a usable index nothing tells the fragments of interleaved calls apart.
        let isSequential = !quirks.isDisjoint(with: [.noIndex, .collidingIndex, .sameIdentifier])
        try await self.play(isSequential ? .parallel : .tour, quirks: quirks, check: Self.expectThreeFiles)
    }

    private static func expectThreeFiles(_ run: Run) {
        #expect(run.answer.contains("PARALLEL DONE with 3 results"), "\(run.answer)")
        #expect(run.work.text("p1.txt") == "one\n")
        #expect(run.work.text("p2.txt") == "two 你好\n")
        #expect(run.work.text("p3.txt") == "three\n")
    }

    @Test(arguments: [[], [StreamQuirk.otherReasoningName, .nullFields]])
    func `reasoning before a call and before the answer`(quirks: [StreamQuirk]) async throws {
        try await self.play(.reasoning, quirks: Set(quirks)) { run in
            #expect(run.answer.contains("REASONING DONE"))
            #expect(!run.answer.contains("One more thought"))
            #expect(run.work.text("r.txt") == "reason\n")
        }
    }

    @Test func `a tool that has to be loaded first`() async throws {
        try await self.play(.deferredTool, answering: "DEFERRED TOOL DONE")
    }

    @Test func `an agent with a conversation of its own`() async throws {
        try await self.play(.agent, answering: "AGENT DONE")
    }

    @Test func `a call without arguments`() async throws {
        try await self.play(.emptyArguments, answering: "EMPTY ARGUMENTS DONE")
    }

    private static func layPicture(in work: TemporaryDirectory) throws {
        try work.write(SampleFiles.png, to: "pic.png")
    }

    private static func layDocument(in work: TemporaryDirectory) throws {
        try work.write(SampleFiles.pdf, to: "doc.pdf")
    }

    @Test func `a picture reaches a model that can see`() async throws {
        try await self.play(
            .image, environment: ["QWEN_MODEL": "qwen3.7-plus"],
            prepare: Self.layPicture
        ) { run in
            #expect(run.answer.contains("IMAGE DONE with 1"), "\(run.answer)")
        }
    }

    @Test func `a picture is described as missing to a model that cannot see`() async throws {
        var blind = ChatCompletionsValidator()
        blind.acceptsImages = false
        try await self.play(.image, validator: blind, prepare: Self.layPicture) {
            run in
            #expect(run.answer.contains("IMAGE DONE with 0"), "\(run.answer)")
        }
    }

    @Test func `a PDF`() async throws {
        try await self.play(.pdf, prepare: Self.layDocument) { run in
            #expect(run.answer.contains("PDF DONE"), "\(run.answer)")
        }
    }

    @Test func `a first byte that takes its time`() async throws {
        try await self.play(.slow, environment: ["QWEN_PING_INTERVAL": "2s"], answering: "SLOW DONE")
    }

    @Test(arguments: [
        Scenario.rateLimitedOnce, .failingOnce, .emptyOnce, .errorInStreamOnce, .errorFirstOnce, .cutInTextOnce,
    ])
    func `trouble that passes is not seen by the user`(scenario: Scenario) async throws {
        try await self.play(scenario) { run in
            #expect(run.answer == "RECOVERED\n", "\(run.answer)")
        }
    }

    @Test func `a call that was cut off runs once, not twice and not never`() async throws {
        try await self.play(.cutInToolOnce) { run in
            #expect(run.answer.contains("CUT DONE"), "\(run.answer)")
            #expect(run.work.text("once.txt") == "once\n")
        }
    }

    @Test(arguments: [Scenario.unauthorized, .quotaExhausted])
    func `what no retry can heal fails at once and says why`(scenario: Scenario) async throws {
        try await self.play(scenario, succeeds: false) { run in
            // The client's own retries take three minutes.
            #expect(run.outcome.duration < .seconds(120))
            #expect(run.upstream.requests.count == 1)
            #expect(run.answer.contains(scenario == .unauthorized ? "Incorrect API key" : "quota"), "\(run.answer)")
        }
    }

    @Test func `a full context is compacted, and the work goes on`() async throws {
        try await self.play(.contextOverflow, answering: "COMPACTION DONE")
    }

    @Test(arguments: [Scenario.leakedCall, .leakedJSONCall])
    func `a call in the model's own form runs`(scenario: Scenario) async throws {
        try await self.play(scenario) { run in
            #expect(run.answer.contains("LEAKED DONE"), "\(run.answer)")
            #expect(run.work.text("leaked.txt") == "leaked\n")
        }
    }

    @Test func `an answer that hits the output limit is continued`() async throws {
        try await self.play(.outputLimit, answering: "THE SECOND HALF")
    }

    @Test func `requests say what they are for`() async throws {
        var claude = ClaudeCode(executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
        claude.extraEnvironment = ["CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1"]
        let client = claude
        try await Gateway.run(script: ScenarioModel().reply) { gateway in
            let work = try TemporaryDirectory("work")
            let outcome = try await client.play(.agent, through: gateway.daemon, in: work)
            #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errorOutput)")
            let status = try await gateway.daemon.control("status", "--json")
            let report = try JSONDecoder().decode(DaemonStatus.self, from: Data(status.output.utf8))
            let classes = (report.requestClasses ?? []).map(\.name)
            #expect(classes.contains("main") && classes.contains("subagent"), "\(classes)")
            #expect(gateway.daemon.log.contains(" agent.type="))
        }
    }
}

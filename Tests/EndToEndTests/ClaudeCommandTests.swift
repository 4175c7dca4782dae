// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `qwenproxyctl claude` with the real client.
@Suite(
    .enabled(
        if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code: make test"))
struct ClaudeCommandTests {
    @Test func `Claude Code reaches the daemon whatever the shell's environment says`() async throws {
        let claude = try #require(ExternalPrograms.claude, "CI has to provide Claude Code")
        let programs = try TemporaryDirectory("bin")
        try FileManager.default.createSymbolicLink(atPath: programs.path("claude"), withDestinationPath: claude)
        try await Gateway.answering(
            ModelTurn("Hello from behind it all."), environment: ["QWEN_LOCAL_API_KEY": "sk-local-secret"]
        ) { gateway in
            let work = try TemporaryDirectory("work")
            var environment = gateway.daemon.environment
            environment["PATH"] = "\(programs.path):/usr/bin:/bin"
            environment["TERM"] = "dumb"
            // Each of these would keep a plain `claude` from the daemon.
            environment["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:1"
            environment["ANTHROPIC_API_KEY"] = "sk-of-another-service"
            environment["ANTHROPIC_AUTH_TOKEN"] = "of-another-service"
            environment["HTTP_PROXY"] = "http://127.0.0.1:1"
            let child = try ChildProcess(
                BuiltProducts.control, ["claude", "-p", "Say hello."], environment: environment, directory: work.path)
            let outcome = try await child.outcome(within: .seconds(120))
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(outcome.output == "Hello from behind it all.\n")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The real client works on while the login under it is renewed.
@Suite(
    .enabled(
        if: ExternalPrograms.claude != nil || ExternalPrograms.isContinuousIntegration, "needs Claude Code: make test"))
struct ClaudeCodeLoginTests {
    /// How the token comes to its end.
    enum End: CaseIterable {
        /// By its own time, which the daemon knows.
        case byTime
        /// The upstream refuses it before that.
        case byRefusal
    }

    @Test(arguments: End.allCases)
    func `a token that ends in mid-conversation is not noticed`(end: End) async throws {
        let executable = try #require(ExternalPrograms.claude, "CI has to provide Claude Code")
        let model = ScenarioModel(quirks: [], validator: ChatCompletionsValidator())
        let old = "Bearer access-0"
        let login = try await Login()
        let upstream = try await ScriptedUpstream.start { request in
            guard request.header("authorization") == old else { return model.reply(to: request) }
            guard request.number == 1 else {
                // What the portal says (qwen-code's issues 3343 and 3435).
                return .error(401, "invalid access token or token expired", code: "invalid_api_key")
            }
            guard end == .byTime else { return model.reply(to: request) }
            // Another program says that the same token ends in three seconds, and the answer takes longer.
            do { try login.write(expiry: 3) } catch { Issue.record(error) }
            return ScriptedReply([.pause(.seconds(4))] + model.reply(to: request).steps)
        }
        try await Gateway.alone {
            let daemon = try await login.daemon(["QWEN_BASE_URL": upstream.baseURL])
            let work = try TemporaryDirectory("work")
            let outcome = try await ClaudeCode(executable: executable).play(.tools, through: daemon, in: work)
            #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errorOutput)\n\(daemon.log)")
            #expect(outcome.output.contains("TOOLS DONE"))
            #expect(model.problems.entries == [])
            #expect(login.server.issued == 1)
            let tokens = upstream.requests.entries.map { $0.header("authorization") ?? "" }
            #expect(Set(tokens) == [old, "Bearer access-1"])
            // Known to have ended, it is not even shown.
            if end == .byTime { #expect(tokens.count { $0 == old } == 1) }
            try await daemon.stop()
            #expect(try login.expectIntegrity(daemon))
            await login.stop()
        }
        await upstream.stop()
    }
}

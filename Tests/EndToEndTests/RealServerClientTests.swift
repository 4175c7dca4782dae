// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The official clients on one end and llama.cpp's own server on the other.
@Suite(
    .enabled(
        if: ExternalPrograms.python != nil && ExternalPrograms.claude != nil
            || ExternalPrograms.isContinuousIntegration,
        "needs the clients and llama.cpp's server: make test"))
struct RealServerClientTests {
    @Test func `the official Python client`() async throws {
        try await RealGateway.run { gateway in
            let count = try await CheckScript.onGateway("anthropic_on_llama.py", of: gateway.daemon).run()
            #expect(count == 6)
        }
    }

    /// One session of Claude Code, prompt after prompt.
    private struct Session {
        let claude: ClaudeCode
        let baseURL: String
        let work: TemporaryDirectory
        let home: TemporaryDirectory

        init(_ gateway: RealGateway) throws {
            self.claude = ClaudeCode(
                executable: try #require(ExternalPrograms.claude, "CI has to provide Claude Code"))
            self.baseURL = gateway.daemon.baseURL
            self.work = try TemporaryDirectory("work")
            self.home = try TemporaryDirectory("home")
        }

        func say(_ prompt: String, continuing: Bool = false) async throws -> ChildProcess.Outcome {
            var claude = self.claude
            if continuing { claude.extraArguments = ["--continue"] }
            return try await claude.run(
                prompt, baseURL: self.baseURL, in: self.work, home: self.home, within: .seconds(240))
        }
    }

    @Test(arguments: LlamaServer.Template.allCases)
    func `Claude Code runs a command that the server's model asks for`(template: LlamaServer.Template) async throws {
        try await RealGateway.run(template, context: 32_768) { gateway in
            let outcome = try await Session(gateway).say("<|call|>")
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)\(gateway.daemon.log)")
            #expect(outcome.output == "Done with it.\n")
        }
    }

    @Test func `a session on a server of 32k survives its first prompt and is compacted when it is full`() async throws
    {
        try await RealGateway.run(context: 32_768) { gateway in
            let session = try Session(gateway)
            // Two of these do not fit beside the client's own prompt.
            let paste = String(repeating: "the file ", count: 4_000)
            for (prompt, isFirst) in [("One: \(paste)", true), ("Two: \(paste)", false), ("And on.", false)] {
                let outcome = try await session.say(prompt, continuing: !isFirst)
                #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)\(gateway.daemon.log)")
                #expect(outcome.output == RealServerTests.greeting + "\n")
            }
            #expect(gateway.daemon.log.contains("prompt is too long"), "nothing had to be compacted")
        }
    }
}

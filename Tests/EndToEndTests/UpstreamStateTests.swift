// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What `status` and `upstream list` say about an upstream after each kind of trouble, and before any.
@Suite struct UpstreamStateTests {
    private static func state(_ gateway: Gateway) async throws -> String? {
        let status = try JSONValue(parsing: try await gateway.daemon.control("status", "--json").output)
        return status["upstreams"]?[0]?["state"]?.string
    }

    @Test(arguments: [
        (503, "overloaded", "failing"), (500, "Internal server error", "failing"), (429, "Slow down", "failing"),
        (401, "Incorrect API key provided.", "refusing"), (400, "max_tokens is too small", "reachable"),
    ])
    func `an upstream that answers is never called unreachable`(status: Int, message: String, state: String)
        async throws
    {
        let script: ScriptedUpstream.Script = { _ in .error(status, message) }
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: script) { gateway in
            #expect(try await Self.state(gateway) == "untried")
            _ = try await gateway.post(SampleRequest.plain())
            #expect(try await Self.state(gateway) == state)
            #expect(try await gateway.daemon.control("upstream", "list").output.contains("unreachable") == false)
        }
    }

    @Test func `one that is not there is unreachable`() async throws {
        let nowhere = ["QWEN_BASE_URL": "http://127.0.0.1:1/v1", "QWEN_MAX_RETRIES": "0"]
        try await Gateway.answering(ModelTurn("never asked"), environment: nowhere) { gateway in
            _ = try await gateway.post(SampleRequest.plain())
            #expect(try await Self.state(gateway) == "unreachable")
            #expect(try await gateway.daemon.control("upstream", "list").output.contains("unreachable"))
        }
    }

    @Test func `one whose first answer still comes is reachable`() async throws {
        let gate = Gate()
        let script: ScriptedUpstream.Script = { _ in
            let frames = CompletionEncoder().writes(ModelTurn("One thing after another."))
            return ScriptedReply(
                [ScriptedReply.eventStreamHead] + frames.prefix(3).map { .chunk($0) } + [.wait(gate)]
                    + frames.dropFirst(3).map { .chunk($0) } + [.endOfChunks])
        }
        try await Gateway.run(script: script) { gateway in
            let client = try await gateway.daemon.connect()
            try await client.send("POST", "/v1/messages", body: SampleRequest.plain().bytes)
            _ = try await client.replyHead()
            var text = ""
            while !text.contains("text_delta"), let piece = try await client.bodyPiece() {
                text += String(decoding: piece, as: UTF8.self)
            }
            #expect(try await Self.state(gateway) == "reachable")
            gate.open()
            while try await client.bodyPiece() != nil {}
        }
    }

    @Test func `no question is asked about a login that is not there`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            // Without a terminal a question would be refused.
            let outcome = try await gateway.daemon.control("logout")
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(outcome.output.hasPrefix("There was no login in "))
            try gateway.daemon.home.makeDirectory(".qwen")
            try gateway.daemon.home.write("{}", to: ".qwen/oauth_creds.json")
            let refused = try await gateway.daemon.control("logout")
            #expect(refused.status == 1)
            #expect(refused.errorOutput.contains("Nothing was removed"))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing

@testable import Gateway

@Suite struct ClientHintsTests {
    private func hints(_ headers: [String: String], model: String = "claude-opus-5-5") -> ClientHints {
        ClientHints(model: model, headers: headers.map { ($0.key, $0.value) })
    }

    @Test(arguments: RequestClass.allCases)
    func `what the client says counts`(requestClass: RequestClass) {
        let headers = ["x-claude-code-request-class": requestClass.rawValue, "x-claude-code-agent-id": "a1"]
        #expect(self.hints(headers, model: "claude-haiku-5-5").requestClass == requestClass)
    }

    @Test(
        arguments: [
            (["x-claude-code-session-id": "s"], "claude-opus-5-5", .main),
            (["x-claude-code-session-id": "s"], "claude-haiku-5-5", .auxiliary),
            (["x-claude-code-session-id": "s", "x-claude-code-agent-id": "a"], "claude-haiku-5-5", .subagent),
            // Any other client.
            ([:], "claude-opus-5-5", nil),
            ([:], "claude-haiku-5-5", nil),
            // A word of a newer client, and a forged one.
            (["x-claude-code-session-id": "s", "x-claude-code-request-class": "dream"], "claude-opus-5-5", nil),
            (["x-claude-code-request-class": "main subagent"], "claude-opus-5-5", nil),
            (["x-claude-code-request-class": ""], "claude-opus-5-5", nil),
            // Upper and lower case are the same.
            (["x-claude-code-request-class": "Side_Reply"], "claude-opus-5-5", .sideReply),
        ] as [([String: String], String, RequestClass?)])
    func `without a word of the client, its other headers tell`(
        headers: [String: String], model: String, expected: RequestClass?,
    ) {
        #expect(self.hints(headers, model: model).requestClass == expected)
    }

    @Test func `the journal gets what was said, and nothing odd or long`() {
        let hints = self.hints([
            "x-claude-code-request-class": "compaction", "x-claude-code-agent-type": "general-purpose",
            "x-claude-code-session-id": "3f2c", "x-claude-code-agent-id": "a\nPRIORITY=0",
            "x-claude-code-parent-agent-id": String(repeating: "p", count: 65), "x-claude-code-compaction": "auto",
            "x-claude-code-context-compacted": "1",
        ])
        #expect(
            hints.journal.map { "\($0.key)=\($0.value)" } == [
                "request.class=compaction", "agent.type=general-purpose", "session.id=3f2c", "request.compaction=auto",
                "request.compacted=true",
            ])
        #expect(self.hints([:]).journal.isEmpty)
        // What is not known here may be a word of a newer client.
        let newer = self.hints([
            "x-claude-code-request-class": "dream", "x-claude-code-auxiliary-type": "title_generation",
        ])
        #expect(
            newer.journal.map { "\($0.key)=\($0.value)" } == [
                "request.class=dream", "request.auxiliary=title_generation",
            ])
    }
}

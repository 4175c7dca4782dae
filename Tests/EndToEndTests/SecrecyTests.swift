// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct SecrecyTests {
    @Test func `the most talkative log tells neither keys nor conversations`() async throws {
        let answer = ModelTurn("the-answer-is-private")
        try await Gateway.answering(answer, environment: ["QWEN_LOG_LEVEL": "trace"]) { gateway in
            let reply = try await gateway.post(
                [
                    "model": "claude-sonnet-5-5", "max_tokens": 9,
                    "messages": [["role": "user", "content": "private-words"]],
                ],
                headers: ["x-api-key": "client-key-is-private"])
            #expect(reply.status == 200)
            let refused = try await gateway.post(["model": "claude-sonnet-5-5", "messages": ["private-words"]])
            #expect(refused.status == 400)
            _ = try await gateway.daemon.stop()
            // `Gateway.run` looks for the upstream's key by itself.
            for words in ["private-words", "the-answer-is-private", "client-key-is-private"] {
                #expect(!gateway.daemon.log.contains(words))
            }
            #expect(gateway.daemon.log.contains("Request completed"))
        }
    }

    @Test func `there is never a core dump`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let limits = try String(contentsOfFile: "/proc/\(daemon.identifier)/limits", encoding: .utf8)
            let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            #expect(core.split(separator: " ").suffix(3).prefix(2) == ["0", "0"])
            try await daemon.stop()
        }
    }
}

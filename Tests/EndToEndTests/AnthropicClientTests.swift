// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The official Python client against the gateway.
@Suite(
    .enabled(
        if: ExternalPrograms.python != nil || ExternalPrograms.isContinuousIntegration,
        "needs the anthropic package: make test"))
struct AnthropicClientTests {
    @Test func `every method, every block and every exception`() async throws {
        let model = ScenarioModel()
        let script: ScriptedUpstream.Script = { request in
            Self.refusal(request) ?? model.reply(to: request)
        }
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: script) { gateway in
            let count = try await CheckScript.onGateway("anthropic_client.py", of: gateway.daemon).run()
            #expect(count >= 12)
            #expect(model.problems.entries == [])
        }
    }

    /// A prompt `refuse with STATUS` is refused with that status.
    private static func refusal(_ request: CapturedRequest) -> ScriptedReply? {
        let content = request.json["messages"]?.array?.last?["content"]?.string ?? ""
        guard content.hasPrefix("refuse with "), let status = Int(content.dropFirst("refuse with ".count)) else {
            return nil
        }
        return .error(status, "Refused as asked.", code: "scripted", type: "scripted")
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The official Python client against the gateway. The script prints one line per check, `ok NAME` or `FAILED NAME`.
@Suite(
    .enabled(
        if: ExternalPrograms.python != nil || ExternalPrograms.isContinuousIntegration,
        "needs the anthropic package: make test"))
struct AnthropicClientTests {
    @Test func `every method, every block and every exception`() async throws {
        let python = try #require(ExternalPrograms.python, "CI has to provide the anthropic package")
        let model = ScenarioModel()
        let script: ScriptedUpstream.Script = { request in
            Self.refusal(request) ?? model.reply(to: request)
        }
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: script) { gateway in
            let home = try TemporaryDirectory("py")
            var environment = DaemonProcess.cleanEnvironment(home: home)
            environment["ANTHROPIC_BASE_URL"] = gateway.daemon.baseURL
            environment["ANTHROPIC_API_KEY"] = "sk-local-test"
            let child = try ChildProcess(python, [Self.script], environment: environment)
            let outcome = try await child.outcome(within: .seconds(120))
            let lines = outcome.output.split(separator: "\n")
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(lines.filter { !$0.hasPrefix("ok ") } == [])
            #expect(lines.count >= 12)
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

    private static var script: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
            + "/Python/anthropic_client.py"
    }
}

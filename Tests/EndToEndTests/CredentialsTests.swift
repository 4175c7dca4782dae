// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The file of the qwen login, changed under the running daemon in all the ways that programs change files.
@Suite struct CredentialsTests {
    @Test func `a login that appears, changes and disappears is followed at once`() async throws {
        let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            let daemon = try await DaemonProcess.start(
                environment: ["QWEN_AUTH": "oauth", "QWEN_BASE_URL": upstream.baseURL, "QWEN_LOG_LEVEL": "debug"],
                home: home)
            let client = try await daemon.connect()

            let none = try await client.post("/v1/messages", SampleRequest.plain())
            #expect(none.status == 401)
            #expect(none.header("x-should-retry") == "false")

            try home.makeDirectory(".qwen")
            try Self.write(token: "token-one", to: home, atomically: true)
            try await Self.expect("Bearer token-one", client, upstream)
            try Self.write(token: "token-two", to: home, atomically: true)
            try await Self.expect("Bearer token-two", client, upstream)
            try Self.write(token: "token-three", to: home, atomically: false)
            try await Self.expect("Bearer token-three", client, upstream)

            let outcome = try await daemon.stop()
            #expect(outcome.status == 0)
            #expect(!outcome.errorOutput.contains("token-"))
        }
        await upstream.stop()
    }

    private static func write(token: String, to home: TemporaryDirectory, atomically: Bool) throws {
        let expiry = Int(Date().timeIntervalSince1970 * 1_000) + 3_600_000
        let text = """
            {"access_token":"\(token)","refresh_token":"r","token_type":"Bearer","resource_url":"portal.qwen.ai","expiry_date":\(expiry)}
            """
        let name = ".qwen/oauth_creds.json"
        guard atomically else {
            try home.write(text, to: name)
            return
        }
        let temporary = try home.write(text, to: ".qwen/oauth_creds.json.tmp")
        guard unsafe rename(temporary, home.path(name)) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// The change is noticed by notification; how long that takes is not ours to say, so requests are repeated until the
    /// upstream sees the token.
    private static func expect(_ authorization: String, _ client: HTTPClient, _ upstream: ScriptedUpstream) async throws
    {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(20) {
            _ = try await client.post("/v1/messages", SampleRequest.plain())
            if upstream.requests.entries.last?.header("authorization") == authorization { return }
        }
        Issue.record("the upstream never saw the new token")
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Credentials

@Suite struct CredentialsFuzzTests {
    @Test func `what is read of a login can be written and read again`() async throws {
        var fuzzing = Fuzzing(
            "credentials",
            seeds: [
                #"{"access_token":"abc","refresh_token":"def","token_type":"Bearer","resource_url":"portal.qwen.ai","expiry_date":1800000000000}"#,
                #"{"access_token":"abc","expiry_date":"2027-01-15T08:00:00.5Z","other":{"a":[1,2.5,true,null]}}"#,
                #"{"access_token":"abc","expires_in":"21600","interval":5}"#,
            ],
            vocabulary: [
                "-1", "1e308", "9223372036854775807", "-9223372036854775808", "0.1", "null", "\"\"", "\\n", "{", "}",
                "[",
                "]", ",", "\"expiry_date\":", "253402300799999", "253402300800000", "9999-12-31T23:59:59Z", "\\ud800",
            ])
        try await fuzzing.run { input in
            // Numbers of a server take the same way.
            let reply = AuthorizationServerReply(status: 200, body: input)
            for key in ["expires_in", "interval", "expiry_date"] { _ = reply.seconds(key) }
            guard let credentials = try? OAuthCredentials(json: input) else { return }
            let again = try OAuthCredentials(json: credentials.json())
            #expect(again.json() == credentials.json())
        }
    }
}

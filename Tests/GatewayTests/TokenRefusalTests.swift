// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Gateway

@Suite struct TokenRefusalTests {
    private func refuses(_ status: Int, _ code: String, _ message: String) -> Bool {
        let body = #"{"error":{"code":"\#(code)","message":"\#(message)"}}"#
        return UpstreamFailure(status: status, contentType: "application/json", body: Array(body.utf8)).refusesToken
    }

    @Test func `a token that is not valid any more can be renewed`() {
        // What the portal and the plans say.
        #expect(self.refuses(401, "invalid_api_key", "invalid access token or token expired"))
        #expect(self.refuses(401, "", "Unauthorized"))
        #expect(self.refuses(403, "", "Forbidden"))
        // Inside a stream that began with 200.
        #expect(self.refuses(200, "invalid_api_key", "invalid access token or token expired"))
    }

    @Test(arguments: [
        (403, "AllocationQuota.FreeTierOnly", "The free tier of the model has been exhausted."),
        (403, "insufficient_quota", "You exceeded your current quota"),
        (403, "access_denied", "Access denied."),
        (403, "Model.AccessDenied", "Model access denied."),
        (429, "insufficient_quota", "Free allocated quota exceeded."),
        (400, "Arrearage", "Access denied, please make sure your account is in good standing."),
        (500, "internal_error", "An internal error has occured"),
    ])
    func `a quota, a missing right or trouble has nothing to do with the token`(
        status: Int, code: String, message: String
    ) {
        #expect(!self.refuses(status, code, message))
    }
}

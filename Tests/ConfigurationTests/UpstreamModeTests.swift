// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct UpstreamModeTests {
    private func selection(
        _ authentication: UpstreamSelection.Authentication,
        key: Bool = false,
        url: String? = nil,
        trusting: [String] = [],
    ) -> UpstreamSelection {
        UpstreamSelection(
            authentication: authentication, apiKey: key ? Secret("k") : nil, baseURL: url, credentialsPath: "/c",
            trustedHosts: TrustedHosts(additional: trusting))
    }

    @Test func `auto prefers the key, then the credentials file, then an open upstream, then the demo`() {
        let url = "http://127.0.0.1:8000/v1"
        #expect(
            self.selection(.auto, key: true, url: url).mode(credentialsFileExists: true)
                == .apiKey(Secret("k"), baseURL: url))
        #expect(self.selection(.auto).mode(credentialsFileExists: true) == .oauth(path: "/c", baseURL: nil))
        #expect(self.selection(.auto, url: url).mode(credentialsFileExists: true) == .oauth(path: "/c", baseURL: url))
        #expect(self.selection(.auto, url: url).mode(credentialsFileExists: false) == .open(baseURL: url))
        #expect(self.selection(.auto).mode(credentialsFileExists: false) == .demo)
    }

    @Test func `auto never sends the token of a forgotten file to a foreign address`() {
        let url = "https://api.example.com/v1"
        #expect(self.selection(.auto, url: url).mode(credentialsFileExists: true) == .open(baseURL: url))
        let trusting = self.selection(.auto, url: url, trusting: ["api.example.com"])
        #expect(trusting.mode(credentialsFileExists: true) == .oauth(path: "/c", baseURL: url))
        let near = "http://192.168.1.5/v1"
        #expect(self.selection(.auto, url: near).mode(credentialsFileExists: true) == .open(baseURL: near))
    }

    @Test func `what was asked for is done, whatever else there is`() {
        let url = "https://portal.qwen.ai/v1"
        #expect(
            self.selection(.oauth, key: true).mode(credentialsFileExists: false) == .oauth(path: "/c", baseURL: nil))
        #expect(self.selection(.none, key: true, url: url).mode(credentialsFileExists: true) == .open(baseURL: url))
        #expect(self.selection(.demo, key: true, url: url).mode(credentialsFileExists: true) == .demo)
    }

    @Test func `a combination that cannot work is refused`() {
        #expect(self.selection(.auto, key: true).objection() == .apiKeyWithoutBaseURL)
        #expect(self.selection(.apiKey, key: true).objection() == .apiKeyWithoutBaseURL)
        #expect(self.selection(.apiKey, url: "https://x/v1").objection() == .noAPIKey)
        #expect(self.selection(.none).objection() == .openWithoutBaseURL)
        #expect(
            self.selection(.oauth, url: "https://x.example/v1").objection() == .untrustedHost("https://x.example/v1"))
        #expect(self.selection(.oauth, url: "http://portal.qwen.ai/v1").objection() != nil)
        #expect(self.selection(.oauth, url: "https://portal.qwen.ai/v1").objection() == nil)
        #expect(self.selection(.auto).objection() == nil)
        #expect(self.selection(.demo).objection() == nil)
    }
}

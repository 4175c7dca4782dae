// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct SecretTests {
    let secret = Secret("sk-hidden")

    @Test func `no way of printing shows it`() {
        var dumped = ""
        dump(self.secret, to: &dumped)
        dump([self.secret], to: &dumped)
        var configuration = Configuration()
        configuration.upstream.apiKey = self.secret
        configuration.mode = .apiKey(self.secret, baseURL: "u")
        configuration.upstream.headers = [UpstreamHeader(name: "X", value: self.secret)]
        dump(configuration, to: &dumped)
        let texts = [
            "\(self.secret)", String(describing: self.secret), String(reflecting: self.secret), "\([self.secret])",
            "\(Optional(self.secret) as Any)", "\(configuration)", String(reflecting: configuration), dumped,
        ]
        #expect(texts.allSatisfy { !$0.contains("hidden") })
        #expect(self.secret.reveal() == "sk-hidden")
    }

    @Test func `it matches only itself`() {
        #expect(self.secret.matches("sk-hidden"))
        for other in ["", "sk-hidde", "sk-hidden1", "sk-hiddensk-hidden", "Sk-hidden"] {
            #expect(!self.secret.matches(other))
        }
        #expect(!Secret("").matches(""))
    }
}

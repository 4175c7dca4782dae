// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Credentials

@Suite struct CredentialStoreTests {
    let directory: TemporaryDirectory

    init() throws {
        self.directory = try TemporaryDirectory("c")
    }

    private func store(_ change: (inout Configuration) -> Void = { _ in }) -> (CredentialStore, ConfigurationStore) {
        var configuration = Configuration()
        configuration.oauth.directory = self.directory.path
        change(&configuration)
        let configurations = ConfigurationStore(configuration)
        return (CredentialStore(configuration: configurations, now: { Moment(1000) }), configurations)
    }

    private func writeToken(_ token: String) throws {
        try self.directory.replace(
            "oauth_creds.json", with: "{\"access_token\": \"\(token)\", \"expiry_date\": 2000000}")
    }

    @Test func `the file's token is there at once, and the next one after a reload`() async throws {
        try self.writeToken("one")
        let (store, _) = self.store()
        #expect(try await store.authorization().bearer == Secret("one"))
        try self.writeToken("two")
        #expect(try await store.authorization().bearer == Secret("one"))
        store.reload()
        #expect(
            try await store.authorization()
                == .init(kind: .oauth, baseURL: "https://portal.qwen.ai/v1", bearer: Secret("two")))
        #expect(store.mode == .oauth(path: self.directory.path + "/oauth_creds.json", baseURL: nil))
    }

    @Test func `without anything it is the demo, and says so`() async throws {
        let (store, _) = self.store()
        #expect(store.status() == .demo)
        await #expect(throws: CredentialError.noUpstream) { try await store.authorization() }
    }

    @Test func `a new configuration counts after the reload`() async throws {
        let (store, configurations) = self.store()
        var configuration = configurations.current
        configuration.upstream.apiKey = Secret("k")
        configuration.upstream.baseURL = "https://x/v1"
        configurations.replace(configuration)
        store.reload()
        #expect(try await store.authorization() == .init(kind: .apiKey, baseURL: "https://x/v1", bearer: Secret("k")))
        #expect(store.status() == .apiKey(baseURL: "https://x/v1"))
    }
}

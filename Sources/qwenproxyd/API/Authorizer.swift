// SPDX-License-Identifier: Apache-2.0

/// Where the next request goes: to the upstream that the credentials are for, or to the embedded demo where there is none.
struct Authorizer: Sendable {
    let credentials: CredentialStore
    let demo: DemoServer

    func authorization() async throws(CredentialError) -> UpstreamAuthorization {
        do throws(CredentialError) {
            return try await self.credentials.authorization()
        } catch .noUpstream {
            guard let baseURL = await self.demo.baseURL() else { throw .noUpstream }
            return UpstreamAuthorization(kind: .demo, baseURL: baseURL, bearer: nil)
        }
    }
}

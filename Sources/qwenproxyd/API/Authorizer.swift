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

    /// The upstream answered a request with `authorization`.
    func accepted(_ authorization: UpstreamAuthorization) {
        self.credentials.accepted(authorization)
    }

    /// After the upstream refused the token of `authorization`: whether there is another one to try, for which a refresh
    /// is awaited if need be. At most once for each request.
    func renewed(afterRefusalOf authorization: UpstreamAuthorization) async -> Bool {
        await self.credentials.renewed(afterRefusalOf: authorization)
    }
}

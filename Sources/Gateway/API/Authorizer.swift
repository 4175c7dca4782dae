// SPDX-License-Identifier: Apache-2.0

import Configuration
package import Credentials

/// What a request to one upstream needs: its address and what proves that we may ask. Where nothing is configured, the
/// embedded demo stands in.
package struct Authorizer: Sendable {
    private let credentials: CredentialStore
    private let demo: @Sendable () async -> String?

    /// - Parameter demo: starts the demo upstream if need be, and returns its base URL; nil when that is not possible.
    package init(credentials: CredentialStore, demo: @escaping @Sendable () async -> String?) {
        self.credentials = credentials
        self.demo = demo
    }

    func authorization(for upstream: UpstreamDefinition) async throws(CredentialError) -> UpstreamAuthorization {
        switch upstream.access {
        case .key(let key, _, let baseURL):
            return UpstreamAuthorization(kind: .apiKey, baseURL: baseURL, bearer: key)
        case .open(let baseURL):
            return UpstreamAuthorization(kind: .open, baseURL: baseURL, bearer: nil)
        case .credentials(_, loginOnly: false):
            return try await self.authorizationOrDemo()
        case .credentials(let baseURL, loginOnly: true):
            // What else the store has is another upstream's, and must not go here.
            var authorization = try await self.credentials.authorization()
            guard authorization.kind == .oauth else { throw .noUpstream }
            if let baseURL { authorization.baseURL = baseURL }
            return authorization
        }
    }

    private func authorizationOrDemo() async throws(CredentialError) -> UpstreamAuthorization {
        do throws(CredentialError) {
            return try await self.credentials.authorization()
        } catch .noUpstream {
            // Only then: a key or a login that does not work has to be told, and not hidden by the demo.
            guard let baseURL = await self.demo() else { throw .noUpstream }
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

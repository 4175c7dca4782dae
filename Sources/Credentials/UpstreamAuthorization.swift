// SPDX-License-Identifier: Apache-2.0

package import Configuration

/// Where a request goes, and what proves that it may.
package struct UpstreamAuthorization: Sendable, Equatable {
    /// What kind of proof it is.
    package enum Kind: Sendable, Equatable {
        /// The login of qwen-code. Its free tier ended on 2026-04-15.
        case oauth
        case apiKey
        /// A server that wants no key.
        case open
        case demo
    }

    /// What the bearer is, so that an error can say what to do about it.
    package var kind: Kind
    /// Without a trailing slash.
    package var baseURL: String
    /// Nil for an upstream that wants no credentials.
    package var bearer: Secret?

    package init(kind: Kind, baseURL: String, bearer: Secret? = nil) {
        self.kind = kind
        self.baseURL = baseURL
        self.bearer = bearer
    }
}

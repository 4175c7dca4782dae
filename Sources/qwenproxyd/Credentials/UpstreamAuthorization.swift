// SPDX-License-Identifier: Apache-2.0

/// Where a request goes, and what proves that it may.
struct UpstreamAuthorization: Sendable, Equatable {
    /// What the bearer is, so that an error can say what to do about it.
    var kind: UpstreamIdentity.Kind
    var baseURL: String
    /// Nil for an upstream that wants no credentials.
    var bearer: Secret?
}

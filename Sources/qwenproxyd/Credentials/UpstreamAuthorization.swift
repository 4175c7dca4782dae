// SPDX-License-Identifier: Apache-2.0

/// Where a request goes, and what proves that it may.
struct UpstreamAuthorization: Sendable, Equatable {
    var baseURL: String
    /// Nil for an upstream that wants no credentials.
    var bearer: Secret?
}

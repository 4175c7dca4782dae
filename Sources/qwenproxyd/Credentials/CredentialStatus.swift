// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// What we have to show to the upstream, for `qwenproxyctl status`.
enum CredentialStatus: Sendable, Equatable {
    case missing(path: String)
    /// `expiresAt` is nil when the file does not say.
    case valid(path: String, modified: Date, expiresAt: Date?, baseURL: String)
    case expired(path: String, modified: Date, expiredAt: Date)
    case invalid(path: String, reason: String)
    case apiKey(baseURL: String)
    /// The upstream wants no credentials.
    case none(baseURL: String)
    /// There is no upstream.
    case demo
}

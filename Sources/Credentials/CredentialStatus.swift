// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What we have to show to the upstream, for `qwenproxyctl status`.
package enum CredentialStatus: Sendable, Equatable {
    case missing(path: String)
    /// `expiresAt` is nil when the file does not say.
    case valid(path: String, modified: Date, expiresAt: Date?, baseURL: String)
    /// A new token is being asked for.
    case refreshing(path: String, expiresAt: Date?, baseURL: String)
    /// `trouble` says why there is no new token yet, if one was asked for.
    case expired(path: String, modified: Date, expiredAt: Date, trouble: String?)
    /// The login is dead, or the upstream does not take its token. Until `usableUntil` requests may still work.
    case refused(path: String, reason: String, usableUntil: Date?)
    case invalid(path: String, reason: String)
    case apiKey(baseURL: String)
    /// The upstream wants no credentials.
    case none(baseURL: String)
    /// There is no upstream.
    case demo

    /// What is wrong and what to do, if anything is.
    package var problem: String? {
        switch self {
        case .missing(let path): CredentialError.missing(path: path).description
        case .expired(let path, _, _, let trouble?):
            CredentialError.unavailable(path: path, reason: trouble, retryAfter: .zero).description
        case .expired(let path, _, let expiredAt, nil): CredentialError.expired(path: path, at: expiredAt).description
        case .refused(let path, let reason, _): CredentialError.refused(path: path, reason: reason).description
        case .invalid(let path, let reason): CredentialError.invalid(path: path, reason: reason).description
        case .valid, .refreshing, .apiKey, .none, .demo: nil
        }
    }

    /// Whether a request that comes now has a chance, as far as can be known without asking.
    package var isUsable: Bool {
        switch self {
        case .valid, .refreshing, .apiKey, .none, .demo: true
        case .refused(_, _, let usableUntil): usableUntil != nil
        case .missing, .expired, .invalid: false
        }
    }
}

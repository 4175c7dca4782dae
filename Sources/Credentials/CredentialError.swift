// SPDX-License-Identifier: Apache-2.0

import Configuration
package import FoundationEssentials

/// Why there is no authorization for a request. The description says what the user can do about it.
package enum CredentialError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no upstream at all.
    case noUpstream
    /// Whoever asked does not wait any more.
    case cancelled
    /// There is an upstream, and it is used without a login.
    case noLogin
    case missing(path: String)
    case invalid(path: String, reason: String)
    case expired(path: String, at: Date)
    /// The login is not accepted any more.
    case refused(path: String, reason: String)
    /// The token has expired, and just now there is no new one. This can heal by itself.
    case unavailable(path: String, reason: String, retryAfter: Duration)

    package var description: String {
        switch self {
        case .noUpstream:
            "No upstream is configured. Set QWEN_BASE_URL and QWEN_API_KEY (or [upstream] in config.toml); "
                + "QWEN_BASE_URL takes a URL or the name of a preset (`qwenproxyctl upstream add --help`)."
        case .noLogin:
            "No Qwen login is in use: the upstream takes an API key, or nothing at all."
        case .cancelled:
            "The request was cancelled."
        case .missing(let path):
            "There is no credentials file \(path). \(LoginAdvice.text)"
        case .invalid(let path, let reason):
            "The credentials file \(path) cannot be used: \(reason). \(LoginAdvice.text)"
        case .expired(let path, let date):
            "The access token in \(path) expired at \(date.formatted(.iso8601)). \(LoginAdvice.text)"
        case .refused(let path, let reason):
            "The login in \(path) is not accepted any more (\(reason)). \(LoginAdvice.text)"
        case .unavailable(let path, let reason, _):
            "The access token in \(path) has expired and could not be refreshed (\(reason)). "
                + "This is tried again by itself; `qwenproxyctl token refresh` tries it now."
        }
    }
}

/// What to do when the Qwen login is of no use: the same words in the status, in the log and in what a client is told.
package enum LoginAdvice {
    /// One or two sentences for the user.
    package static let text = "Log in again with `qwenproxyctl login`. " + Self.closedTier

    /// Since then the model API refuses the tokens that a login still brings.
    static let closedTier =
        "Qwen's free OAuth tier was closed in April 2026, so a new login may not help: then use an API key, with "
        + "`qwenproxyctl upstream add` or with QWEN_API_KEY and QWEN_BASE_URL."
}

// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Why there is no authorization for a request. The description says what the user can do about it.
enum CredentialError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no upstream at all.
    case noUpstream
    case missing(path: String)
    case invalid(path: String, reason: String)
    case expired(path: String, at: Date)

    var description: String {
        switch self {
        case .noUpstream:
            "No upstream is configured. Set QWEN_BASE_URL and QWEN_API_KEY (or [upstream] in config.toml); "
                + "QWEN_BASE_URL takes a URL or one of \(Preset.list)."
        case .missing(let path):
            "There is no credentials file \(path). \(Self.advice)"
        case .invalid(let path, let reason):
            "The credentials file \(path) cannot be used: \(reason). \(Self.advice)"
        case .expired(let path, let date):
            "The access token in \(path) expired at \(date.formatted(.iso8601)). \(Self.advice)"
        }
    }

    /// The free tier behind the OAuth login ended on 2026-04-15, so sending somebody to log in again is no help.
    private static let advice =
        "Qwen's free OAuth tier was closed in April 2026 and a new login is unlikely to work: "
        + "use an API key instead (QWEN_API_KEY and QWEN_BASE_URL)."
}

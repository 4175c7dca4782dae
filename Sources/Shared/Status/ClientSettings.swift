// SPDX-License-Identifier: Apache-2.0

/// What Claude Code has to be told to use this daemon. Holds the local key, so it is for its user's eyes only.
public struct ClientSettings: Codable, Sendable, Equatable {
    /// What clients present when no key is asked for: they insist on having one.
    public static let placeholderKey = "sk-local-proxy-key"

    /// For `ANTHROPIC_BASE_URL`.
    public var baseURL: String
    /// For `ANTHROPIC_AUTH_TOKEN`.
    public var apiKey: String

    public init(baseURL: String, apiKey: String = Self.placeholderKey) {
        self.baseURL = baseURL
        self.apiKey = apiKey
    }
}

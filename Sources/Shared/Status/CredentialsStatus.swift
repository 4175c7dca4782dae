// SPDX-License-Identifier: Apache-2.0

/// What the daemon has to show to its upstream; never the secret itself.
public struct CredentialsStatus: Codable, Sendable, Equatable {
    /// How the login is.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// There is no credentials file.
        case missing
        case valid
        /// A new token is being asked for.
        case refreshing
        case expired
        /// The login is not accepted any more; `detail` says why. It may work until `expiresAt`.
        case refused
        /// There is a file, and it cannot be used; `detail` says why.
        case invalid
        /// An API key, which does not expire.
        case apiKey
        /// The upstream needs none.
        case none
        case demo
    }

    /// How the login is.
    public var state: State
    /// One sentence for people: what is wrong and what to do.
    public var detail: String?
    /// The file of the login.
    public var path: String?
    /// When the access token ends.
    public var expiresAt: Timestamp?

    public init(state: State, detail: String? = nil, path: String? = nil, expiresAt: Timestamp? = nil) {
        self.state = state
        self.detail = detail
        self.path = path
        self.expiresAt = expiresAt
    }
}

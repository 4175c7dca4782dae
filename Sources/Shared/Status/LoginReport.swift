// SPDX-License-Identifier: Apache-2.0

/// How a login goes on. It never holds a token.
public struct LoginReport: Codable, Sendable, Equatable {
    /// How far the login has come.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// The user has to confirm.
        case waiting
        case done
    }

    /// How far the login has come.
    public var state: State
    /// While waiting: the page to open, and what to enter there.
    public var verificationURI: String?
    /// The same page with the code in it, where the server offers that.
    public var verificationURIComplete: String?
    /// What the user enters on the page.
    public var userCode: String?
    /// While waiting, of the code; then of the access token.
    public var expiresAt: Timestamp?
    /// When done: the file that holds the login.
    public var path: String?
    /// When done: whether requests use it, or the configuration says otherwise.
    public var inUse: Bool?

    public init(
        state: State, verificationURI: String? = nil, verificationURIComplete: String? = nil, userCode: String? = nil,
        expiresAt: Timestamp? = nil, path: String? = nil, inUse: Bool? = nil,
    ) {
        self.state = state
        self.verificationURI = verificationURI
        self.verificationURIComplete = verificationURIComplete
        self.userCode = userCode
        self.expiresAt = expiresAt
        self.path = path
        self.inUse = inUse
    }
}

/// What a logout did.
public struct LogoutReport: Codable, Sendable, Equatable {
    /// The file of the login.
    public var path: String
    /// False when there was none.
    public var removed: Bool

    public init(path: String, removed: Bool) {
        self.path = path
        self.removed = removed
    }
}

// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials

/// What we know about renewing the one login: whether a request wants it, whether it is of any use, what came of the last
/// attempts. A pure value, part of `CredentialStateMachine`.
struct TokenRenewal: Sendable {
    /// What is to be replaced.
    struct Order: Sendable, Equatable {
        var path: String
        /// The token in use when the renewal was decided.
        var accessToken: Secret
        /// What could not be saved after the last renewal, and is newer than the file.
        var unsaved: Unsaved?
    }

    /// How a renewal ended. The file has been read again since.
    enum Outcome: Sendable, Equatable {
        case granted(TokenGrant, unsaved: Unsaved?, problem: CredentialsFile.WriteFailure?)
        /// Another program has put a different token into the file.
        case replaced
        /// There is no file any more, or none that could be used.
        case vanished
        case rejected(refreshToken: Secret, reason: RenewalReason)
        case failed(reason: RenewalReason, retryAfter: Duration?)
    }

    /// A grant that could not be written: the file still holds the used refresh token.
    struct Unsaved: Sendable, Equatable {
        var credentials: OAuthCredentials
        /// The one in the file.
        var refreshToken: Secret

        func replaces(_ found: OAuthCredentials) -> Bool { found.refreshToken == self.refreshToken }
    }

    /// What the server said about the token in use, when it was we who asked.
    struct Grant: Sendable, Equatable {
        var accessToken: Secret
        var lifetime: Duration
        var receivedAt: ContinuousClock.Instant
        /// An upstream has answered a request with it.
        var isAccepted = false
    }

    struct Rejection: Sendable, Equatable {
        var refreshToken: Secret
        var reason: String
    }

    /// Attempts that failed since the last that did not.
    struct Trouble: Sendable, Equatable {
        var reason: String
        var failures: Int
        var notBefore: ContinuousClock.Instant
    }

    /// Between two renewals, whatever their reason: a server that hands out dead tokens must not be asked in a loop.
    static let spacing: Duration = .seconds(5)
    /// Before a token that was refused although it had just been granted is renewed again.
    static let pointlessSpacing: Duration = .seconds(600)
    private static let longestPause: Duration = .seconds(60)

    private(set) var isRunning = false
    private(set) var isWanted = false
    private(set) var grant: Grant?
    private(set) var unsaved: Unsaved?
    private(set) var rejection: Rejection?
    private(set) var trouble: Trouble?
    /// The access token that the upstream refused last.
    private(set) var refusedToken: Secret?
    /// How many have ended, for the requests that wait for one.
    private(set) var ended = 0
    private(set) var lastOutcome: Outcome?

    mutating func want() { self.isWanted = true }

    /// By order of the user: what was learnt about the login is put to the test again.
    mutating func force() {
        self.isWanted = true
        self.rejection = nil
        self.trouble = nil
    }

    mutating func began() {
        self.isRunning = true
        self.isWanted = false
    }

    mutating func ended(_ outcome: Outcome, at now: ContinuousClock.Instant) {
        self.isRunning = false
        self.isWanted = false
        self.ended += 1
        self.lastOutcome = outcome
        switch outcome {
        case .granted(let grant, let unsaved, _):
            self.grant = Grant(accessToken: grant.accessToken, lifetime: grant.lifetime, receivedAt: now)
            self.unsaved = unsaved
            self.trouble = nil
            self.rejection = nil
        case .replaced, .vanished:
            self.trouble = nil
        case .rejected(let refreshToken, let reason):
            self.rejection = Rejection(refreshToken: refreshToken, reason: reason.outline)
            self.trouble = nil
        case .failed(let reason, let retryAfter):
            let failures = (self.trouble?.failures ?? 0) + 1
            // The exponent is bounded before the shift, which would trap for large ones.
            let pause = min(.seconds(1 << min(failures, 6)), Self.longestPause)
            // A server's word, but an hour at most: it may be a mistake.
            let wanted = min(retryAfter ?? .zero, .seconds(3600))
            self.trouble = Trouble(reason: reason.outline, failures: failures, notBefore: now + max(pause, wanted))
        }
    }

    /// There is nothing to renew any more.
    mutating func abandoned() {
        guard self.isWanted, !self.isRunning else { return }
        self.isWanted = false
        self.ended += 1
        self.lastOutcome = .vanished
    }

    /// The upstream answered a request with `token`.
    mutating func accepted(_ token: Secret) {
        if self.grant?.accessToken == token { self.grant?.isAccepted = true }
        if self.refusedToken == token { self.refusedToken = nil }
    }

    mutating func refused(_ token: Secret) { self.refusedToken = token }

    /// Whether asking the server for a replacement of `token` is allowed now.
    func mayReplace(_ token: Secret, refreshToken: Secret?, at now: ContinuousClock.Instant) -> Bool {
        guard let refreshToken, self.rejection?.refreshToken != refreshToken else { return false }
        if let trouble = self.trouble, now < trouble.notBefore { return false }
        guard let grant = self.grant, grant.accessToken == token else { return true }
        let isPointless = self.refusedToken == token && !grant.isAccepted
        return grant.receivedAt.duration(to: now) >= (isPointless ? Self.pointlessSpacing : Self.spacing)
    }

    /// What there is in place of a file that could not be written.
    func current(_ found: OAuthCredentials) -> OAuthCredentials {
        if let unsaved = self.unsaved, unsaved.replaces(found) { return unsaved.credentials }
        return found
    }
}

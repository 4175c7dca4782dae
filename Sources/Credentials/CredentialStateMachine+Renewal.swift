// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials

extension CredentialStateMachine {
    /// How long before its end a token is not used any more for a new request: `qwen`'s own figure.
    private static let reserve: Duration = .seconds(30)
    /// The longest pause before the next look, because the wall clock can be set at any time.
    private static let lookInterval: Duration = .seconds(60)

    /// What a token that has been loaded is worth.
    private enum Worth {
        case good
        /// It ends within moments.
        case ending
        case ended
    }

    enum RenewalDue: Sendable, Equatable {
        /// `renewalEnded` must follow.
        case start(TokenRenewal.Order)
        case wait(Duration)
    }

    mutating func tokenWanted(of loaded: Loaded, at now: Moment) -> TokenAction {
        let token = loaded.authorization.bearer
        let worth = self.worth(of: loaded, at: now)
        if worth == .good {
            // Joining costs a moment; the token that is being replaced because it was refused costs the request.
            let isRefused = self.renewal.isRunning && token != nil && self.renewal.refusedToken == token
            return isRefused ? .await : .deliver(loaded.authorization)
        }
        if self.renewal.isRunning { return .await }
        if self.mayRenew(loaded, at: now) {
            self.renewal.want()
            return .await
        }
        // Also a token that was dead when it was handed out: the upstream may see that differently.
        if worth == .ending || self.wasJustGranted(loaded, at: now) { return .deliver(loaded.authorization) }
        return .fail(self.failure(of: loaded, at: now))
    }

    /// After the upstream refused `token`: what a request that was made with it can do.
    mutating func tokenRefused(_ token: Secret, at now: Moment) -> TokenAction? {
        guard case .loaded(let loaded) = self.state(at: now.wall) else { return nil }
        // A newer token is there already: the refusal was about the old one.
        guard loaded.authorization.bearer == token else { return .deliver(loaded.authorization) }
        self.renewal.refused(token)
        if self.renewal.isRunning { return .await }
        guard self.mayRenew(loaded, at: now) else { return nil }
        self.renewal.want()
        return .await
    }

    /// By order of the user. Nil when there is nothing to renew.
    mutating func renewalForced(at now: Moment) -> CredentialError? {
        let path = self.selection.credentialsPath
        switch self.state {
        case .loaded(let loaded):
            guard self.canRenew, loaded.refreshToken != nil else {
                return .invalid(path: path, reason: "it holds no refresh token")
            }
            // One that runs already is as good as another.
            if !self.renewal.isRunning { self.renewal.force() }
            return nil
        case .invalid(let reason): return .invalid(path: path, reason: reason)
        case .missing: return .missing(path: path)
        case .fixed, .demo: return .noLogin
        }
    }

    /// No task carries renewals out any more, so no request may go on waiting for one.
    mutating func renewalsStopped(at now: Moment) {
        self.canRenew = false
        guard self.renewal.isWanted || self.renewal.isRunning else { return }
        self.renewal.ended(.failed(reason: "qwenproxyd is stopping", retryAfter: nil), at: now.steady)
    }

    /// `margin` is how long before its end a token is renewed at the latest, when nothing else asks for it; the jitter makes
    /// up to three times that of it.
    mutating func renewalDue(at now: Moment, margin: Duration) -> RenewalDue {
        // A login that is of no use by itself is renewed when the user asks for just that.
        let state = self.renewal.isWanted ? self.state : self.state(at: now.wall)
        guard case .loaded(let loaded) = state, let token = loaded.authorization.bearer, !self.renewal.isRunning
        else { return .wait(Self.lookInterval) }
        guard self.renewal.isWanted || self.mayRenew(loaded, at: now) else { return .wait(self.pause(at: now)) }
        // Of a short life at most the last quarter, or a new token would be renewed at once.
        let early = min(margin * (1 + 2 * self.jitter), self.lifetime(of: loaded).map { $0 / 4 } ?? margin)
        let remaining = self.remaining(of: loaded, at: now)
        if let remaining, remaining > early, !self.renewal.isWanted {
            return .wait(min(remaining - early, Self.lookInterval))
        }
        // Where the file names no end, the upstream's refusal will.
        guard self.renewal.isWanted || remaining != nil else { return .wait(Self.lookInterval) }
        self.renewal.began()
        return .start(
            TokenRenewal.Order(
                path: self.selection.credentialsPath, accessToken: token, unsaved: self.renewal.unsaved))
    }

    func status(at now: Moment) -> CredentialStatus {
        let path = self.selection.credentialsPath
        switch self.state(at: now.wall) {
        case .fixed(let authorization):
            return authorization.bearer == nil
                ? .none(baseURL: authorization.baseURL) : .apiKey(baseURL: authorization.baseURL)
        case .demo: return .demo
        case .missing: return .missing(path: path)
        case .invalid(let reason): return .invalid(path: path, reason: reason)
        case .loaded(let loaded): return self.status(of: loaded, at: now)
        }
    }

    private func status(of loaded: Loaded, at now: Moment) -> CredentialStatus {
        let path = self.selection.credentialsPath
        let hasEnded = self.worth(of: loaded, at: now) == .ended
        if self.renewal.isRunning || self.renewal.isWanted {
            return .refreshing(path: path, expiresAt: loaded.expiry, baseURL: loaded.authorization.baseURL)
        }
        if let rejection = self.renewal.rejection, rejection.refreshToken == loaded.refreshToken {
            return .refused(path: path, reason: rejection.reason, usableUntil: hasEnded ? nil : loaded.expiry)
        }
        if let token = self.renewal.refusedToken, token == loaded.authorization.bearer {
            return .refused(path: path, reason: "the upstream refuses its token", usableUntil: nil)
        }
        if hasEnded {
            return .expired(
                path: path, modified: loaded.modified, expiredAt: loaded.expiry ?? now.wall,
                trouble: self.renewal.trouble?.reason)
        }
        return .valid(
            path: path, modified: loaded.modified, expiresAt: loaded.expiry, baseURL: loaded.authorization.baseURL)
    }

    // MARK: - Judging a token

    private func worth(of loaded: Loaded, at now: Moment) -> Worth {
        guard let remaining = self.remaining(of: loaded, at: now) else { return .good }
        if remaining <= .zero { return .ended }
        // A token that lives for less than the reserve would never be good.
        let reserve = min(Self.reserve, self.lifetime(of: loaded).map { $0 / 4 } ?? Self.reserve)
        return remaining <= reserve ? .ending : .good
    }

    /// By the wall clock, and by our own when it was we who got the token: of the two the shorter, so that a wall clock that
    /// was set back does not revive a dead token. Nil when it is not known.
    private func remaining(of loaded: Loaded, at now: Moment) -> Duration? {
        guard let expiry = loaded.expiry else { return nil }
        let seconds = expiry.timeIntervalSince(now.wall)
        // The file may name any date: bounded, as the conversion of a larger number would trap.
        let byWall = Duration.milliseconds(Int64(max(-1e12, min(seconds * 1000, 1e12))))
        guard let grant = self.renewal.grant, grant.accessToken == loaded.authorization.bearer else { return byWall }
        return min(byWall, now.steady.duration(to: grant.receivedAt + grant.lifetime))
    }

    /// As long as the token was good for when it was new, or nil when that cannot be told.
    private func lifetime(of loaded: Loaded) -> Duration? {
        if let grant = self.renewal.grant, grant.accessToken == loaded.authorization.bearer { return grant.lifetime }
        // The file is written when its token is new.
        guard let seconds = loaded.expiry?.timeIntervalSince(loaded.modified), seconds > 0, seconds < 1e9 else {
            return nil
        }
        return .milliseconds(Int64(seconds * 1000))
    }

    private func mayRenew(_ loaded: Loaded, at now: Moment) -> Bool {
        guard self.canRenew, let token = loaded.authorization.bearer else { return false }
        return self.renewal.mayReplace(token, refreshToken: loaded.refreshToken, at: now.steady)
    }

    private func wasJustGranted(_ loaded: Loaded, at now: Moment) -> Bool {
        guard let grant = self.renewal.grant, grant.accessToken == loaded.authorization.bearer else { return false }
        return grant.receivedAt.duration(to: now.steady) < TokenRenewal.spacing
    }

    /// Until a renewal that is not allowed now may be.
    private func pause(at now: Moment) -> Duration {
        guard let trouble = self.renewal.trouble else { return Self.lookInterval }
        return max(.milliseconds(100), min(now.steady.duration(to: trouble.notBefore), Self.lookInterval))
    }

    private func failure(of loaded: Loaded, at now: Moment) -> CredentialError {
        let path = self.selection.credentialsPath
        if let rejection = self.renewal.rejection, rejection.refreshToken == loaded.refreshToken {
            return .refused(path: path, reason: rejection.reason)
        }
        // Without a refresh token nothing can be tried again, and the client need not wait.
        if let trouble = self.renewal.trouble, loaded.refreshToken != nil, self.canRenew {
            let pause = max(.zero, now.steady.duration(to: trouble.notBefore))
            return .unavailable(path: path, reason: trouble.reason, retryAfter: pause)
        }
        return .expired(path: path, at: loaded.expiry ?? now.wall)
    }
}

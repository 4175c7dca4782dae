// SPDX-License-Identifier: Apache-2.0

import Configuration

/// How often to ask whether the user has confirmed, and when to stop: the rules of `qwen`. A pure value.
struct DevicePolling: Sendable {
    enum Action: Sendable, Equatable {
        case wait(Duration)
        case granted(TokenGrant)
        case failed(LoginFailure)
    }

    static let usualInterval: Duration = .seconds(2)
    static let longestInterval: Duration = .seconds(10)

    private let interval: Duration
    private let deadline: ContinuousClock.Instant
    /// Held so that the redactor knows it while the server may repeat it.
    private let deviceCode: Secret
    private var pause: Duration

    init(_ authorization: DeviceAuthorization, at now: ContinuousClock.Instant) {
        // Bounded: the server's figure must not make the login seem stuck.
        self.interval = min(authorization.interval ?? Self.usualInterval, .seconds(60))
        self.pause = self.interval
        self.deadline = now + authorization.lifetime
        self.deviceCode = authorization.deviceCode
    }

    /// Before the first question.
    var firstPause: Duration { self.interval }

    /// The server said `reply`, or nothing at all.
    mutating func received(_ reply: AuthorizationServerReply?, at now: ContinuousClock.Instant) -> Action {
        if let reply, let grant = TokenGrant(reply) { return .granted(grant) }
        if let reply, !reply.isForeign, let failure = self.failure(reply) { return .failed(failure) }
        if let reply, reply.errorCode == "slow_down" {
            // With 429 at the vendor's server, with 400 by the RFC.
            self.pause = min(self.pause * 3 / 2, max(Self.longestInterval, self.interval))
        } else {
            // As `qwen` does: a slow-down is forgotten as soon as the server does not repeat it.
            self.pause = self.interval
        }
        return now + self.pause < self.deadline ? .wait(self.pause) : .failed(.expired)
    }

    /// What ends it. Anything else may pass: a firewall's page, a server that restarts.
    private func failure(_ reply: AuthorizationServerReply) -> LoginFailure? {
        switch (reply.errorCode, reply.status) {
        case ("authorization_pending", _), ("slow_down", _): nil
        case ("expired_token", _): .expired
        case ("access_denied", _): .denied
        // Qwen's server says so of a code that is too old or that it does not know.
        case (_, 401): .expired
        // Any other 429 than `slow_down` is a rate limit, which ends a login of `qwen` as well.
        case (_, 429), (.some, 400): .refused(reason: reply.words)
        default: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What the reply to a refresh means.
enum RefreshVerdict: Sendable, Equatable {
    case granted(TokenGrant)
    /// The refresh token is dead: only a new login helps.
    case rejected(reason: RenewalReason)
    /// It may work later; the token we have stays what it is.
    case failed(reason: RenewalReason, retryAfter: Duration?)

    init(_ reply: AuthorizationServerReply) {
        if let grant = TokenGrant(reply) {
            self = .granted(grant)
        } else if Self.isFinal(reply) {
            self = .rejected(reason: reply.reason)
        } else {
            self = .failed(reason: reply.reason, retryAfter: reply.retryAfter)
        }
    }

    /// The server says no with 400 or 401, and calls a dead refresh token `invalid_request` as well as `invalid_grant`. A
    /// web page with such a status is a firewall's, and no word on the login.
    private static func isFinal(_ reply: AuthorizationServerReply) -> Bool {
        guard !reply.isForeign else { return false }
        switch reply.status {
        case 400, 401: return !Self.passing.contains(reply.errorCode ?? "")
        case 200..<300: return Self.final.contains(reply.errorCode ?? "")
        default: return false
        }
    }

    /// Errors that pass, whatever their status.
    private static let passing = ["temporarily_unavailable", "server_error", "slow_down"]
    /// Errors that do not, even with a status that means success (RFC 6749, section 5.2).
    private static let final = ["invalid_grant", "invalid_request", "invalid_client", "unauthorized_client"]
}

/// Why a renewal failed. A server that says so has two texts; what we say ourselves is the same in both.
struct RenewalReason: Sendable, Equatable {
    /// For what stays: the log, the status, the answers to clients. None of the server's words, which may repeat a token.
    var outline: String
    /// For the person who asked for this renewal.
    var words: String
}

extension RenewalReason: ExpressibleByStringInterpolation {
    init(stringLiteral text: String) { self.init(outline: text, words: text) }
}

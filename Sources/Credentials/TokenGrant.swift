// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials

/// A token as the authorization server hands it out (RFC 6749, section 5.1, and the vendor's `resource_url`).
struct TokenGrant: Sendable, Equatable {
    /// Where the server does not say: the value of the vendor's own samples, on the short side of what is seen.
    static let usualLifetime: Duration = .seconds(3600)

    var accessToken: Secret
    /// Rotated with each refresh; nil when the old one stays good.
    var refreshToken: Secret?
    var tokenType: String?
    var resourceURL: String?
    var lifetime: Duration

    /// Nil when the reply holds no token that could be used.
    init?(_ reply: AuthorizationServerReply) {
        let refreshToken = reply.string("refresh_token")
        let tokenType = reply.string("token_type")
        guard reply.isSuccess, let accessToken = reply.string("access_token"), Self.isToken(accessToken),
            refreshToken.map(Self.isToken) ?? true, (tokenType ?? "bearer").lowercased() == "bearer"
        else { return nil }
        self.accessToken = Secret(accessToken)
        self.refreshToken = refreshToken.map { Secret($0) }
        self.tokenType = tokenType
        self.resourceURL = reply.string("resource_url").flatMap { $0.utf8.count <= 2048 ? $0 : nil }
        self.lifetime = reply.seconds("expires_in") ?? Self.usualLifetime
    }

    /// What the file should hold now. What the server left out stays as it was.
    func applied(to old: OAuthCredentials?, at now: Date) -> OAuthCredentials {
        var new = OAuthCredentials(
            accessToken: self.accessToken,
            refreshToken: self.refreshToken ?? old?.refreshToken,
            tokenType: self.tokenType ?? old?.tokenType ?? "Bearer",
            resourceURL: self.resourceURL ?? old?.resourceURL,
            expiry: now.addingTimeInterval(self.lifetime / .seconds(1)))
        new.unknown = old?.unknown ?? [:]
        return new
    }

    /// It becomes part of a header and of a form: visible ASCII only (RFC 6750, section 2.1). Two of the longest and an
    /// address still make a file that is read again: one that is not would be a lost login.
    private static func isToken(_ text: String) -> Bool {
        text.utf8.count <= CredentialsFile.limit / 4 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}

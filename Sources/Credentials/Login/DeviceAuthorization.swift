// SPDX-License-Identifier: Apache-2.0

import Configuration

/// A login that has begun: what the user has to do, and with what we ask whether that was done (RFC 8628, section 3.2).
package struct DeviceAuthorization: Sendable, Equatable {
    var deviceCode: Secret
    /// What the user enters on the page.
    package var userCode: String
    /// The page that the user opens.
    package var verificationURI: String
    /// The same page with the code in it, where the server offers that.
    package var verificationURIComplete: String?
    /// How long the code can be confirmed; 15 minutes where the server does not say.
    package var lifetime: Duration
    /// The least pause between two questions, where the server sets one.
    var interval: Duration?

    /// Nil when the reply is none.
    init?(_ reply: AuthorizationServerReply) {
        guard reply.isSuccess, let deviceCode = reply.string("device_code"), let userCode = reply.string("user_code"),
            let uri = reply.string("verification_uri") ?? reply.string("verification_uri_complete")
        else { return nil }
        self.deviceCode = Secret(deviceCode)
        self.userCode = userCode
        self.verificationURI = uri
        self.verificationURIComplete = reply.string("verification_uri_complete")
        self.lifetime = reply.seconds("expires_in") ?? .seconds(900)
        self.interval = reply.seconds("interval")
    }
}

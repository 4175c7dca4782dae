// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration
@testable import Credentials

/// The rows of the polling table.
@Suite struct DevicePollingTests {
    private let start = ContinuousClock.now

    private func reply(_ status: Int, _ body: String) -> AuthorizationServerReply {
        AuthorizationServerReply(status: status, body: Array(body.utf8))
    }

    private func error(_ status: Int, _ code: String) -> AuthorizationServerReply {
        self.reply(status, #"{"error":"\#(code)","error_description":"because device-1"}"#)
    }

    private func polling(interval: String = "null", expires: Int = 900) throws -> DevicePolling {
        let authorization = try #require(
            DeviceAuthorization(
                self.reply(
                    200,
                    """
                    {"device_code":"device-1","user_code":"ABCD-1234","verification_uri":"https://h/authorize",
                     "verification_uri_complete":"https://h/authorize?c","expires_in":\(expires),"interval":\(interval)}
                    """)))
        return DevicePolling(authorization, at: self.start)
    }

    @Test func `a pending login is asked about every two seconds`() throws {
        var polling = try self.polling()
        #expect(polling.firstPause == .seconds(2))
        for _ in 0..<3 {
            #expect(polling.received(self.error(400, "authorization_pending"), at: self.start) == .wait(.seconds(2)))
        }
    }

    @Test func `an interval of the server's own counts`() throws {
        var polling = try self.polling(interval: "5")
        #expect(polling.firstPause == .seconds(5))
        #expect(polling.received(self.error(400, "authorization_pending"), at: self.start) == .wait(.seconds(5)))
    }

    @Test(arguments: [429, 400])
    func `asked to slow down, it does so by half, up to ten seconds, until it is not asked any more`(status: Int) throws
    {
        var polling = try self.polling()
        var pauses: [DevicePolling.Action] = []
        for _ in 0..<6 { pauses.append(polling.received(self.error(status, "slow_down"), at: self.start)) }
        #expect(pauses.prefix(3) == [.wait(.seconds(3)), .wait(.milliseconds(4500)), .wait(.milliseconds(6750))])
        #expect(pauses.suffix(2) == [.wait(.seconds(10)), .wait(.seconds(10))])
        #expect(polling.received(self.error(400, "authorization_pending"), at: self.start) == .wait(.seconds(2)))
    }

    @Test func `a confirmed login brings the token`() throws {
        var polling = try self.polling()
        let body = #"{"access_token":"a","refresh_token":"r","expires_in":21600,"resource_url":"portal.qwen.ai"}"#
        guard case .granted(let grant) = polling.received(self.reply(200, body), at: self.start) else {
            Issue.record("no grant")
            return
        }
        #expect(grant.refreshToken == Secret("r"))
        #expect(grant.resourceURL == "portal.qwen.ai")
    }

    @Test func `what is final ends it`() throws {
        let rows: [(AuthorizationServerReply, LoginFailure)] = [
            (self.error(400, "expired_token"), .expired), (self.error(400, "access_denied"), .denied),
            (self.error(401, "invalid_client"), .expired), (self.reply(401, ""), .expired),
            (self.error(429, "rate_limited"), .refused(reason: "rate_limited: because ***")),
            (self.error(400, "invalid_grant"), .refused(reason: "invalid_grant: because ***")),
        ]
        for (reply, failure) in rows {
            var polling = try self.polling()
            #expect(polling.received(reply, at: self.start) == .failed(failure))
        }
    }

    @Test func `what may pass is waited out`() throws {
        var polling = try self.polling()
        let replies = [
            nil, self.reply(500, ""), self.reply(503, "{}"), self.reply(200, "<html>"), self.reply(400, "<html>"),
            self.reply(401, "<html>"), self.reply(200, "{}"),
        ]
        for reply in replies { #expect(polling.received(reply, at: self.start) == .wait(.seconds(2))) }
    }

    @Test func `the code's time is the limit, by a clock that cannot be set`() throws {
        var polling = try self.polling(expires: 10)
        #expect(polling.received(nil, at: self.start + .seconds(7)) == .wait(.seconds(2)))
        #expect(polling.received(nil, at: self.start + .seconds(8)) == .failed(.expired))
    }

    @Test func `the proof is the RFC's own example`() {
        // RFC 7636, appendix B.
        let random: [UInt8] = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]
        let key = ProofKey(random: random)
        #expect(key.verifier == Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        #expect(key.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(ProofKey().verifier != ProofKey().verifier)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration
@testable import Credentials

/// The rows of the table: what the server answers to a refresh, and what that means. The bodies are those that qwen-code,
/// CLIProxyAPI and their issues show; the firewall's page is one that a fork of the latter met.
@Suite struct RefreshVerdictTests {
    private func verdict(_ status: Int, _ body: String, retryAfter: Duration? = nil) -> RefreshVerdict {
        RefreshVerdict(AuthorizationServerReply(status: status, retryAfter: retryAfter, body: Array(body.utf8)))
    }

    private func grant(_ body: String) throws -> TokenGrant {
        guard case .granted(let grant) = self.verdict(200, body) else {
            throw Unexpected()
        }
        return grant
    }

    private struct Unexpected: Error {}

    private let old = OAuthCredentials(
        accessToken: Secret("a"), refreshToken: Secret("r"), tokenType: "Bearer", resourceURL: "portal.qwen.ai",
        expiry: nil)

    @Test func `a whole reply replaces everything`() throws {
        let grant = try self.grant(
            #"{"access_token":"A","token_type":"Bearer","expires_in":21600,"refresh_token":"R","resource_url":"x.qwen.ai"}"#
        )
        let new = grant.applied(to: self.old, at: Moment(1000).wall)
        #expect(new.accessToken == Secret("A"))
        #expect(new.refreshToken == Secret("R"))
        #expect(new.resourceURL == "x.qwen.ai")
        #expect(new.expiry == Moment(22_600).wall)
    }

    @Test func `what a reply leaves out stays`() throws {
        var old = self.old
        old.unknown = ["scope": .string("openid"), "id_token": .null]
        let new = try self.grant(#"{"access_token":"A"}"#).applied(to: old, at: Moment(1000).wall)
        #expect(new.refreshToken == Secret("r"))
        #expect(new.resourceURL == "portal.qwen.ai")
        #expect(new.tokenType == "Bearer")
        #expect(new.unknown == old.unknown)
        #expect(new.expiry == Moment(4600).wall)
    }

    @Test func `what would make a file that is not read again is no grant`() throws {
        let long = String(repeating: "a", count: 100_000)
        for body in [#"{"access_token":"\#(long)"}"#, #"{"access_token":"A","refresh_token":"\#(long)"}"#] {
            guard case .failed = self.verdict(200, body) else { throw Unexpected() }
        }
        #expect(try self.grant(#"{"access_token":"A","resource_url":"\#(long)"}"#).resourceURL == nil)
        let most = String(long.prefix(CredentialsFile.limit / 4))
        let grant = try self.grant(#"{"access_token":"\#(most)","refresh_token":"\#(most)"}"#)
        #expect(grant.applied(to: self.old, at: Moment(1000).wall).json().count < CredentialsFile.limit)
    }

    @Test(arguments: [#""3600""#, "3600.0", "3600"])
    func `a lifetime may be spelled in several ways`(lifetime: String) throws {
        #expect(try self.grant(#"{"access_token":"A","expires_in":\#(lifetime)}"#).lifetime == .seconds(3600))
    }

    @Test(arguments: ["0", "-5", "1e300", "\"soon\"", "null", "[]"])
    func `a lifetime that cannot be meant is taken for none`(lifetime: String) throws {
        let grant = try self.grant(#"{"access_token":"A","expires_in":\#(lifetime)}"#)
        #expect(grant.lifetime == TokenGrant.usualLifetime)
    }

    @Test(arguments: [
        (400, #"{"error":"invalid_request","error_description":"Invalid refresh token or client_id"}"#),
        (400, #"{"error":"invalid_grant"}"#), (401, #"{"error":"invalid_client"}"#), (401, ""), (400, "no"),
        (200, #"{"error":"invalid_grant"}"#),
    ])
    func `a dead refresh token is rejected`(status: Int, body: String) {
        guard case .rejected = self.verdict(status, body) else {
            Issue.record("\(self.verdict(status, body))")
            return
        }
    }

    @Test(arguments: [
        // The firewall, with whatever status.
        (200, "<!doctypehtml><meta name=\"aliyun_waf_aa\">"), (400, "<html>"), (401, "\n<html>"), (405, "<html>"),
        (200, "not JSON"), (200, ""), (200, "{}"), (200, #"{"access_token":""}"#), (200, #"{"access_token":"a b"}"#),
        (200, #"{"access_token":"a","token_type":"mac"}"#), (200, #"{"access_token":"a","refresh_token":"\n"}"#),
        (400, #"{"error":"temporarily_unavailable"}"#), (429, #"{"error":"slow_down"}"#), (403, "{}"), (404, ""),
        (500, #"{"error":"server_error"}"#), (502, "<html>"), (503, ""), (504, "upstream timeout"), (302, ""),
        (200, #"{"error":"server_error"}"#),
    ])
    func `anything else is tried again and leaves the login alone`(status: Int, body: String) {
        guard case .failed = self.verdict(status, body) else {
            Issue.record("\(self.verdict(status, body))")
            return
        }
    }

    /// The server's words are for the person who asks for a renewal, without the token; all else gets status and code.
    @Test func `a reason tells what was said, without secrets and in one line`() {
        let token = Secret("old/refresh+token")
        let said = [
            "bad\\u000aold/refresh+token", "bad old\\/refresh\\u002btoken", "bad old%2Frefresh%2btoken",
            "bad old/re***oken",
        ]
        let shown = ["bad***", "bad ***", "bad ***", "bad ***"]
        withExtendedLifetime(token) {
            for (said, shown) in zip(said, shown) {
                #expect(
                    self.verdict(400, #"{"error":"invalid_grant","error_description":"\#(said)"}"#)
                        == .rejected(
                            reason: RenewalReason(
                                outline: "it answered 400 (invalid_grant)", words: "invalid_grant: \(shown)")))
            }
        }
        #expect(
            self.verdict(503, #"{"error":"busy"}"#)
                == .failed(
                    reason: RenewalReason(outline: "it answered 503 (busy)", words: "busy"), retryAfter: nil))
        #expect(
            self.verdict(429, "{}", retryAfter: .seconds(7))
                == .failed(reason: "it answered 429", retryAfter: .seconds(7)))
        #expect(
            self.verdict(503, #"{"error":"a sentence is no code"}"#)
                == .failed(
                    reason: RenewalReason(outline: "it answered 503", words: "a sentence is no code"), retryAfter: nil))
    }

    @Test func `a form is encoded`() {
        let body = FormBody.encode([("a b", "ü&=+/~"), ("c", "x-y_z.*")])
        #expect(String(decoding: body, as: UTF8.self) == "a+b=%C3%BC%26%3D%2B%2F%7E&c=x-y_z.*")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Plays chat.qwen.ai's OAuth endpoints: hands out numbered tokens, rotates refresh tokens, and refuses one that was used
/// before, which is how two programs on one login hurt each other. Replies can be put in front of its own.
public final class ScriptedAuthorizationServer: Sendable {
    fileprivate struct State {
        var number = 0
        var refreshToken: String
        var lifetime: Int
        var scripted: [ScriptedReply] = []
        var challenge: String?
    }

    fileprivate final class Ledger: Sendable {
        let state: Mutex<State>

        init(_ state: consuming State) { self.state = Mutex(state) }
    }

    /// Every token this server hands out by a refresh begins so.
    public static let tokenPrefix = "access-"

    public let server: ScriptedUpstream
    /// The forms posted to the token endpoint, in order.
    public let forms: Journal<[String: String]>
    private let ledger: Ledger

    public var baseURL: String { "http://127.0.0.1:\(self.server.port)" }
    public var tokenURL: String { self.baseURL + "/api/v1/oauth2/token" }
    public var deviceURL: String { self.baseURL + "/api/v1/oauth2/device/code" }
    /// The one refresh token that is good now.
    public var refreshToken: String { self.ledger.state.withLock { $0.refreshToken } }
    /// How many tokens were handed out.
    public var issued: Int { self.ledger.state.withLock { $0.number } }

    /// For a daemon that is to use this server.
    public var environment: [String: String] {
        ["QWEN_OAUTH_TOKEN_URL": self.tokenURL, "QWEN_OAUTH_DEVICE_URL": self.deviceURL]
    }

    /// - Parameters:
    ///   - lifetime: of the tokens handed out, in seconds.
    ///   - scripted: replies of the token endpoint that come before its own, one a request.
    ///   - hold: opened, it lets the replies of the token endpoint go.
    public static func start(
        refreshToken: String = "refresh-0", lifetime: Int = 21_600, scripted: [ScriptedReply] = [], hold: Gate? = nil,
    ) async throws -> ScriptedAuthorizationServer {
        let ledger = Ledger(State(refreshToken: refreshToken, lifetime: lifetime, scripted: scripted))
        let forms = Journal<[String: String]>()
        let server = try await ScriptedUpstream.start { request in
            guard request.header("content-type") == "application/x-www-form-urlencoded", request.method == "POST" else {
                return AuthorizationReply.error(415, "invalid_request", "a form is wanted")
            }
            let form = request.form
            let base = "http://" + (request.header("host") ?? "")
            if request.target.hasSuffix("/device/code") {
                ledger.state.withLock { $0.challenge = form["code_challenge"] }
                return AuthorizationReply.device(base: base)
            }
            defer { forms.append(form) }
            let reply = ledger.state.withLock { $0.answer(form) }
            return ScriptedReply((hold.map { [.wait($0)] } ?? []) + reply.steps)
        }
        return ScriptedAuthorizationServer(server: server, ledger: ledger, forms: forms)
    }

    private init(server: ScriptedUpstream, ledger: Ledger, forms: Journal<[String: String]>) {
        self.server = server
        self.ledger = ledger
        self.forms = forms
    }

    /// The next requests of the token endpoint get these.
    public func enqueue(_ replies: ScriptedReply...) {
        self.ledger.state.withLock { $0.scripted += replies }
    }

    /// What the client announced for the login that is going on.
    public var challenge: String? { self.ledger.state.withLock { $0.challenge } }

    public func stop() async { await self.server.stop() }
}

extension ScriptedAuthorizationServer.State {
    fileprivate mutating func answer(_ form: [String: String]) -> ScriptedReply {
        if !self.scripted.isEmpty { return self.scripted.removeFirst() }
        switch form["grant_type"] {
        case "refresh_token":
            guard form["refresh_token"] == self.refreshToken, form["client_id"] != nil else {
                return AuthorizationReply.deadRefreshToken
            }
        case "urn:ietf:params:oauth:grant-type:device_code":
            guard form["device_code"] == "device-1", form["code_verifier"]?.count == 43 else {
                return AuthorizationReply.error(400, "invalid_grant")
            }
        default:
            return AuthorizationReply.error(400, "unsupported_grant_type")
        }
        self.number += 1
        self.refreshToken = "refresh-\(self.number)"
        return AuthorizationReply.token(
            ScriptedAuthorizationServer.tokenPrefix + "\(self.number)", refresh: self.refreshToken,
            lifetime: .number(Double(self.lifetime)))
    }
}

extension CapturedRequest {
    /// The fields of a form, decoded.
    public var form: [String: String] {
        var fields: [String: String] = [:]
        for pair in self.text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
            fields[texts[0]] = texts.count > 1 ? texts[1] : ""
        }
        return fields
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Configuration
@testable import Credentials

/// A login through its life: given this file, this clock and this reply, what a request gets and what the service does.
@Suite struct TokenRenewalTests {
    private let margin: Duration = .seconds(600)
    private let selection = UpstreamSelection(
        authentication: .oauth, apiKey: nil, baseURL: nil, credentialsPath: "/c", trustedHosts: TrustedHosts())

    /// Written at 1000, unless said otherwise.
    private func content(
        _ token: String = "a", refresh: String? = "r", expiry: Double? = 11_000, modified: Double = 1000,
    ) -> CredentialsFile.Content {
        .credentials(
            OAuthCredentials(
                accessToken: Secret(token), refreshToken: refresh.map { Secret($0) }, tokenType: "Bearer",
                resourceURL: nil, expiry: expiry.map { Date(timeIntervalSince1970: $0) }),
            modified: Date(timeIntervalSince1970: modified))
    }

    private func machine(_ content: CredentialsFile.Content, jitter: Double = 0) -> CredentialStateMachine {
        var machine = CredentialStateMachine(self.selection, canRenew: true, jitter: jitter)
        machine.look(content, self.selection)
        return machine
    }

    private func order(_ token: String, unsaved: TokenRenewal.Unsaved? = nil) -> CredentialStateMachine.RenewalDue {
        .start(TokenRenewal.Order(path: "/c", accessToken: Secret(token), unsaved: unsaved))
    }

    private func grant(_ token: String, lifetime: Int = 10_000) throws -> TokenRenewal.Outcome {
        let body = #"{"access_token":"\#(token)","expires_in":\#(lifetime)}"#
        let grant = try #require(TokenGrant(AuthorizationServerReply(status: 200, body: Array(body.utf8))))
        return .granted(grant, unsaved: nil, problem: nil)
    }

    private func deliver(_ token: String) -> CredentialStateMachine.TokenAction {
        .deliver(.init(kind: .oauth, baseURL: "https://portal.qwen.ai/v1", bearer: Secret(token)))
    }

    @Test func `a token is renewed ahead of its end, while requests go on with it`() throws {
        var machine = self.machine(self.content())
        #expect(machine.renewalDue(at: Moment(1000), margin: self.margin) == .wait(.seconds(60)))
        #expect(machine.renewalDue(at: Moment(10_370), margin: self.margin) == .wait(.seconds(30)))
        #expect(machine.tokenWanted(at: Moment(10_400)) == self.deliver("a"))
        #expect(machine.renewalDue(at: Moment(10_400), margin: self.margin) == self.order("a"))
        #expect(machine.tokenWanted(at: Moment(10_401)) == self.deliver("a"))
        guard case .refreshing = machine.status(at: Moment(10_401)) else {
            Issue.record("\(machine.status(at: Moment(10_401)))")
            return
        }
        machine.renewal.ended(try self.grant("b"), at: Moment(10_402).steady)
        machine.look(self.content("b", expiry: 20_402, modified: 10_402), self.selection)
        #expect(machine.tokenWanted(at: Moment(10_402)) == self.deliver("b"))
        #expect(machine.renewalDue(at: Moment(10_403), margin: self.margin) == .wait(.seconds(60)))
    }

    @Test(arguments: [(0.0, 10_400.0), (0.5, 9800), (0.99, 9212)])
    func `a random part spreads the renewals of daemons that share a login`(jitter: Double, due: Double) {
        var machine = self.machine(self.content(), jitter: jitter)
        guard case .wait = machine.renewalDue(at: Moment(due - 1), margin: self.margin) else {
            Issue.record("too early")
            return
        }
        #expect(machine.renewalDue(at: Moment(due + 1), margin: self.margin) == self.order("a"))
    }

    @Test func `a token that lives shortly is renewed in the last quarter of its life`() {
        var machine = self.machine(self.content(expiry: 1100))
        #expect(machine.renewalDue(at: Moment(1074), margin: self.margin) == .wait(.seconds(1)))
        #expect(machine.tokenWanted(at: Moment(1074)) == self.deliver("a"))
        #expect(machine.renewalDue(at: Moment(1075), margin: self.margin) == self.order("a"))
    }

    @Test func `all requests in the last half minute wait for one renewal`() throws {
        var machine = self.machine(self.content())
        for _ in 0..<3 { #expect(machine.tokenWanted(at: Moment(10_970)) == .await) }
        #expect(machine.renewalDue(at: Moment(10_970), margin: self.margin) == self.order("a"))
        #expect(machine.tokenWanted(at: Moment(10_971)) == .await)
        #expect(machine.renewalDue(at: Moment(10_971), margin: self.margin) == .wait(.seconds(60)))
        machine.renewal.ended(try self.grant("b"), at: Moment(10_972).steady)
        machine.look(self.content("b", expiry: 20_972, modified: 10_972), self.selection)
        #expect(machine.tokenWanted(at: Moment(10_972)) == self.deliver("b"))
    }

    @Test func `trouble is waited out, and the token used to its end`() {
        var machine = self.machine(self.content())
        #expect(machine.tokenWanted(at: Moment(10_980)) == .await)
        #expect(machine.renewalDue(at: Moment(10_980), margin: self.margin) == self.order("a"))
        machine.renewal.ended(.failed(reason: "503 busy", retryAfter: nil), at: Moment(10_980).steady)
        #expect(machine.tokenWanted(at: Moment(10_981)) == self.deliver("a"))
        #expect(machine.renewalDue(at: Moment(10_981), margin: self.margin) == .wait(.seconds(1)))
        #expect(machine.tokenWanted(at: Moment(10_982)) == .await)
        #expect(machine.renewalDue(at: Moment(10_982), margin: self.margin) == self.order("a"))
        machine.renewal.ended(.failed(reason: "503 busy", retryAfter: .seconds(100)), at: Moment(10_982).steady)
        #expect(
            machine.tokenWanted(at: Moment(11_002))
                == .fail(.unavailable(path: "/c", reason: "503 busy", retryAfter: .seconds(80))))
        #expect(
            machine.status(at: Moment(11_002))
                == .expired(
                    path: "/c", modified: Moment(1000).wall, expiredAt: Moment(11_000).wall, trouble: "503 busy"))
        #expect(machine.tokenWanted(at: Moment(11_082)) == .await)
    }

    @Test func `the pauses after failures double, up to a minute`() {
        var renewal = TokenRenewal()
        let pauses = (0..<8).map { _ in
            renewal.ended(.failed(reason: "", retryAfter: nil), at: Moment(0).steady)
            return renewal.trouble.map { Moment(0).steady.duration(to: $0.notBefore) }
        }
        #expect(pauses == [2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }

    @Test func `a rejected login is not asked for again until there is another`() {
        var machine = self.machine(self.content())
        _ = machine.renewalDue(at: Moment(10_400), margin: self.margin)
        machine.renewal.ended(.rejected(refreshToken: Secret("r"), reason: "dead"), at: Moment(10_401).steady)
        // The token itself is good until its end.
        #expect(machine.tokenWanted(at: Moment(10_990)) == self.deliver("a"))
        #expect(
            machine.status(at: Moment(10_990))
                == .refused(path: "/c", reason: "dead", usableUntil: Moment(11_000).wall))
        #expect(machine.renewalDue(at: Moment(10_990), margin: self.margin) == .wait(.seconds(60)))
        #expect(machine.tokenWanted(at: Moment(11_000)) == .fail(.refused(path: "/c", reason: "dead")))
        #expect(!machine.status(at: Moment(11_000)).isUsable)
        machine.look(self.content("b", refresh: "r2", expiry: 21_000, modified: 11_001), self.selection)
        #expect(machine.tokenWanted(at: Moment(11_001)) == self.deliver("b"))
        #expect(machine.status(at: Moment(11_001)).problem == nil)
    }

    @Test func `a refused token is replaced, but not again and again`() throws {
        var machine = self.machine(self.content())
        #expect(machine.tokenRefused(Secret("a"), at: Moment(2000)) == .await)
        #expect(machine.renewalDue(at: Moment(2000), margin: self.margin) == self.order("a"))
        // Others do not run into the same refusal.
        #expect(machine.tokenWanted(at: Moment(2000)) == .await)
        machine.renewal.ended(try self.grant("b"), at: Moment(2001).steady)
        machine.look(self.content("b", refresh: "r2", expiry: 12_001, modified: 2001), self.selection)
        #expect(machine.tokenRefused(Secret("a"), at: Moment(2001)) == self.deliver("b"))
        // The upstream takes no token of this login: asking for more only uses them up.
        #expect(machine.tokenRefused(Secret("b"), at: Moment(2010)) == nil)
        #expect(
            machine.status(at: Moment(2010))
                == .refused(path: "/c", reason: "the upstream refuses its token", usableUntil: nil))
        #expect(machine.tokenWanted(at: Moment(2011)) == self.deliver("b"))
        #expect(machine.tokenRefused(Secret("b"), at: Moment(2601)) == .await)
    }

    @Test func `a token that worked is replaced as soon as it is refused`() throws {
        var machine = self.machine(self.content())
        _ = machine.tokenRefused(Secret("a"), at: Moment(2000))
        _ = machine.renewalDue(at: Moment(2000), margin: self.margin)
        machine.renewal.ended(try self.grant("b"), at: Moment(2000).steady)
        machine.look(self.content("b", refresh: "r2", expiry: 12_000, modified: 2000), self.selection)
        machine.renewal.accepted(Secret("b"))
        #expect(machine.tokenRefused(Secret("b"), at: Moment(2006)) == .await)
    }

    @Test func `a server that hands out dead tokens is not asked in a loop`() throws {
        var machine = self.machine(self.content(expiry: 900))
        #expect(machine.tokenWanted(at: Moment(1000)) == .await)
        #expect(machine.renewalDue(at: Moment(1000), margin: self.margin) == self.order("a"))
        machine.renewal.ended(try self.grant("b", lifetime: 1), at: Moment(1000).steady)
        machine.look(self.content("b", expiry: 1001, modified: 1000), self.selection)
        #expect(machine.tokenWanted(at: Moment(1002)) == self.deliver("b"))
        guard case .wait = machine.renewalDue(at: Moment(1002), margin: self.margin) else {
            Issue.record("asked again at once")
            return
        }
        #expect(machine.tokenWanted(at: Moment(1005)) == .await)
    }

    // MARK: - Clocks that jump

    @Test func `a clock that jumps forward costs a renewal, and no loop`() throws {
        var machine = self.machine(self.content())
        // Asleep for a day: the steady clock may have stood still.
        #expect(machine.tokenWanted(at: Moment(90_000, steady: 1500)) == .await)
        #expect(machine.renewalDue(at: Moment(90_000, steady: 1500), margin: self.margin) == self.order("a"))
        machine.renewal.ended(try self.grant("b"), at: Moment(90_001, steady: 1501).steady)
        machine.look(self.content("b", expiry: 100_001, modified: 90_001), self.selection)
        #expect(machine.tokenWanted(at: Moment(90_002, steady: 1502)) == self.deliver("b"))
        #expect(machine.renewalDue(at: Moment(90_002, steady: 1502), margin: self.margin) == .wait(.seconds(60)))
    }

    @Test func `a clock that is set back does not revive a dead token`() throws {
        var machine = self.machine(self.content(expiry: 900))
        _ = machine.tokenWanted(at: Moment(1000))
        _ = machine.renewalDue(at: Moment(1000), margin: self.margin)
        machine.renewal.ended(try self.grant("b"), at: Moment(1000).steady)
        machine.look(self.content("b", expiry: 11_000, modified: 1000), self.selection)
        // An hour back; by the wall clock the token has more than its life before it.
        #expect(machine.tokenWanted(at: Moment(-2600 + 9000, steady: 10_000)) == self.deliver("b"))
        #expect(machine.tokenWanted(at: Moment(7400, steady: 11_001)) == .await)
        #expect(machine.renewalDue(at: Moment(7400, steady: 11_001), margin: self.margin) == self.order("b"))
    }

    @Test func `pauses do not depend on the wall clock`() {
        var machine = self.machine(self.content(expiry: 900))
        _ = machine.tokenWanted(at: Moment(1000))
        _ = machine.renewalDue(at: Moment(1000), margin: self.margin)
        machine.renewal.ended(.failed(reason: "x", retryAfter: nil), at: Moment(1000).steady)
        for wall in [-1e6, 1e9] {
            guard case .fail(.unavailable) = machine.tokenWanted(at: Moment(max(wall, 901), steady: 1001)) else {
                Issue.record("asked again at once")
                return
            }
        }
        #expect(machine.tokenWanted(at: Moment(901, steady: 1002)) == .await)
    }

    // MARK: - Special cases

    @Test func `what could not be saved is used, until the file holds something else`() throws {
        var machine = self.machine(self.content(expiry: 900))
        _ = machine.tokenWanted(at: Moment(1000))
        _ = machine.renewalDue(at: Moment(1000), margin: self.margin)
        guard case .granted(let grant, _, _) = try self.grant("b") else { return }
        let unsaved = TokenRenewal.Unsaved(
            credentials: OAuthCredentials(
                accessToken: Secret("b"), refreshToken: Secret("r2"), tokenType: "Bearer", resourceURL: nil,
                expiry: Date(timeIntervalSince1970: 11_000)),
            refreshToken: Secret("r"))
        machine.renewal.ended(
            .granted(grant, unsaved: unsaved, problem: .init(operation: "write", errno: ENOSPC)),
            at: Moment(1000).steady)
        machine.look(self.content(expiry: 900), self.selection)
        #expect(machine.tokenWanted(at: Moment(1001)) == self.deliver("b"))
        // The next renewal knows what the file does not.
        #expect(machine.renewalDue(at: Moment(10_990), margin: self.margin) == self.order("b", unsaved: unsaved))
        machine.look(self.content("c", refresh: "r9", expiry: 30_000), self.selection)
        #expect(machine.tokenWanted(at: Moment(10_991)) == self.deliver("c"))
    }

    @Test func `a user's order is carried out whatever was learnt before`() {
        var machine = self.machine(self.content())
        _ = machine.renewalDue(at: Moment(10_400), margin: self.margin)
        machine.renewal.ended(.rejected(refreshToken: Secret("r"), reason: "dead"), at: Moment(10_400).steady)
        #expect(machine.renewalForced(at: Moment(10_401)) == nil)
        #expect(machine.renewalDue(at: Moment(10_401), margin: self.margin) == self.order("a"))
    }

    @Test func `an order without a login is refused, and one whose login goes away ends`() {
        var missing = self.machine(.missing)
        #expect(missing.renewalForced(at: Moment(0)) == .missing(path: "/c"))
        var bare = self.machine(self.content(refresh: nil))
        #expect(bare.renewalForced(at: Moment(1000)) == .invalid(path: "/c", reason: "it holds no refresh token"))
        #expect(bare.tokenWanted(at: Moment(11_000)) == .fail(.expired(path: "/c", at: Moment(11_000).wall)))
        var vanishing = self.machine(self.content())
        #expect(vanishing.renewalForced(at: Moment(1000)) == nil)
        vanishing.look(.missing, self.selection)
        #expect(vanishing.renewal.ended == 1)
        #expect(vanishing.renewal.lastOutcome == .vanished)
    }

    @Test func `after the last renewal no request waits`() {
        var machine = self.machine(self.content())
        #expect(machine.tokenWanted(at: Moment(10_999)) == .await)
        machine.renewalsStopped(at: Moment(10_999))
        #expect(machine.tokenWanted(at: Moment(10_999)) == self.deliver("a"))
        #expect(machine.tokenWanted(at: Moment(11_000)) == .fail(.expired(path: "/c", at: Moment(11_000).wall)))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Configuration
@testable import Credentials

@Suite struct CredentialStateMachineTests {
    private static let now = Moment(1000)
    private let portal = UpstreamAuthorization(kind: .oauth, baseURL: "https://portal.qwen.ai/v1", bearer: Secret("a"))

    private func selection(
        _ authentication: UpstreamSelection.Authentication = .auto,
        key: Secret? = nil,
        url: String? = nil,
    ) -> UpstreamSelection {
        UpstreamSelection(
            authentication: authentication, apiKey: key, baseURL: url, credentialsPath: "/c",
            trustedHosts: TrustedHosts())
    }

    private func content(_ token: String = "a", expiry: Double? = 2000, resource: String? = nil)
        -> CredentialsFile.Content
    {
        .credentials(
            OAuthCredentials(
                accessToken: Secret(token), refreshToken: nil, tokenType: "Bearer", resourceURL: resource,
                expiry: expiry.map { Date(timeIntervalSince1970: $0) }),
            modified: Self.now.wall)
    }

    private func machine(
        _ selection: UpstreamSelection,
        _ contents: CredentialsFile.Content...,
    ) -> CredentialStateMachine {
        var machine = CredentialStateMachine(selection)
        for content in contents { machine.look(content, selection) }
        return machine
    }

    @Test func `a token is delivered until it expires`() {
        var machine = self.machine(self.selection(), self.content())
        #expect(machine.tokenWanted(at: Self.now) == .deliver(self.portal))
        let end = Date(timeIntervalSince1970: 2000)
        #expect(machine.tokenWanted(at: Moment(2000)) == .fail(.expired(path: "/c", at: end)))
        #expect(
            machine.status(at: Moment(2000))
                == .expired(path: "/c", modified: Self.now.wall, expiredAt: end, trouble: nil))
        #expect(
            machine.status(at: Self.now)
                == .valid(path: "/c", modified: Self.now.wall, expiresAt: end, baseURL: "https://portal.qwen.ai/v1"))
    }

    @Test func `a server on this machine is asked without a login that is of no use`() {
        let local = "http://127.0.0.1:11434/v1"
        let open = UpstreamAuthorization(kind: .open, baseURL: local, bearer: nil)
        var expired = self.machine(self.selection(url: local), self.content(expiry: 500))
        #expect(expired.tokenWanted(at: Self.now) == .deliver(open))
        #expect(expired.status(at: Self.now) == .none(baseURL: local))
        var invalid = self.machine(self.selection(url: local), self.content(), .invalid(reason: "x"))
        #expect(invalid.tokenWanted(at: Self.now) == .deliver(open))
        var valid = self.machine(self.selection(url: local), self.content())
        #expect(valid.tokenWanted(at: Self.now) == .deliver(.init(kind: .oauth, baseURL: local, bearer: Secret("a"))))
        // The portal would only answer 401 to a request without a token.
        var portal = self.machine(self.selection(url: "https://portal.qwen.ai/v1"), self.content(expiry: 500))
        #expect(portal.tokenWanted(at: Self.now) == .fail(.expired(path: "/c", at: Date(timeIntervalSince1970: 500))))
    }

    @Test func `a token without an expiry is the upstream's to judge`() {
        var machine = self.machine(self.selection(), self.content(expiry: nil))
        #expect(machine.tokenWanted(at: Moment(9e9)) == .deliver(self.portal))
    }

    @Test func `a key and an open upstream need no file`() {
        var keyed = self.machine(self.selection(key: Secret("k"), url: "https://x/v1"), .missing)
        #expect(
            keyed.tokenWanted(at: Self.now)
                == .deliver(.init(kind: .apiKey, baseURL: "https://x/v1", bearer: Secret("k"))))
        #expect(keyed.status(at: Self.now) == .apiKey(baseURL: "https://x/v1"))
        var open = self.machine(self.selection(url: "https://x/v1"), .missing)
        #expect(open.tokenWanted(at: Self.now) == .deliver(.init(kind: .open, baseURL: "https://x/v1", bearer: nil)))
        #expect(open.status(at: Self.now) == .none(baseURL: "https://x/v1"))
    }

    @Test func `a file that appears ends the demo, and one that disappears does not bring it back`() {
        var machine = self.machine(self.selection(), .missing)
        #expect(machine.tokenWanted(at: Self.now) == .fail(.noUpstream))
        #expect(machine.status(at: Self.now) == .demo)
        machine.look(self.content(), self.selection())
        #expect(machine.tokenWanted(at: Self.now) == .deliver(self.portal))
        machine.look(.missing, self.selection())
        #expect(machine.tokenWanted(at: Self.now) == .fail(.missing(path: "/c")))
        #expect(machine.status(at: Self.now) == .missing(path: "/c"))
        machine.look(self.content(), self.selection())
        #expect(machine.tokenWanted(at: Self.now) == .deliver(self.portal))
    }

    @Test func `a new configuration decides anew`() {
        var machine = self.machine(self.selection(), self.content())
        machine.look(self.content(), self.selection(.none, url: "https://x/v1"))
        #expect(machine.mode == .open(baseURL: "https://x/v1"))
        machine.look(.missing, self.selection())
        #expect(machine.mode == .demo)
    }

    @Test func `the token's host is checked`() {
        var evil = self.machine(self.selection(), self.content(resource: "evil.com"))
        guard case .fail(.invalid("/c", let reason)) = evil.tokenWanted(at: Self.now) else {
            Issue.record("delivered")
            return
        }
        #expect(reason.contains("evil.com"))
        var directed = self.machine(
            self.selection(.oauth, url: "https://portal.qwen.ai/v1"), self.content(resource: "evil.com"))
        #expect(directed.tokenWanted(at: Self.now) == .deliver(self.portal))
    }

    @Test func `an invalid file is said to be one, and a good one heals it`() {
        var machine = self.machine(self.selection(.oauth), .invalid(reason: "why"))
        #expect(machine.tokenWanted(at: Self.now) == .fail(.invalid(path: "/c", reason: "why")))
        #expect(machine.status(at: Self.now) == .invalid(path: "/c", reason: "why"))
        machine.look(self.content("b"), self.selection(.oauth))
        #expect(
            machine.tokenWanted(at: Self.now)
                == .deliver(.init(kind: .oauth, baseURL: self.portal.baseURL, bearer: Secret("b"))))
    }

    @Test func `of two looks that overlap the one that began last counts`() {
        var machine = CredentialStateMachine(self.selection())
        let first = machine.lookStarted()
        let second = machine.lookStarted()
        machine.looked(self.content("new"), selection: self.selection(), ticket: second)
        machine.looked(self.content("old"), selection: self.selection(), ticket: first)
        #expect(
            machine.tokenWanted(at: Self.now)
                == .deliver(.init(kind: .oauth, baseURL: self.portal.baseURL, bearer: Secret("new"))))
    }

    @Test func `errors say what to do and show no secret`() {
        let errors: [CredentialError] = [
            .noUpstream, .missing(path: "/c"), .invalid(path: "/c", reason: "r"),
            .expired(path: "/c", at: Self.now.wall),
            .refused(path: "/c", reason: "r"),
        ]
        for error in errors { #expect(error.description.contains("QWEN_API_KEY")) }
        for error in errors.dropFirst() {
            #expect(error.description.contains("closed in April 2026"))
            #expect(error.description.contains("qwenproxyctl login"))
            #expect(error.description.contains("qwenproxyctl upstream add"))
        }
        #expect(errors[3].description.contains("1970-01-01T00:16:40Z"))
    }
}

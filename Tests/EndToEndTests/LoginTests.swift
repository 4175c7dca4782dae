// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `qwenproxyctl login`, `token` and `logout` against a running daemon.
@Suite struct LoginTests {
    private func run(
        expiry: Double? = nil, scripted: [ScriptedReply] = [], environment: [String: String] = [:],
        _ test: (Login, DaemonProcess) async throws -> Void,
    ) async throws {
        try await Gateway.alone {
            let login = try await Login(expiry: expiry, scripted: scripted)
            let daemon = try await login.daemon(environment)
            try await test(login, daemon)
            let outcome = try await daemon.stop()
            #expect(outcome.status == 0)
            #expect(!outcome.errorOutput.contains("access-") && !outcome.errorOutput.contains("refresh-"))
            #expect(!login.hasLock)
            await login.stop()
        }
    }

    @Test func `a login is confirmed elsewhere, saved as qwen would, and used at once`() async throws {
        try await self.run(scripted: [AuthorizationReply.pending]) { login, daemon in
            try FileManager.default.removeItem(atPath: login.home.path(".qwen"))
            let outcome = try await daemon.control("login", "--no-browser")
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(outcome.output.contains("confirm the code ABCD-1234"))
            #expect(
                outcome.output.contains(login.server.baseURL + "/authorize?user_code=ABCD-1234&client=qwen-code"))
            #expect(outcome.output.contains("Logged in."))
            #expect(!outcome.output.contains("access-"))
            let keys = login.file.object.map { Set($0.keys) }
            #expect(keys == ["access_token", "refresh_token", "token_type", "resource_url", "expiry_date"])
            #expect(try login.expectIntegrity(daemon))
            let directory = try FileManager.default.attributesOfItem(atPath: login.home.path(".qwen"))
            #expect(directory[.posixPermissions] as? Int == 0o700)

            let begin = try #require(login.server.server.requests.entries.first)
            #expect(begin.header("x-request-id")?.count == 36)
            #expect(begin.form["scope"] == "openid profile email model.completion")
            #expect(begin.form["code_challenge_method"] == "S256")
            #expect(begin.form["code_challenge"]?.count == 43)
            #expect(login.server.forms.entries.map { $0["code_verifier"]?.count } == [43, 43])

            let answer = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(answer.status == 200)
            #expect(login.presented == ["access-1"])
        }
    }

    @Test(arguments: [(AuthorizationReply.denied, "declined"), (AuthorizationReply.expired, "not confirmed in time")])
    func `a login that is not confirmed leaves everything as it was`(reply: ScriptedReply, words: String) async throws {
        try await self.run(expiry: 3600, scripted: [reply]) { login, daemon in
            let before = login.home.text(Login.fileName)
            let outcome = try await daemon.control("login", "--no-browser")
            #expect(outcome.status == 1)
            #expect(outcome.errorOutput.contains(words), "\(outcome.errorOutput)")
            #expect(login.home.text(Login.fileName) == before)
        }
    }

    @Test func `a login that is no longer waited for is not asked about again`() async throws {
        try await self.run(scripted: [.silence]) { login, daemon in
            let child = try ChildProcess(
                BuiltProducts.control, ["login", "--no-browser"], environment: daemon.environment)
            _ = try await login.server.forms.entry(at: 0, "a question")
            child.send(SIGTERM)
            _ = try await child.outcome()
            _ = try await login.server.server.disconnections.wait(for: "the end of the question") { entries in
                entries.first { $0.request != nil }
            }
        }
    }

    @Test func `a login that requests do not use is said to be one`() async throws {
        let key = ["QWEN_AUTH": "auto", "QWEN_API_KEY": "sk-scripted-secret"]
        try await self.run(environment: key) { login, daemon in
            let outcome = try await daemon.control("login", "--json")
            let last = try #require(outcome.output.split(separator: "\n").last)
            let report = try JSONValue(parsing: String(last))
            #expect(report["state"] == "done")
            #expect(report["inUse"] == false)
            let token = try await daemon.control("token")
            #expect(token.output.contains("takes an API key"))
            #expect(try await daemon.control("token", "refresh").status == 1)
        }
    }

    @Test func `a token is shown without being shown, refreshed by order, and removed`() async throws {
        try await self.run(expiry: 3600) { login, daemon in
            let shown = try await daemon.control("token")
            #expect(shown.output.hasPrefix("The login is valid.\nThe token ends "))
            #expect(!shown.output.contains("access-"))
            let refreshed = try await daemon.control("token", "refresh", "--json")
            #expect(refreshed.status == 0, "\(refreshed.errorOutput)")
            #expect(try JSONValue(parsing: refreshed.output)["state"] == "valid")
            #expect(login.file["access_token"] == "access-1")

            let refused = try await daemon.control("logout")
            #expect(refused.status == 1)
            #expect(login.file["access_token"] == "access-1")
            let removed = try await daemon.control("logout", "--yes")
            #expect(removed.status == 0)
            #expect(login.home.text(Login.fileName) == nil)
            let gone = try await daemon.control("token")
            #expect(gone.output.contains("There is no login."))
            #expect(gone.output.contains("qwenproxyctl login"))
            #expect(try await daemon.control("logout", "--yes").output.contains("There was no login"))
        }
    }

    @Test func `a refresh that fails is told with its reason`() async throws {
        try await self.run(expiry: 3600, scripted: [AuthorizationReply.deadRefreshToken]) { login, daemon in
            let outcome = try await daemon.control("token", "refresh")
            #expect(outcome.status == 1)
            #expect(outcome.errorOutput.contains("Invalid refresh token or client_id"))
            #expect(outcome.errorOutput.contains("qwenproxyctl login"))
            // The token itself is still good.
            #expect(try await daemon.connect().post("/v1/messages", SampleRequest.plain()).status == 200)
        }
    }
}

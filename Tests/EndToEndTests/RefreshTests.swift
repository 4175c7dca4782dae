// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The login comes to its end under the running daemon.
@Suite struct RefreshTests {
    /// Runs `test` with a login and a daemon that uses it, and demands what must hold after any of it.
    private func run(
        expiry: Double = 3600, lifetime: Int = 21_600, scripted: [ScriptedReply] = [], refusing old: String? = nil,
        environment: [String: String] = [:], _ test: (Login, DaemonProcess) async throws -> Void
    ) async throws {
        try await Gateway.alone {
            let login = try await Login(expiry: expiry, lifetime: lifetime, scripted: scripted, refusing: old)
            let daemon = try await login.daemon(environment)
            try await test(login, daemon)
            #expect(try await daemon.stop().status == 0)
            #expect(try login.expectIntegrity(daemon), "\(login.file) \(daemon.log)")
            #expect(!login.hasLock)
            await login.stop()
        }
    }

    private func post(_ daemon: DaemonProcess, stream: Bool = true) async throws -> HTTPReply {
        try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: stream))
    }

    private func expectAnswer(_ daemon: DaemonProcess) async throws {
        let reply = try await self.post(daemon)
        #expect(reply.status == 200, "\(reply.text)\n\(daemon.log)")
    }

    @Test func `an expired token is refreshed before a request needs it, and the file holds the new login`()
        async throws
    {
        try await self.run(expiry: -60) { login, daemon in
            try await self.expectAnswer(daemon)
            #expect(login.presented == ["access-1"])
            #expect(
                login.server.forms.entries == [
                    [
                        "grant_type": "refresh_token", "refresh_token": "refresh-0",
                        "client_id": "f0304373b74a44d2b584a3fb70ca9e56",
                    ]
                ])
            let request = try #require(login.server.server.requests.entries.first)
            #expect(request.header("accept") == "application/json")
            #expect(request.header("user-agent")?.hasPrefix("qwenproxyd/") == true)
            #expect(login.file["access_token"] == "access-1")
            #expect(login.file["refresh_token"] == "refresh-1")
            #expect(login.file["resource_url"] == "portal.qwen.ai")
            #expect(login.file["a_key_of_tomorrow"] == ["kept": [1, true]])
            let expiry = try #require(login.file["expiry_date"]?.number) / 1000 - Date().timeIntervalSince1970
            #expect((21_500...21_601).contains(expiry))
        }
    }

    @Test func `a token near its end is refreshed in the background, with no request at all`() async throws {
        try await self.run(expiry: 3600, environment: ["QWEN_OAUTH_REFRESH_MARGIN": "3h"]) { login, daemon in
            // By the time of the file, most of its life is over.
            let old = Date(timeIntervalSinceNow: -100_000)
            try FileManager.default.setAttributes(
                [.modificationDate: old], ofItemAtPath: login.home.path(Login.fileName))
            daemon.send(SIGHUP)
            _ = try await login.server.forms.entry(at: 0, "a refresh")
            _ = try await login.wait(for: "valid", daemon)
            #expect(login.file["access_token"] == "access-1")
            #expect(login.upstream.requests.count == 0)
        }
    }

    @Test func `two hundred requests at the moment of expiry cause one refresh, and none fails`() async throws {
        let gate = Gate()
        let slow = ScriptedReply([.wait(gate)] + AuthorizationReply.token("access-9", refresh: "refresh-9").steps)
        try await self.run(expiry: -1, scripted: [slow]) { login, daemon in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await self.post(daemon, stream: false).status } }
                _ = try await login.server.server.requests.entry(at: 0, "the refresh")
                gate.open()
                while let status = try await group.next() { #expect(status == 200) }
            }
            #expect(login.server.forms.count == 1)
            #expect(Set(login.presented) == ["access-9"])
            #expect(login.presented.count == 200)
        }
    }

    @Test func `a refused token is replaced, and the request tried again once`() async throws {
        try await self.run(refusing: "access-0") { login, daemon in
            try await self.expectAnswer(daemon)
            #expect(login.presented == ["access-0", "access-1"])
            #expect(login.server.forms.count == 1)
        }
    }

    @Test func `an upstream that refuses every token is not met with refresh after refresh`() async throws {
        try await Gateway.alone {
            let login = try await Login()
            let refusing = try await ScriptedUpstream.start { _ in
                .error(401, "invalid access token or token expired", code: "invalid_api_key")
            }
            let daemon = try await login.daemon(["QWEN_BASE_URL": refusing.baseURL])
            for _ in 0..<3 {
                let reply = try await self.post(daemon, stream: false)
                #expect(reply.status == 401)
                #expect(reply.header("x-should-retry") == "false")
                #expect(reply.text.contains("qwenproxyctl login"))
            }
            #expect(login.server.forms.count == 1)
            let status = try await login.wait(for: "refused", daemon)
            #expect(status["detail"]?.string?.contains("qwenproxyctl upstream add") == true)
            try await daemon.stop()
            await refusing.stop()
            await login.stop()
        }
    }

    @Test(arguments: [AuthorizationReply.deadRefreshToken, AuthorizationReply.invalidGrant])
    func `a dead login is said to be one, in the same words everywhere, and its file stays`(reply: ScriptedReply)
        async throws
    {
        try await self.run(expiry: -60, scripted: [reply]) { login, daemon in
            let before = login.home.text(Login.fileName)
            let status = try await login.wait(for: "refused", daemon)
            let detail = try #require(status["detail"]?.string)
            #expect(detail.contains("qwenproxyctl login"))
            let answer = try await self.post(daemon, stream: false)
            #expect(answer.status == 401)
            #expect(answer.header("x-should-retry") == "false")
            #expect(answer.json["error"]?["message"]?.string == detail)
            #expect(daemon.log.contains(detail))
            #expect(login.server.forms.count == 1)
            #expect(login.home.text(Login.fileName) == before)
            // A new login, by whatever program, heals it.
            try login.write(token: "access-7", refresh: "refresh-0", expiry: 3600)
            _ = try await login.wait(for: "refused", daemon)
            try login.write(token: "access-8", refresh: "refresh-8", expiry: 3600)
            _ = try await login.wait(for: "valid", daemon)
            try await self.expectAnswer(daemon)
            #expect(login.presented == ["access-8"])
        }
    }

    @Test(arguments: [
        AuthorizationReply.firewall, .reset, AuthorizationReply.error(503, "temporarily_unavailable"),
        .body(502, "text/html", Array("<html>".utf8)), .body(200, "application/json", Array("{\"acc".utf8)),
        ScriptedReply([.bytes(Array("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"access_".utf8)), .close]),
    ])
    func `trouble at the server passes without the user noticing`(reply: ScriptedReply) async throws {
        try await self.run(expiry: -60, scripted: [reply]) { login, daemon in
            let answer = try await self.post(daemon)
            #expect(answer.status == 200, "\(answer.text) \(daemon.log)")
            #expect(login.server.forms.count == 2 || login.server.server.requests.count == 2)
            #expect(login.presented == ["access-1"])
        }
    }

    @Test func `a server that is down leaves a good token in use and an expired one explained`() async throws {
        try await self.run(expiry: 3600) { login, daemon in
            await login.server.stop()
            try await self.expectAnswer(daemon)
            #expect(login.presented == ["access-0"])
            try login.write(expiry: -1)
            let status = try await login.wait(for: "expired", daemon)
            #expect(status["detail"]?.string?.contains("could not be refreshed") == true)
        }
    }
}

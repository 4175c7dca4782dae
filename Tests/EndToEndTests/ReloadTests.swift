// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// What `qwenproxyctl reload` and `config show` say of a configuration that changes under the daemon.
@Suite struct ReloadTests {
    private static func login(_ token: String) -> String {
        let expiry = Int((Date().timeIntervalSince1970 + 3600) * 1000)
        return """
            {"access_token": "\(token)", "refresh_token": "r", "token_type": "Bearer", "expiry_date": \(expiry)}
            """
    }

    private func shown(_ daemon: DaemonProcess) async throws -> ConfigurationReport {
        let outcome = try await daemon.control("config", "show", "--json")
        return try JSONDecoder().decode(ConfigurationReport.self, from: Data(outcome.output.utf8))
    }

    @Test func `what needs a restart is shown beside what is in force, until there was one`() async throws {
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            try home.configure("[server]\nmax_body_bytes = 4096\n")
            let daemon = try await DaemonProcess.start(home: home)
            try home.configure("[server]\nmax_body_bytes = 8192\n")
            for _ in 0..<2 {
                let reload = try await daemon.control("reload")
                #expect(reload.output == "Reloaded.\nTakes a restart: server.max_body_bytes.\n")
            }
            let before = try await self.shown(daemon)
            #expect(before.settings.first { $0.key == "server.max_body_bytes" }?.value?.hasPrefix("4096") == true)
            #expect(before.pending?.map(\.key) == ["server.max_body_bytes"])
            #expect(before.pending?.first?.value?.hasPrefix("8192") == true)
            let text = try await daemon.control("config", "show").output
            #expect(text.contains("8192") && text.contains("after a restart"), "\(text)")
            #expect(try await daemon.control("restart").status == 0)
            let after = try await self.shown(daemon)
            #expect(after.settings.first { $0.key == "server.max_body_bytes" }?.value?.hasPrefix("8192") == true)
            #expect(after.pending == nil)
            #expect(!daemon.log.contains("restart=\"\"") && !daemon.log.contains("changed=\"\""), "\(daemon.log)")
            #expect(try await daemon.control("stop").status == 0)
            _ = try await daemon.outcome()
        }
    }

    @Test func `a new key is said to be one, and used, and not told`() async throws {
        let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            let key = try home.write("sk-the-first-key", to: "key")
            try home.configure("[upstream]\nbase_url = \"\(upstream.baseURL)\"\napi_key_file = \"\(key)\"\n")
            let daemon = try await DaemonProcess.start(home: home)
            try home.write("sk-the-second-key", to: "key")
            let reload = try await daemon.control("reload")
            #expect(reload.output == "Reloaded. Changed: upstream.api_key.\n")
            _ = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(upstream.requests.entries.last?.header("authorization") == "Bearer sk-the-second-key")
            #expect(try await daemon.stop().status == 0)
            #expect(!daemon.log.contains("-key\""))
        }
        await upstream.stop()
    }

    @Test func `the login is watched where the new configuration has it`() async throws {
        let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            func configure(_ directory: String) throws {
                try home.configure(
                    """
                    [upstream]
                    auth = "oauth"
                    base_url = "\(upstream.baseURL)"
                    [oauth]
                    directory = "\(home.path(directory))"
                    """)
            }
            try home.makeDirectory("a")
            try home.makeDirectory("b")
            try home.write(Self.login("token-of-a"), to: "a/oauth_creds.json")
            try home.write(Self.login("token-of-b"), to: "b/oauth_creds.json")
            try configure("a")
            let daemon = try await DaemonProcess.start(home: home)
            func token() async throws -> String? {
                _ = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
                return upstream.requests.entries.last?.header("authorization")
            }
            #expect(try await token() == "Bearer token-of-a")
            try configure("b")
            #expect(try await daemon.control("reload").output == "Reloaded. Changed: oauth.directory.\n")
            #expect(try await token() == "Bearer token-of-b")
            try home.replace("b/oauth_creds.json", with: Self.login("another-of-b"))
            let end = ContinuousClock.now + .seconds(30)
            while try await token() != "Bearer another-of-b" {
                try #require(ContinuousClock.now < end, "the change was not noticed")
            }
            #expect(try await daemon.stop().status == 0)
        }
        await upstream.stop()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct EffectiveSettingTests {
    let scratch = Scratch()

    private func described(_ configuration: Configuration, _ key: String) -> EffectiveSetting? {
        configuration.describe().first { $0.key == key }
    }

    @Test func `every value says where it came from`() throws {
        let configuration = try self.scratch.load(
            "[server]\nport = 1\n[routes]\n\"claude-*\" = \"m\"\n[models.\"q*\"]\nvision = true",
            environment: ["QWEN_MODEL": "x"], flags: ["--log-level": "debug"])
        let file = self.scratch.path + "/config.toml"
        let server = self.described(configuration, "server.port")
        #expect(server == EffectiveSetting(key: "server.port", value: "1", source: .file(file, line: 2)))
        #expect(self.described(configuration, "upstream.model")?.source == .environment("QWEN_MODEL"))
        #expect(self.described(configuration, "log.level")?.source == .flag("--log-level"))
        #expect(self.described(configuration, "retry.delay")?.description == "retry.delay = 1s  # default")
        #expect(self.described(configuration, "routes.\"claude-*\"")?.value == "m")
        #expect(self.described(configuration, "models.\"q*\".vision")?.source == .file(file, line: 6))
        #expect(self.described(configuration, "upstream.base_url")?.description.contains("(not set)") == true)
    }

    @Test func `secrets are masked wherever they came from`() throws {
        let key = try self.scratch.write("sk-hidden", to: "key")
        let configuration = try self.scratch.load(
            "[server]\nlocal_api_key = \"hidden\"\n[upstream.headers]\nX-Key = \"hidden\"",
            environment: ["QWEN_API_KEY_FILE": key, "QWEN_BASE_URL": "openrouter"])
        #expect(!configuration.describe().map(\.description).joined().contains("hidden"))
        #expect(self.described(configuration, "server.local_api_key")?.value == "***")
        #expect(self.described(configuration, "upstream.headers.X-Key")?.value == "***")
        let apiKey = self.described(configuration, "upstream.api_key")
        #expect(apiKey == EffectiveSetting(key: "upstream.api_key", value: "***", source: .secretFile(key)))
    }
}

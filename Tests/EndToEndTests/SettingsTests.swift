// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct SettingsTests {
    private func check(
        _ environment: [String: String] = [:], file: String? = nil, arguments: [String] = []
    ) async throws -> ChildProcess.Outcome {
        let home = try TemporaryDirectory("c")
        if let file { try home.configure(file) }
        let all = DaemonProcess.cleanEnvironment(home: home).merging(environment) { _, ours in ours }
        return try await Gateway.alone {
            let child = try ChildProcess(BuiltProducts.daemon, ["--check-config"] + arguments, environment: all)
            return try await child.outcome()
        }
    }

    @Test func `defaults need no file`() async throws {
        let outcome = try await self.check()
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(outcome.output.contains("3455"))
    }

    @Test func `flags go over variables, variables over the file, and each source is named`() async throws {
        let outcome = try await self.check(
            ["QWEN_PORT": "4002", "QWEN_API_KEY": "sk-very-secret", "QWEN_BASE_URL": "https://example.com/v1"],
            file: "[server]\nport = 4001\nping_interval = \"7s\"\n[upstream]\nmodel = \"from-the-file\"\n",
            arguments: ["--model", "from-the-flag"])
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(outcome.output.contains("4002") && !outcome.output.contains("4001"))
        #expect(outcome.output.contains("from-the-flag") && !outcome.output.contains("from-the-file"))
        #expect(outcome.output.contains("QWEN_PORT"))
        #expect(outcome.output.contains("config.toml:3"))
        #expect(!outcome.output.contains("sk-very-secret"))
    }

    @Test func `a mistake names file, line and key, and what is allowed`() async throws {
        let outcome = try await self.check(file: "[server]\nport = 70000\n[upstream]\nmodell = \"x\"\n")
        #expect(outcome.status == 78)
        #expect(outcome.errorOutput.contains("config.toml:2"))
        #expect(outcome.errorOutput.contains("65535"))
        #expect(outcome.errorOutput.contains("config.toml:4"))
        #expect(outcome.errorOutput.contains("upstream.modell") && outcome.errorOutput.contains("upstream.model"))
    }

    @Test func `a mistake in a variable names the variable`() async throws {
        let outcome = try await self.check(["QWEN_LOG_LEVEL": "loud"])
        #expect(outcome.status == 78)
        #expect(outcome.errorOutput.contains("QWEN_LOG_LEVEL"))
        #expect(outcome.errorOutput.contains("debug"))
    }
}

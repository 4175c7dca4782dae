// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

/// What the doctor finds, from facts that the test makes up.
@Suite(.timeLimit(.minutes(1))) struct DoctorTests {
    private static let daemon = ClientSettings(baseURL: "http://127.0.0.1:3455")

    private func environment(
        _ shell: [String: String], settings: [String: String] = [:], daemon: ClientSettings = Self.daemon,
        hasClassifier: Bool = false,
    ) -> [Finding] {
        EnvironmentCheck(
            shell: { shell[$0] }, layers: [ClientSettingsLayer(path: "/s.json", env: settings)], daemon: daemon,
            hasClassifier: hasClassifier
        ).findings
    }

    private func verdicts(_ findings: [Finding]) -> [Finding.Verdict] { findings.map(\.verdict) }

    @Test(arguments: ["http://127.0.0.1:3455", "http://127.0.0.1:3455/", "http://localhost:3455"])
    func `an environment that leads to the daemon is good`(url: String) {
        #expect(self.verdicts(self.environment(["ANTHROPIC_BASE_URL": url])) == [.good])
    }

    @Test func `with only the demo, doctor says how to set a model up`() {
        let finding = Doctor.credentials(CredentialsStatus(state: .demo))
        #expect(finding.verdict == .note)
        #expect(finding.fix == "qwenproxyctl setup")
    }

    @Test func `one hint tells of auto mode, until a model judges there`() {
        func finding(_ value: String?) -> Finding? {
            Doctor.autoMode(
                hasClassifier: ConfigurationReport(
                    file: nil, files: [],
                    settings: [.init(key: "auto_mode.classifier", value: value, source: "default")],
                    pending: []
                ).hasClassifier)
        }
        #expect(finding(nil)?.verdict == .note)
        #expect(finding(nil)?.fix?.contains("auto_mode.classifier") == true)
        #expect(finding("default/judge") == nil)
        #expect(Doctor.autoMode(hasClassifier: nil) == nil)
    }

    /// The advice for those without a classifier would switch it off for the others.
    @Test func `a classifier is not advised against`() {
        let server = "CLAUDE_CODE_AUTO_MODE_SERVER"
        let quiet = ["ANTHROPIC_BASE_URL": "http://127.0.0.1:3455", "DISABLE_TELEMETRY": "1"]
        let without = self.environment(quiet)
        #expect(self.verdicts(without) == [.warning])
        #expect(without.first?.fix == "export \(server)=0")
        #expect(self.verdicts(self.environment(quiet, hasClassifier: true)) == [.good])
        let off = quiet.merging([server: "0"]) { $1 }
        #expect(self.verdicts(self.environment(off)) == [.good])
        let defeated = self.environment(off, hasClassifier: true)
        #expect(self.verdicts(defeated) == [.warning])
        #expect(defeated.first?.fix == "unset \(server)")
    }

    @Test func `what leads elsewhere is named, with the way back`() {
        #expect(self.verdicts(self.environment([:])) == [.note])
        let other = self.environment(["ANTHROPIC_BASE_URL": "https://api.anthropic.com"])
        #expect(self.verdicts(other) == [.failure])
        #expect(other.first?.fix?.contains("qwenproxyctl env") == true)
        let base = ["ANTHROPIC_BASE_URL": "http://127.0.0.1:3455"]
        for name in ClientEnvironment.defeating {
            let findings = self.environment(base.merging([name: "1"]) { $1 })
            #expect(self.verdicts(findings) == [.failure])
            #expect(findings.first?.fix == "unset \(name)")
        }
        let proxy = self.environment(base.merging(["https_proxy": "http://p:1"]) { $1 })
        #expect(proxy.first?.fix == "export NO_PROXY=127.0.0.1")
        let automatic = self.environment(base.merging(["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"]) { $1 })
        #expect(self.verdicts(automatic) == [.warning])
        let key = self.environment(
            base.merging(["ANTHROPIC_API_KEY": "wrong"]) { $1 },
            daemon: ClientSettings(baseURL: "http://127.0.0.1:3455", apiKey: "right"))
        #expect(self.verdicts(key) == [.failure])
        #expect(!key.contains { $0.text.contains("right") || $0.text.contains("wrong") })
    }

    @Test func `a key that Claude Code would ask about is noticed, and what to set instead`() throws {
        let base = ["ANTHROPIC_BASE_URL": "http://127.0.0.1:3455"]
        let alone = self.environment(base.merging(["ANTHROPIC_API_KEY": "sk-local-proxy-key"]) { $1 })
        #expect(self.verdicts(alone) == [.warning])
        #expect(alone.first?.text.contains("ANTHROPIC_AUTH_TOKEN does neither") == true)
        #expect(alone.first?.fix == "unset ANTHROPIC_API_KEY; eval \"$(qwenproxyctl env)\"")
        let both = self.environment(
            base.merging(["ANTHROPIC_API_KEY": "sk-ant-1", "ANTHROPIC_AUTH_TOKEN": "sk-local-proxy-key"]) { $1 })
        #expect(self.verdicts(both) == [.warning])
        #expect(both.first?.fix == "unset ANTHROPIC_API_KEY")
        let token = self.environment(base.merging(["ANTHROPIC_AUTH_TOKEN": "sk-local-proxy-key"]) { $1 })
        #expect(self.verdicts(token) == [.good])
        let wrong = self.environment(
            base.merging(["ANTHROPIC_AUTH_TOKEN": "x"]) { $1 },
            daemon: ClientSettings(baseURL: "http://127.0.0.1:3455", apiKey: "right"))
        #expect(self.verdicts(wrong) == [.failure])
        #expect(wrong.first?.text.hasPrefix("ANTHROPIC_AUTH_TOKEN is not the key") == true)
        let inSettings = self.environment(base, settings: ["ANTHROPIC_API_KEY": "k"])
        #expect(inSettings.first?.fix == "Take ANTHROPIC_API_KEY out of \"env\" in /s.json.")
    }

    @Test func `the settings of Claude Code win over the shell, and are what has to change`() {
        let findings = self.environment(
            ["ANTHROPIC_BASE_URL": "http://127.0.0.1:3455"],
            settings: ["ANTHROPIC_BASE_URL": "https://elsewhere.example"])
        #expect(self.verdicts(findings) == [.failure])
        #expect(findings.first?.fix == "Take ANTHROPIC_BASE_URL out of \"env\" in /s.json.")
    }

    private func units(_ service: (String, String, String), _ socket: (String, String, String)) -> [Finding] {
        func block(_ name: String, _ unit: (String, String, String)) -> String {
            "Result=success\nId=\(name)\nLoadState=\(unit.0)\nActiveState=\(unit.2)\nUnitFileState=\(unit.1)\n"
        }
        return UnitCheck.findings(
            of: UnitCheck.units(
                [
                    block("qwenproxyd.service", service), block("qwenproxyd.socket", socket),
                    block("qwenproxyd-control.socket", socket),
                ].joined(separator: "\n")))
    }

    @Test func `units are missing, disabled, dead, failed or well`() {
        #expect(self.verdicts(self.units(("not-found", "", "inactive"), ("not-found", "", "inactive"))) == [.note])
        #expect(
            self.verdicts(self.units(("loaded", "disabled", "inactive"), ("loaded", "disabled", "inactive")))
                == [.warning])
        #expect(
            self.verdicts(self.units(("loaded", "disabled", "inactive"), ("loaded", "enabled", "inactive")))
                == [.failure])
        #expect(
            self.verdicts(self.units(("loaded", "disabled", "failed"), ("loaded", "enabled", "active"))) == [.failure])
        #expect(
            self.verdicts(self.units(("loaded", "disabled", "active"), ("loaded", "enabled", "active"))) == [.good])
        #expect(
            self.verdicts(self.units(("bad-setting", "enabled", "active"), ("loaded", "enabled", "active")))
                == [.failure])
    }

    @Test func `the units that the system has for a user are looked at by their names`() {
        let names = DaemonUnits.system(user: "alice")
        let units = ([names.service] + names.sockets).map {
            UnitCheck.Unit(name: $0, load: "loaded", file: "enabled", active: "active", result: "success")
        }
        #expect(self.verdicts(UnitCheck.findings(of: units, named: names)) == [.good])
        #expect(self.verdicts(UnitCheck.findings(of: units)) == [.note])
        var failed = units
        failed[0].active = "failed"
        let finding = UnitCheck.findings(of: failed, named: names).first
        #expect(finding?.verdict == .failure)
        #expect(finding?.fix?.contains("systemctl reset-failed qwenproxyd@alice.service") == true)
    }

    @Test func `the answer to the request is understood`() {
        func finding(_ reply: String) -> Finding { RequestCheck.finding(Array(reply.utf8), after: .milliseconds(1500)) }
        let good = finding(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"type\":\"message\",\"content\":[]}")
        #expect(good.verdict == .good)
        #expect(good.text == "the model answered in 1.5s")
        let refused = finding(
            "HTTP/1.1 401 Unauthorized\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":\"x\",\"message\":\"The key is wrong.\"}}"
        )
        #expect(refused.verdict == .failure)
        #expect(refused.text == "The key is wrong.")
        #expect(finding("SSH-2.0-OpenSSH").verdict == .failure)
        #expect(finding("").verdict == .failure)
    }

    @Test(arguments: [
        ("https://example.com/v1", true, "example.com", 443), ("http://[::1]:8080/v1", false, "::1", 8080),
        ("http://h:11434", false, "h", 11434), ("https://[fe80::1]", true, "fe80::1", 443),
    ])
    func `a URL leads to a host and a port`(url: String, isSecure: Bool, host: String, port: Int) {
        let address = ServerAddress(url: url)
        #expect(address?.isSecure == isSecure)
        #expect(address?.host == host)
        #expect(address?.port == port)
    }

    @Test(arguments: ["", "example.com", "http://", "http://h:x", "ftp://h"])
    func `what is no URL leads nowhere`(url: String) {
        #expect(ServerAddress(url: url) == nil)
    }

    @Test(arguments: [
        ("http://localhost:1", true), ("http://LOCALHOST", true), ("http://127.8.9.1/v1", true),
        ("http://[::1]:3455", true),
        ("http://127.example.com", false), ("http://127.1.evil.example:80", false), ("http://10.0.0.1", false),
    ])
    func `only an address of this machine is one`(url: String, isLoopback: Bool) {
        #expect(ServerAddress(url: url)?.isLoopback == isLoopback)
    }

    @Test func `an upstream that cannot be found or reached is told apart`() {
        #expect(
            UpstreamCheck.finding("a", "http://nowhere.invalid/v1", hasProxy: false).text.contains("cannot be found"))
        #expect(UpstreamCheck.finding("a", "http://127.0.0.1:1/v1", hasProxy: false).text.contains("cannot be reached"))
        #expect(UpstreamCheck.finding("a", "http://127.0.0.1:1/v1", hasProxy: true).verdict == .skipped)
    }

    @Test func `without a daemon the doctor still examines the rest, and fails`() async throws {
        let home = try TemporaryDirectory()
        let environment = ["HOME": home.path, "PATH": "/usr/bin:/bin", "QWEN_CONTROL_SOCKET": "\(home.path)/none"]
        let output = try await ChildProcess.run(BuiltProducts.control, ["doctor", "--json"], environment: environment)
        #expect(output.status == 1)
        let object = try JSONSerialization.jsonObject(with: Data(output.output.utf8)) as? [String: Any]
        #expect(object?["isHealthy"] as? Bool == false)
        let findings = object?["findings"] as? [[String: Any]] ?? []
        #expect(findings.contains { $0["subject"] as? String == "daemon" && $0["verdict"] as? String == "failure" })
        // Nothing is configured here, and the daemon's own reader says so.
        #expect(
            findings.contains { $0["subject"] as? String == "configuration" && $0["verdict"] as? String == "warning" })
        let text = try await ChildProcess.run(BuiltProducts.control, ["doctor"], environment: environment)
        #expect(
            text.output.contains("✗ daemon: qwenproxyd is not running.\n    → systemctl --user enable --now"))
        #expect(!text.output.contains("\u{1B}"))
    }
}

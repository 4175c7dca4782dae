// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// The built program, as a script sees it.
@Suite(.timeLimit(.minutes(3))) struct QwenproxyctlTests {
    private let directory: TemporaryDirectory
    private var path: String { "\(self.directory.path)/control.sock" }

    init() throws {
        self.directory = try TemporaryDirectory()
    }

    private func ctl(_ arguments: String..., environment: [String: String] = [:]) async throws -> ChildProcess.Outcome {
        // The default patience of 5 s is for a daemon, not for a machine that runs every test at once.
        let isImpatient = arguments.contains("--timeout") || !arguments.contains("--socket")
        return try await ChildProcess.run(
            BuiltProducts.control, arguments + (isImpatient ? [] : ["--timeout", "60"]),
            environment: environment)
    }

    @Test func `status is a table for people`() async throws {
        let output = try await withControlService {
            try await self.ctl("status", "--socket", $0, environment: ["TZ": "XST-2"])
        }
        #expect(output.status == 0)
        let table = output.output
        // The user's clock, not the daemon's.
        #expect(table.contains("State: running, pid 4711, since 2027-01-15 10:00:00 XST"))
        #expect(table.contains("Listening: http 127.0.0.1:3455 (from systemd)\n"))
        #expect(table.contains("           control /run/user/7/qwenproxyd/control.sock\n"))
        #expect(table.contains("Upstream: qwen3-coder-plus at default (https://portal.qwen.ai/v1, OAuth)\n"))
        #expect(table.contains("Requests: 2 in flight (1 streaming), 30 in all, 4 failed"))
        #expect(table.contains("req_1 api_error: a\u{FFFD}[31mred"), "an escape sequence must not reach the terminal")
        #expect(output.errorOutput.isEmpty)
    }

    @Test func `status as JSON is the reply itself`() async throws {
        let output = try await withControlService { try await self.ctl("status", "--json", "--socket", $0) }
        #expect(output.status == 0)
        let status = try JSONDecoder().decode(DaemonStatus.self, from: Data(output.output.utf8))
        #expect(status == ControlFake.status)
    }

    @Test func `the socket can come from the environment`() async throws {
        let output = try await withControlService {
            try await self.ctl("status", "--timeout", "60", environment: ["QWEN_CONTROL_SOCKET": $0])
        }
        #expect(output.status == 0)
    }

    @Test func `log-level shows, sets and resets`() async throws {
        let fake = ControlFake()
        let outputs = try await withControlService(fake) { path in
            [
                try await self.ctl("log-level", "--socket", path),
                try await self.ctl("log-level", "DEBUG", "--socket", path),
                try await self.ctl("log-level", "reset", "--socket", path),
            ]
        }
        #expect(outputs.map(\.output) == ["info\nserver: trace\n", "debug\n", "info\n"])
        #expect(fake.events == [.setLogLevel(.debug, nil), .setLogLevel(nil, nil)])
        #expect(try await self.ctl("log-level", "loud", "--socket", self.path).status == 64)
    }

    @Test func `reload says what changed and what takes a restart`() async throws {
        let output = try await withControlService { try await self.ctl("reload", "--socket", $0) }
        #expect(output.status == 0)
        #expect(output.output == "Reloaded. Changed: retry.max_retries.\nTakes a restart: server.port.\n")
    }

    @Test func `what a daemon may have read is not taken back when its answer does not come`() async throws {
        let gate = Gate()
        let fake = ControlFake(
            directory: self.directory.path,
            beforeReload: {
                await withCheckedContinuation { continuation in gate.whenOpen { continuation.resume() } }
            })
        let output = try await withControlService(fake) { path in
            defer { gate.open() }
            return try await self.ctl(
                "upstream", "add", "box", "--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--auth", "none",
                "--socket", path, "--timeout", "40")
        }
        #expect(output.errorOutput.contains("did not answer in time"), "\(output)")
        #expect(output.errorOutput.contains("qwenproxyctl reload"))
        #expect(self.directory.text("config.d/upstream-box.toml")?.contains("127.0.0.1:9") == true)
    }

    @Test func `reload as JSON is the reply itself`() async throws {
        let output = try await withControlService { try await self.ctl("reload", "--json", "--socket", $0) }
        let report = try JSONDecoder().decode(ReloadReport.self, from: Data(output.output.utf8))
        #expect(
            report == ReloadReport(sources: ["file"], changed: ["retry.max_retries"], needsRestart: ["server.port"]))
    }

    @Test func `a rejected reload lists the mistakes and fails`() async throws {
        let fake = ControlFake(reload: .failure(.reloadRejected(mistakes: ["config.toml:3: server.prot is unknown"])))
        let output = try await withControlService(fake) { try await self.ctl("reload", "--socket", $0) }
        #expect(output.status == 1)
        #expect(output.errorOutput.contains("\n  config.toml:3: server.prot is unknown\n"))
    }

    @Test func `stop asks the daemon to stop`() async throws {
        let fake = ControlFake()
        let output = try await withControlService(fake) { try await self.ctl("stop", "--socket", $0) }
        #expect(output.status == 0)
        #expect(fake.events == [.stop])
    }

    @Test func `a restart names the process that serves now`() async throws {
        let (text, json) = try await withControlService {
            (
                try await self.ctl("restart", "--socket", $0),
                try await self.ctl("restart", "--json", "--socket", $0)
            )
        }
        #expect(text.output == "qwenproxyd 1.2.3 has taken over, pid 4712.\n")
        let report = try JSONDecoder().decode(RestartReport.self, from: Data(json.output.utf8))
        #expect(report == RestartReport(pid: 4712, version: "1.2.3"))
    }

    @Test func `a logout as JSON is the reply itself`() async throws {
        let output = try await withControlService { try await self.ctl("logout", "--yes", "--json", "--socket", $0) }
        let report = try JSONDecoder().decode(LogoutReport.self, from: Data(output.output.utf8))
        #expect(report == LogoutReport(path: "/home/a/.qwen/oauth_creds.json", removed: true))
    }

    @Test func `a restart that failed is told with its reason`() async throws {
        let fake = ControlFake(restart: .failure(.restartFailed(reason: "No room.")))
        let output = try await withControlService(fake) { try await self.ctl("restart", "--socket", $0) }
        #expect(output.status == 1)
        #expect(output.errorOutput.contains("the old one goes on: No room."))
        #expect(fake.events == [.restart])
    }

    @Test func `without a daemon it says what it tried and what to run`() async throws {
        let output = try await self.ctl("status", environment: ["XDG_RUNTIME_DIR": self.directory.path])
        #expect(output.status == 3)
        #expect(output.output.isEmpty)
        let user = NSUserName()
        #expect(
            output.errorOutput == """
                qwenproxyctl: qwenproxyd is not running. Tried:
                  \(self.directory.path)/qwenproxyd/control.sock: No such file or directory
                  /run/qwenproxyd/control.sock: No such file or directory
                  /run/qwenproxyd/\(user)/control.sock: No such file or directory
                Start it with "systemctl --user enable --now qwenproxyd", or run "qwenproxyd" in the foreground.

                """)
    }

    @Test func `a socket that refuses means not running`() async throws {
        let address = try #require(UnixSocketAddress(path: self.path))
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        #expect(unsafe address.withSocketAddress { unsafe bind(descriptor, $0, $1) } == 0)
        close(descriptor)
        let output = try await self.ctl("status", "--socket", self.path)
        #expect(output.status == 3)
        #expect(output.errorOutput.contains("Connection refused"))
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n\0", "\0", "{\"parameters\":{}}\0", "[]\0"])
    func `garbage means unknown`(garbage: String) async throws {
        let server = try ScriptedServer(path: self.path, script: .answer(Array(garbage.utf8)))
        let output = try await self.ctl("status", "--socket", self.path)
        #expect(output.status == 4)
        #expect(output.errorOutput.contains("does not answer like qwenproxyd"))
        server.finish()
    }

    @Test func `an answer without an end is not read for ever`() async throws {
        let server = try ScriptedServer(
            path: self.path,
            script: .answer([UInt8](repeating: 0x20, count: VarlinkFrameDecoder.defaultLimit + 100_000)))
        let output = try await self.ctl("status", "--socket", self.path)
        #expect(output.status == 4)
        server.finish()
    }

    @Test func `hanging up without an answer means unknown`() async throws {
        let server = try ScriptedServer(path: self.path, script: .hangUp)
        let output = try await self.ctl("status", "--socket", self.path)
        #expect(output.status == 4)
        #expect(output.errorOutput.contains("closed without an answer"))
        server.finish()
    }

    @Test func `a daemon that does not answer means unknown`() async throws {
        let server = try ScriptedServer(path: self.path, script: .silence)
        let output = try await self.ctl("status", "--socket", self.path, "--timeout", "0.2")
        #expect(output.status == 4)
        #expect(output.errorOutput.contains("did not answer in time"))
        server.finish()
    }

    @Test func `a daemon that does not accept means unknown`() async throws {
        let server = try ScriptedServer(path: self.path, script: .neverAccept)
        let filler = try RawClient(path: self.path)
        let output = try await self.ctl("status", "--socket", self.path, "--timeout", "0.2")
        #expect(output.status == 4)
        #expect(output.errorOutput.contains("did not answer in time"))
        withExtendedLifetime(filler) { server.finish() }
    }

    @Test(arguments: ["", String(repeating: "a", count: 200)])
    func `a path that cannot be is refused`(path: String) async throws {
        let output = try await self.ctl("status", "--socket", path)
        #expect(output.status == (path.isEmpty ? 64 : 4))
    }

    @Test(arguments: [
        (["stauts"], "There is no command \"stauts\". Did you mean \"qwenproxyctl status\"?"),
        (["upstream", "lsit"], "Did you mean \"qwenproxyctl upstream list\"?"),
        (["nonsense"], "There is no command \"nonsense\". \"qwenproxyctl --help\" has them all."),
        (["status", "extra"], "Unexpected argument"),
    ])
    func `a command that is not there is told apart from a mistake in one that is`(
        arguments: [String], text: String,
    ) async throws {
        let output = try await ChildProcess.run(BuiltProducts.control, arguments, environment: [:])
        #expect(output.status == 64)
        #expect(output.errorOutput.contains(text), "\(output.errorOutput)")
    }

    @Test func `the version is the daemon's`() async throws {
        #expect(try await self.ctl("--version").output == "qwenproxyctl \(Version.current)\n")
    }
}

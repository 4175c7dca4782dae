// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The daemon on a socket that another program opened, as systemd does it.
@Suite struct SocketActivationTests {
    private static let activator = "/usr/bin/systemd-socket-activate"
    /// Stays beside the activator, which closes what it inherits: Foundation takes that for its end, and hears of no other
    /// program's end until it has come.
    private static let shell = #""$0" "$@"; exit $?"#

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: Self.activator)))
    func `the first connection is answered on the inherited socket`() async throws {
        try await Self.activated(on: "127.0.0.1", home: TemporaryDirectory("d")) { _, _ in }
    }

    /// The address of the socket is no setting, and stays open to other machines whatever the settings become.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: Self.activator)))
    func `a reload cannot take the key from a socket that other machines reach`() async throws {
        let home = try TemporaryDirectory("d")
        try home.configure("[server]\nlocal_api_key = \"local\"")
        try await Self.activated(on: "0.0.0.0", home: home) { port, environment in
            try home.configure("[log]\nlevel = \"debug\"")
            let reload = try await ChildProcess.run(BuiltProducts.control, ["reload"], environment: environment)
            #expect(reload.status != 0)
            #expect(reload.errorOutput.contains("server.local_api_key: other machines could use"), "\(reload)")
            #expect(reload.errorOutput.contains("0.0.0.0:\(port)"), "\(reload)")
            for (headers, status) in [([:], 401), (["x-api-key": "local"], 200)] {
                let client = try await Self.connect(port: port)
                #expect(try await client.exchange("GET", "/v1/models", headers: headers).status == status)
            }
        }
    }

    /// Runs `test` with a daemon that was started for a connection, and then demands that it ends when asked to.
    private static func activated(
        on host: String, home: TemporaryDirectory, test: (Int, [String: String]) async throws -> Void
    ) async throws {
        try await Gateway.alone {
            let port = try await Self.freePort()
            var environment = DaemonProcess.cleanEnvironment(home: home)
            environment["QWEN_CONTROL_SOCKET"] = home.path("control.sock")
            let notifications = try await NotifySocket.bind(path: home.path("n.sock"))
            environment["NOTIFY_SOCKET"] = notifications.path
            let passed = environment.keys.flatMap { ["-E", $0] }
            let activation = ["-l", "\(host):\(port)", "--fdname=http"] + passed + [BuiltProducts.daemon]
            let process = try ChildProcess(
                "/bin/sh", ["-c", Self.shell, Self.activator] + activation, environment: environment)
            let client = try await Self.connect(port: port)
            let reply = try await client.exchange("GET", "/healthz")
            #expect(reply.status == 200)
            _ = try await notifications.value(of: "READY")
            try await test(port, environment)
            let stop = try await ChildProcess.run(BuiltProducts.control, ["stop"], environment: environment)
            #expect(stop.status == 0, "\(stop.errorOutput)")
            #expect(try await process.outcome().status == 0)
        }
    }

    /// Nothing tells when the activator listens, so connecting is tried until it does.
    private static func connect(port: Int) async throws -> HTTPClient {
        let start = ContinuousClock.now
        while true {
            do {
                return try await HTTPClient.connect(port: port)
            } catch  where ContinuousClock.now - start < .seconds(10) {
                await Task.yield()
            }
        }
    }

    private static func freePort() async throws -> Int {
        let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("unused")))
        let port = try #require(URL(string: upstream.baseURL)?.port)
        await upstream.stop()
        return port
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The daemon on a socket that another program opened, as systemd does it.
@Suite struct SocketActivationTests {
    private static let activator = "/usr/bin/systemd-socket-activate"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: Self.activator)))
    func `the first connection is answered on the inherited socket`() async throws {
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            let port = try await Self.freePort()
            var environment = DaemonProcess.cleanEnvironment(home: home)
            environment["QWEN_CONTROL_SOCKET"] = home.path("control.sock")
            let notifications = try await NotifySocket.bind(path: home.path("n.sock"))
            environment["NOTIFY_SOCKET"] = notifications.path
            let passed = environment.keys.flatMap { ["-E", $0] }
            let process = try ChildProcess(
                Self.activator, ["-l", "127.0.0.1:\(port)", "--fdname=http"] + passed + [BuiltProducts.daemon],
                environment: environment)
            let client = try await Self.connect(port: port)
            let reply = try await client.exchange("GET", "/healthz")
            #expect(reply.status == 200)
            _ = try await notifications.value(of: "READY")
            process.send(SIGTERM)
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

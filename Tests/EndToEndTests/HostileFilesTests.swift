// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// Files that the daemon reads, when they are no files, or not what anybody would write. It never waits for one, and serves
/// again as soon as a good one is there.
@Suite struct HostileFilesTests {
    enum Shape: CaseIterable {
        case fifo
        case directory
        case device
        case loop
        case nowhere
        case sparse
        case deep
        case manyValues
        case binary

        /// Puts it at `name`, of which nothing is there.
        func make(_ name: String, in home: TemporaryDirectory) throws {
            let path = home.path(name)
            switch self {
            case .fifo: try #require(unsafe mkfifo(path, 0o600) == 0)
            case .directory: try home.makeDirectory(name)
            case .device: try #require(unsafe symlink("/dev/zero", path) == 0)
            case .loop: try #require(unsafe symlink(path, path) == 0)
            case .nowhere: try #require(unsafe symlink("/nowhere/at/all", path) == 0)
            case .sparse:
                try home.write("", to: name)
                try #require(unsafe truncate(path, 1 << 30) == 0)
            case .deep: try home.write(String(repeating: "[", count: 60_000), to: name)
            case .manyValues:
                try home.write("{\"a\":[" + String(repeating: "[],", count: 20_000) + "1]}", to: name)
            case .binary: try home.write(Data((0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 167) }), to: name)
            }
        }
    }

    @Test(arguments: Shape.allCases)
    func `a login that is no file is a login that cannot be used, and a good one is at once`(
        _ shape: Shape
    ) async throws {
        try await Gateway.alone {
            let login = try await Login(expiry: nil)
            try shape.make(Login.fileName, in: login.home)
            let daemon = try await login.daemon()
            let refused = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(refused.status == 401)
            #expect(refused.json["error"]?["type"] == "authentication_error")
            #expect(login.upstream.requests.count == 0)
            let status = try await daemon.control("status")
            #expect(status.status == 0, "\(status.errorOutput)")
            try login.home.remove(Login.fileName)
            try login.write(expiry: 3600)
            _ = try await login.wait(for: "valid", daemon)
            #expect(try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false)).status == 200)
            let peak = try #require(daemon.memory("VmHWM"))
            #expect(peak < 150 << 10, "\(peak) KB")
            #expect(try await daemon.stop().status == 0)
            await login.stop()
        }
    }

    @Test(arguments: [".local/state/qwenproxyd/knowledge.json", "config/qwenproxyd/catalog.json"], Shape.allCases)
    func `what is known about models may be anything, and the daemon serves`(
        _ name: String, _ shape: Shape
    ) async throws {
        try await Gateway.alone {
            let home = try self.home(with: shape, at: name)
            let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
            let daemon = try await DaemonProcess.start(upstream: upstream, home: home)
            let answer = try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false))
            // A catalogue that a person wrote is meant: its mistakes are told.
            if answer.status != 200 {
                #expect(name.hasSuffix("catalog.json") && answer.text.contains(name), "\(answer.text)")
                try home.remove(name)
                let again = try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false))
                #expect(again.status == 200, "\(again.text)")
            }
            #expect(try await daemon.control("models").status == 0)
            let peak = try #require(daemon.memory("VmHWM"))
            #expect(peak < 150 << 10, "\(peak) KB")
            #expect(try await daemon.stop().status == 0)
            await upstream.stop()
        }
    }

    @Test(arguments: ["config/qwenproxyd/config.toml", "config/qwenproxyd/config.d/50-x.toml"], Shape.allCases)
    func `settings that are no file are told, never waited for`(_ name: String, _ shape: Shape) async throws {
        try await Gateway.alone {
            let home = try self.home(with: shape, at: name)
            let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("Hi")))
            let daemon = try await DaemonProcess.start(upstream: upstream, home: home)
            let refused = try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false))
            #expect(refused.status >= 400 && refused.text.contains(name), "\(refused.text)")
            #expect(upstream.requests.count == 0)
            let check = try await daemon.control("config", "check")
            #expect(check.status != 0 && (check.output + check.errorOutput).contains(name), "\(check.output)")
            try home.remove(name)
            let mended = try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false))
            #expect(mended.status == 200, "\(mended.text)")
            #expect(try await daemon.stop().status == 0)
            await upstream.stop()
        }
    }

    private func home(with shape: Shape, at name: String) throws -> TemporaryDirectory {
        let home = try TemporaryDirectory("d")
        // For the directories above it.
        try home.makeDirectory(name)
        try home.remove(name)
        try shape.make(name, in: home)
        return home
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Shared
import Synchronization
import TestSupport
import Testing

@testable import Control

@Suite(.timeLimit(.minutes(1))) struct ControlServiceTests {
    private static func call(_ method: String, _ parameters: String = "{}", flags: String = "") -> String {
        #"{"method":"\#(method)","parameters":\#(parameters)\#(flags)}"# + "\0"
    }

    @Test func `calls in one piece are answered in their order`() async throws {
        let fake = ControlFake()
        try await withControlService(
            fake,
            blocking: { path in
                let client = try RawClient(path: path)
                try client.send(
                    Self.call("io.qwenproxy.Control.SetLogLevel", #"{"level":"debug"}"#)
                        + Self.call("io.qwenproxy.Control.Fly")
                        + Self.call("io.qwenproxy.Control.Reload")
                        + Self.call(
                            "io.qwenproxy.Control.SetLogLevel", #"{"level":"trace"}"#, flags: #","oneway":true"#)
                        + Self.call("a.b.C")
                        + Self.call("io.qwenproxy.Control.SetLogLevel", #"{"level":7}"#)
                        + Self.call("io.qwenproxy.Control.Stop"))
                let frames = try client.frames(6)
                #expect(
                    frames == [
                        #"{"parameters":{"level":"debug","subsystems":[{"level":"debug","name":"server"}]}}"#,
                        #"{"error":"org.varlink.service.MethodNotFound","#
                            + #""parameters":{"method":"io.qwenproxy.Control.Fly"}}"#,
                        #"{"parameters":{"changed":["retry.max_retries"],"needsRestart":["server.port"],"#
                            + #""sources":["file"]}}"#,
                        #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"a.b"}}"#,
                        #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"level"}}"#,
                        #"{"parameters":{}}"#,
                    ])
                #expect(fake.events == [.setLogLevel(.debug, nil), .reload, .setLogLevel(.trace, nil), .stop])
            })
    }

    @Test func `no reply holds a secret but the one that is there to tell it`() async throws {
        // What the fake says of itself.
        let secrets = ["/planted-secret", "it's a key"]
        for secret in secrets { Redactor.process.add(secret) }
        defer { for secret in secrets { Redactor.process.remove(secret) } }
        try await withControlService(
            ControlFake(configurationFile: "/planted-secret"),
            blocking: { path in
                let client = try RawClient(path: path)
                try client.send(
                    ["GetConfiguration", "GetClientSettings"].map {
                        Self.call("io.qwenproxy.Control.\($0)")
                    }.joined())
                let frames = try client.frames(2)
                #expect(frames[0].contains(#""file":"***""#))
                #expect(frames[1].contains("it's a key"))
            })
    }

    @Test func `the answer to a call that ends the service still goes out`() async throws {
        // What `Stop` brings about can be quicker than its own answer.
        let fake = ControlFake(beforeStatus: { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } })
        try await withControlService(
            fake,
            blocking: { path in
                let client = try RawClient(path: path)
                try client.send(Self.call("io.qwenproxy.Control.GetStatus"))
                #expect(try client.frames(1).count == 1)
            })
    }

    @Test func `a rejected reload says why`() async throws {
        let fake = ControlFake(reload: .failure(.reloadRejected(mistakes: ["config.toml:3: no"])))
        try await withControlService(
            fake,
            blocking: { path in
                let client = try RawClient(path: path)
                try client.send(Self.call("io.qwenproxy.Control.Reload"))
                let frames = try client.frames(1)
                let expected =
                    #"{"error":"io.qwenproxy.Control.ReloadRejected","parameters":{"mistakes":["config.toml:3: no"]}}"#
                #expect(frames == [expected])
            })
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n\0", "\0", "{}\0", "[1]\0"])
    func `a client that does not speak Varlink is disconnected`(text: String) async throws {
        try await withControlService(blocking: { path in
            let client = try RawClient(path: path)
            try client.send(text)
            #expect(try client.isClosedByPeer())
        })
    }

    @Test func `a frame over the limit is hung up on before its end`() async throws {
        var limits = ControlLimits()
        limits.frameLength = 1000
        try await withControlService(
            limits: limits,
            blocking: { path in
                let client = try RawClient(path: path)
                try client.send([UInt8](repeating: 0x20, count: 1001))
                #expect(try client.isClosedByPeer())
            })
    }

    @Test func `a connection over the limit is closed, and a freed place can be taken`() async throws {
        var limits = ControlLimits()
        limits.connections = 2
        try await withControlService(
            limits: limits,
            blocking: { path in
                let first = try RawClient(path: path)
                var second: RawClient? = try RawClient(path: path)
                for client in [first, second] {
                    try client?.send(Self.call("io.qwenproxy.Control.Stop"))
                    #expect(try client?.frames(1).count == 1)
                }
                let third = try RawClient(path: path)
                #expect(try third.isClosedByPeer())
                second = nil
                // The service learns of the hang-up on its own time, so the place may take a few attempts.
                var answers = 0
                while answers == 0 {
                    let client = try RawClient(path: path)
                    guard (try? client.send(Self.call("io.qwenproxy.Control.Stop"))) != nil else { continue }
                    answers = try client.frames(1).count
                }
                #expect(answers == 1)
            })
    }

    @Test func `an idle connection is closed`() async throws {
        var limits = ControlLimits()
        limits.idle = .milliseconds(50)
        try await withControlService(
            limits: limits,
            blocking: { path in
                let client = try RawClient(path: path)
                #expect(try client.isClosedByPeer())
            })
    }

    @Test func `a client that does not read is stopped, and others are still served`() async throws {
        try await withControlService(blocking: { path in
            let slow = try RawClient(path: path)
            let calls = Array(String(repeating: Self.call("io.qwenproxy.Control.GetStatus"), count: 200).utf8)
            // The kernel's queues in both directions and our small window fill up; then no more is taken.
            var pieces = 0
            while slow.sendWithoutWaiting(calls) {
                pieces += 1
                try #require(pieces < 10_000, "the service takes calls without bound")
            }
            let quick = try RawClient(path: path)
            try quick.send(Self.call("io.qwenproxy.Control.Stop"))
            #expect(try quick.frames(1) == [#"{"parameters":{}}"#])
        })
    }

    @Test func `a client that never reads its answers is closed in the end`() async throws {
        var limits = ControlLimits()
        limits.idle = .milliseconds(100)
        try await withControlService(
            limits: limits,
            blocking: { path in
                let slow = try RawClient(path: path)
                let call = Array(Self.call("io.qwenproxy.Control.GetStatus").utf8)
                // Sending fails with EPIPE once the service has given up.
                #expect(throws: RawClient.Failure.self) {
                    while true { try slow.send(call) }
                }
            })
    }

    @Test func `stopping just after connections came closes them, served or not`() async throws {
        for _ in 0..<20 {
            let clients = try await withControlService(blocking: { path in
                try (0..<10).map { _ in try RawClient(path: path) }
            })
            for client in clients {
                #expect(try client.isClosedByPeer())
            }
        }
    }

    @Test func `cancelling closes connections and removes the socket`() async throws {
        let (path, client) = try await withControlService(blocking: { path in
            let client = try RawClient(path: path)
            try client.send(Self.call("io.qwenproxy.Control.Stop"))
            #expect(try client.frames(1).count == 1)
            return (path, client)
        })
        #expect(try client.isClosedByPeer())
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Shared
import TestSupport
import Testing

@testable import Control

/// Calls with several replies, and what their clients can do to the daemon: nothing.
@Suite(.timeLimit(.minutes(1))) struct SeveralRepliesTests {
    private static let monitor = #"{"method":"io.qwenproxy.Control.Monitor","more":true}"# + "\0"
    private static let stop = #"{"method":"io.qwenproxy.Control.Stop"}"# + "\0"

    private func reply(_ frame: String) throws -> (total: Int, isLast: Bool) {
        let reply = try ControlReply.decodeOneOfSeveral(MonitorReport.self, from: Array(frame.utf8))
        return (reply.parameters.requests.total, reply.isLast)
    }

    @Test func `replies come in their order, the last one ends the call, and the next call is served`() async throws {
        try await withControlService(blocking: { path in
            let client = try RawClient(path: path)
            try client.send(Self.monitor + Self.stop)
            let frames = try client.frames(4)
            let replies = try frames.prefix(3).map(self.reply)
            #expect(replies.map(\.total) == [1, 2, 3])
            #expect(replies.map(\.isLast) == [false, false, true])
            #expect(frames.last == #"{"parameters":{}}"#)
        })
    }

    @Test func `a caller that does not take several replies gets the standard error`() async throws {
        let fake = ControlFake()
        try await withControlService(
            fake,
            blocking: { path in
                let client = try RawClient(path: path)
                try client.send(#"{"method":"io.qwenproxy.Control.Monitor"}"# + "\0")
                #expect(try client.frames(1) == [#"{"error":"org.varlink.service.ExpectedMore","parameters":{}}"#])
            })
        #expect(fake.events.isEmpty)
    }

    @Test func `a oneway call with several replies gets none`() async throws {
        try await withControlService(blocking: { path in
            let client = try RawClient(path: path)
            try client.send(
                #"{"method":"io.qwenproxy.Control.Monitor","more":true,"oneway":true}"# + "\0" + Self.stop)
            #expect(try client.frames(1) == [#"{"parameters":{}}"#])
        })
    }

    @Test func `a client that hangs up ends a call that has nothing to say`() async throws {
        let ended = DispatchSemaphore(value: 0)
        let fake = ControlFake(monitor: { report in
            report(ControlFake.report(total: 1))
            // Only cancelling ends this.
            try? await Task.sleep(for: .seconds(3600))
            ended.signal()
            return ControlFake.report(total: 2)
        })
        try await withControlService(
            fake,
            blocking: { path in
                var client: RawClient? = try RawClient(path: path)
                try client?.send(Self.monitor)
                #expect(try client?.frames(1).count == 1)
                client = nil
                #expect(ended.wait(timeout: .now() + 50) == .success)
            })
    }

    @Test func `clients that only listen leave places for the others`() async throws {
        var limits = ControlLimits()
        limits.lastingCalls = 2
        let fake = ControlFake(monitor: { report in
            report(ControlFake.report(total: 1))
            // Only cancelling ends this.
            try? await Task.sleep(for: .seconds(3600))
            return ControlFake.report(total: 2)
        })
        try await withControlService(
            fake, limits: limits,
            blocking: { path in
                var listeners = try (1...2).map { _ in try RawClient(path: path) }
                for listener in listeners {
                    try listener.send(Self.monitor)
                    #expect(try listener.frames(1).count == 1)
                }
                // One more is refused, and may ask for something else.
                let other = try RawClient(path: path)
                try other.send(Self.monitor + Self.stop)
                #expect(
                    try other.frames(2) == [
                        #"{"error":"io.qwenproxy.Control.Busy","parameters":{}}"#, #"{"parameters":{}}"#,
                    ])
                listeners.removeLast()
                // The service learns of the hang-up on its own time, so the place may take a few attempts.
                var isBusy = true
                while isBusy {
                    try other.send(Self.monitor)
                    isBusy = try other.frames(1).first?.contains("Busy") ?? false
                }
                withExtendedLifetime(listeners) {}
            })
    }

    /// Far more is reported than the sockets' queues hold, and never does a report wait.
    @Test func `a client that never reads delays no other and is closed in the end`() async throws {
        var limits = ControlLimits()
        limits.idle = .seconds(10)
        let ended = DispatchSemaphore(value: 0)
        let fake = ControlFake(monitor: { report in
            while !Task.isCancelled {
                for total in 1...8 { report(ControlFake.report(total: total)) }
                try? await Task.sleep(for: .milliseconds(1))
            }
            ended.signal()
            return ControlFake.report(total: 0)
        })
        try await withControlService(
            fake, limits: limits,
            blocking: { path in
                let dead = try RawClient(path: path)
                try dead.send(Self.monitor)
                // Meanwhile another client is served.
                let quick = try RawClient(path: path)
                try quick.send(Self.stop)
                #expect(try quick.frames(1) == [#"{"parameters":{}}"#])
                #expect(ended.wait(timeout: .now() + 120) == .success)
                withExtendedLifetime(dead) {}
            })
    }

    @Test func `a slow client loses the oldest replies, never the newest`() async throws {
        let isWaiting = AsyncStream.makeStream(of: Void.self)
        let fake = ControlFake(monitor: { report in
            // More than the sockets and the window hold.
            for total in 1...20_000 { report(ControlFake.report(total: total)) }
            isWaiting.continuation.yield()
            return ControlFake.report(total: 0)
        })
        try await withControlService(fake) { path in
            let client = try RawClient(path: path)
            try client.send(Self.monitor)
            await isWaiting.stream.first { true }
            let totals = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try self.totals(from: client) }) }
            }
            #expect(totals == totals.sorted())
            #expect(totals.suffix(8) == Array(19_993...20_000))
            #expect(totals.count < 20_000)
        }
    }

    /// What comes before the last reply.
    private func totals(from client: RawClient) throws -> [Int] {
        var decoder = VarlinkFrameDecoder()
        var totals: [Int] = []
        while let bytes = try client.receive() {
            decoder.receive(bytes)
            while let frame = try decoder.next() {
                let reply = try self.reply(String(decoding: frame, as: UTF8.self))
                guard !reply.isLast else { return totals }
                totals.append(reply.total)
            }
        }
        throw RawClient.Failure(call: "end of stream", code: 0)
    }
}

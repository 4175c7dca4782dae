// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import Server

private let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct ResponseWriterTests {
    @Test func `a stream begins with its preamble and ends with a connection still good`() async throws {
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .seconds(60))
                #expect(!writer.hasWrittenContent)
                writer.write(bytes("one"))
                #expect(writer.hasWrittenContent)
                writer.write(bytes(" two"))
                writer.flush()
                writer.finish()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                for _ in 0..<2 {
                    try client.send(request)
                    let answer = try await client.receiveAnswer()
                    #expect(answer.body == "<one two")
                    #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
                    #expect(answer.headers["cache-control"] == "no-cache")
                }
            })
    }

    @Test func `bytes from another thread arrive in order and complete`() async throws {
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: [], keepAlive: bytes("k"), interval: .seconds(60))
                await withCheckedContinuation { continuation in
                    Thread.detachNewThread {
                        for number in 0..<5000 {
                            writer.write(bytes("\(number),"))
                            if number % 3 == 0 { writer.flush() }
                        }
                        writer.finish()
                        continuation.resume()
                    }
                }
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send(request)
                #expect(try await client.receiveAnswer().body == (0..<5000).map { "\($0)," }.joined())
            })
    }

    @Test func `streams on several event loops get all that one thread writes to them in turn`() async throws {
        let count = 24
        let writers = Mutex<[ResponseWriter]>([])
        let everybody = Latch()
        try await withServer(
            eventLoops: 3,
            respond: { _, writer in
                writer.openStream(preamble: [], keepAlive: bytes("k"), interval: .seconds(60))
                let arrived = writers.withLock { writers in
                    writers.append(writer)
                    return writers.count
                }
                if arrived == count {
                    Thread.detachNewThread {
                        let writers = writers.withLock { $0 }
                        for round in 0..<200 {
                            for (number, writer) in writers.enumerated() where (round + number) % 3 > 0 {
                                writer.write(bytes("\(round),"))
                                writer.flush()
                            }
                        }
                        for writer in writers { writer.write(bytes("end")) }
                        for writer in writers { writer.finish() }
                        everybody.open()
                    }
                }
                await everybody.wait()
            },
            test: { _, port in
                let clients = try (0..<count).map { _ in try TestClient(port: port) }
                for client in clients { try client.send(request) }
                var bodies: [String] = []
                for client in clients { bodies.append(try await client.receiveAnswer().body) }
                let expected = (0..<count).map { number in
                    (0..<200).filter { ($0 + number) % 3 > 0 }.map { "\($0)," }.joined() + "end"
                }
                #expect(bodies.sorted() == expected.sorted())
            })
    }

    @Test func `a silent stream is kept alive, its head included`() async throws {
        let enough = Latch()
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .milliseconds(5))
                await enough.wait()
                #expect(!writer.hasWrittenContent)
                writer.write(bytes(">"))
                writer.finish()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send(request)
                try await client.receive(through: "\r\n\r\n1\r\n<\r\n1\r\nk\r\n1\r\nk\r\n1\r\nk\r\n")
                enough.open()
                try await client.receive(through: "1\r\n>\r\n0\r\n\r\n")
            })
    }

    @Test func `before the head a failure is a status`() async throws {
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .seconds(60))
                writer.fail(beforeHead: .text("no", status: 529), inStream: bytes("!"))
            },
            test: { _, port in
                let client = try TestClient(port: port)
                for _ in 0..<2 {
                    try client.send(request)
                    let answer = try await client.receiveAnswer()
                    #expect(answer.status == 529)
                    #expect(answer.body == "no")
                    #expect(answer.headers["connection"] == "keep-alive")
                }
            })
    }

    @Test func `after the head a failure is the last part of a well-formed stream`() async throws {
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .seconds(60))
                writer.write(bytes("some"))
                writer.fail(beforeHead: .text("no", status: 529), inStream: bytes("!"))
                writer.write(bytes("too late"))
                writer.finish()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send(request)
                #expect(try await client.receiveAnswer().body == "<some!")
                #expect(try await client.receiveAll().isEmpty)
            })
    }

    @Test func `a whole response may still follow an opened stream, but not a written one`() async throws {
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .seconds(60))
                writer.send(.text("whole"))
                writer.send(.text("ignored"))
                writer.write(bytes("ignored"))
                writer.finish()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                for _ in 0..<2 {
                    try client.send(request)
                    #expect(try await client.receiveAnswer().body == "whole")
                }
            })
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .seconds(60))
                writer.write(bytes("stream"))
                writer.send(.text("ignored"))
                writer.finish()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send(request)
                #expect(try await client.receiveAnswer().body == "<stream")
            })
    }

    @Test func `a responder without a word is answered for, and one that stops half-way is not covered up`()
        async throws
    {
        let silent: @Sendable (borrowing InboundRequest, ResponseWriter) async -> Void = { _, _ in }
        try await withServer(respond: silent) { _, port in
            let client = try TestClient(port: port)
            for _ in 0..<2 {
                try client.send(request)
                #expect(try await client.receiveAnswer().status == 500)
            }
        }
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: bytes("<"), keepAlive: bytes("k"), interval: .seconds(60))
                writer.write(bytes("half"))
                writer.flush()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send(request)
                let all = String(decoding: try await client.receiveAll(), as: UTF8.self)
                #expect(all.hasSuffix("4\r\nhalf\r\n"))
            })
    }

    @Test(arguments: [false, true])
    func `a hang-up cancels the responder at once`(inStream: Bool) async throws {
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let (ends, ended) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        try await withServer(
            respond: { _, writer in
                await withTaskCancellationHandler {
                    if inStream {
                        writer.openStream(preamble: [], keepAlive: bytes("k"), interval: .seconds(60))
                        writer.write(bytes("begun"))
                        writer.flush()
                    }
                    started.finish()
                    await Latch().wait()
                } onCancel: {
                    ended.yield(.now)
                    ended.finish()
                }
            },
            test: { server, port in
                let client = try TestClient(port: port)
                try client.send(request)
                for await _ in starts {}
                if inStream { try await client.receive(through: "begun") }
                let hungUp = ContinuousClock.now
                client.hangUp()
                for await instant in ends {
                    // The promise is 100 ms; the rest is for a machine that is busy with other tests.
                    #expect(hungUp.duration(to: instant) < .seconds(1))
                }
            })
    }

    @Test func `a hang-up is noticed behind a pipelined request, too`() async throws {
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        try await withServer(
            respond: { _, _ in
                await withTaskCancellationHandler {
                    started.finish()
                    await Latch().wait()
                } onCancel: {
                    ended.finish()
                }
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send(request + request)
                for await _ in starts {}
                client.hangUp()
                for await _ in ends {}
            })
    }

    @Test func `a client that does not read causes congestion, and loses nothing`() async throws {
        let total = 16 << 20
        let drains = Counter()
        let heldBeforeCongestion = Counter()
        let congested = Latch()
        try await withServer(
            respond: { _, writer in
                let (drained, drain) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                writer.onDrained {
                    drains.add(1)
                    drain.yield()
                }
                writer.openStream(preamble: [], keepAlive: bytes("k"), interval: .seconds(60))
                var drainedIterator = drained.makeAsyncIterator()
                var sent = 0
                while sent < total {
                    let block = Self.block(at: sent)
                    writer.write(block)
                    writer.flush()
                    sent += block.count
                    if drains.value == 0, !writer.isCongested { heldBeforeCongestion.raise(to: sent) }
                    if writer.isCongested {
                        congested.open()
                        await drainedIterator.next()
                    }
                }
                writer.finish()
            },
            test: { server, port in
                let client = try TestClient(port: port, receiveBuffer: 4096)
                try client.send(request)
                // Nothing is read before the server has had enough.
                await congested.wait()
                let body = Array(try await client.receiveAnswer().body.utf8)
                #expect(body.count == total)
                for start in stride(from: 0, to: total, by: 16 << 10) {
                    #expect(body[start..<(start + (16 << 10))].elementsEqual(Self.block(at: start)))
                }
            })
        #expect(drains.value > 0)
        // The kernel's part is bounded too; by itself it would take four megabytes.
        #expect(heldBeforeCongestion.value < 1 << 20)
    }

    /// A part of a long body, different from its neighbours.
    private static func block(at offset: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "a") + UInt8((offset >> 14) % 23), count: 16 << 10)
    }

    @Test func `a client that never reads again is cut off`() async throws {
        var configuration = ServerConfiguration()
        configuration.stallTimeout = .milliseconds(30)
        let cancelled = Latch()
        try await withServer(
            configuration,
            respond: { _, writer in
                await withTaskCancellationHandler {
                    writer.openStream(preamble: [], keepAlive: bytes("k"), interval: .seconds(60))
                    for _ in 0..<64 { writer.write([UInt8](repeating: 0x61, count: 1 << 20)) }
                    writer.flush()
                    await Latch().wait()
                } onCancel: {
                    cancelled.open()
                }
            },
            test: { _, port in
                let client = try TestClient(port: port, receiveBuffer: 4096)
                try client.send(request)
                await cancelled.wait()
            })
    }
}

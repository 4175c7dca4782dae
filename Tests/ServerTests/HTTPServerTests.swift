// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import Server

private let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

@Suite struct HTTPServerTests {
    @Test func `quiescing closes idle connections and lets a stream end`() async throws {
        let begun = Latch()
        let goOn = Latch()
        try await withServer(
            respond: { request, writer in
                guard request.path == "/stream" else { return writer.send(.text("short")) }
                writer.openStream(preamble: [], keepAlive: [0x6B], interval: .seconds(60))
                writer.write(Array("first".utf8))
                writer.flush()
                begun.open()
                await goOn.wait()
                writer.write(Array(" last".utf8))
                writer.finish()
            },
            test: { server, port in
                let idle = try TestClient(port: port)
                try idle.send(request)
                _ = try await idle.receiveAnswer()
                let busy = try TestClient(port: port)
                try busy.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                await begun.wait()
                #expect(server.connections == 2)
                #expect(server.activeRequests == 1)

                async let end: Void = server.quiesce(deadline: .now + .seconds(30))
                #expect(try await idle.receiveAll().isEmpty)
                #expect(throws: TestClient.Failure.self) { try TestClient(port: port) }
                goOn.open()
                #expect(try await busy.receiveAnswer().body == "first last")
                #expect(try await busy.receiveAll().isEmpty)
                await end
                #expect(server.connections == 0)
                #expect(server.activeRequests == 0)
            })
    }

    @Test func `a request that comes just behind the stop is answered`() async throws {
        // No request needs so long, and no client waits so long after its answer.
        var patient = ServerConfiguration()
        patient.stopGrace = .seconds(60)
        try await withServer(patient) { server, port in
            let used = try TestClient(port: port)
            try used.send(request)
            _ = try await used.receiveAnswer()
            let fresh = try TestClient(port: port)
            while server.connections < 2 { await Task.yield() }
            async let end: Void = server.quiesce(deadline: .now + .seconds(120))
            // From here on no connection is accepted: the stop has begun.
            while (try? TestClient(port: port)) != nil { await Task.yield() }
            for client in [used, fresh] {
                try client.send(request)
                let answer = try await client.receiveAnswer()
                #expect(answer.status == 200)
                #expect(answer.headers["connection"] == "close")
                #expect(try await client.receiveAll().isEmpty)
            }
            await end
        }
    }

    @Test func `a response that begins after the stop says that the connection ends`() async throws {
        let begun = Latch()
        let goOn = Latch()
        try await withServer(
            respond: { request, writer in
                guard request.path == "/late" else { return writer.send(.text("at once")) }
                begun.open()
                await goOn.wait()
                writer.send(.text("late"))
            },
            test: { server, port in
                let idle = try TestClient(port: port)
                try idle.send(request)
                let half = try TestClient(port: port)
                try half.send("GET /unfinished HT")
                let client = try TestClient(port: port)
                try client.send("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try await idle.receiveAnswer()
                await begun.wait()
                async let end: Void = server.quiesce(deadline: .now + .seconds(30))
                // When this one is closed the stop has reached the connections.
                #expect(try await idle.receiveAll().isEmpty)
                // Half of a head is waited for, and its other half is refused.
                try half.send("TP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await half.receiveAnswer().status == 503)
                half.hangUp()
                goOn.open()
                let answer = try await client.receiveAnswer()
                #expect(answer.body == "late")
                #expect(answer.headers["connection"] == "close")
                await end
            })
    }

    @Test func `after the deadline everything is cut`() async throws {
        let begun = Latch()
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: [], keepAlive: [0x6B], interval: .seconds(60))
                writer.write(Array("begun".utf8))
                writer.flush()
                begun.open()
                await Latch().wait()
            },
            test: { server, port in
                let client = try TestClient(port: port)
                try client.send(request)
                await begun.wait()
                await server.quiesce(deadline: .now + .milliseconds(20))
                #expect(server.connections == 0)
                #expect(!String(decoding: try await client.receiveAll(), as: UTF8.self).hasSuffix("0\r\n\r\n"))
            })
    }

    @Test func `an inherited socket is served, and its queue outlives us`() async throws {
        let (listener, port) = try Self.makeListener()
        let copy = dup(listener)
        defer { close(copy) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = HTTPServer(
            responder: ClosureResponder(body: echo),
            group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        )
        // This client spoke before it was served. On a busy machine a head sent later could miss its time limit.
        let early = try TestClient(port: port)
        try early.send(request)
        try await server.adopt(socket: listener)
        #expect(server.localAddresses == [ListeningAddress(host: "127.0.0.1", port: port)])
        #expect(try await early.receiveAnswer().status == 200)
        await server.quiesce(deadline: .now + .seconds(10))
        #expect(server.localAddresses.isEmpty)
        // The service manager's copy still queues clients for our successor.
        let next = try TestClient(port: port)
        let accepted = accept(copy, nil, nil)
        #expect(accepted >= 0)
        close(accepted)
        withExtendedLifetime(next) {}
        try await group.shutdownGracefully()
    }

    @Test func `several listeners are one server`() async throws {
        try await withServer { server, port in
            try await server.bind(host: "127.0.0.1", port: 0)
            try await server.bind(host: "::1", port: 0)
            let addresses = server.localAddresses
            #expect(addresses.count == 3)
            #expect(addresses[2].description.hasPrefix("[::1]:"))
            for address in addresses.prefix(2) {
                let client = try TestClient(port: try #require(address.port))
                try client.send(request)
                #expect(try await client.receiveAnswer().status == 200)
            }
        }
    }

    @Test func `an address in use is an error`() async throws {
        try await withServer { server, port in
            await #expect(throws: (any Error).self) { try await server.bind(host: "127.0.0.1", port: port) }
        }
    }

    private static func makeListener() throws -> (CInt, Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound in
                _ = unsafe Glibc.bind(descriptor, rebound, length)
                _ = Glibc.listen(descriptor, 16)
                _ = unsafe getsockname(descriptor, rebound, &length)
            }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Server

private let host = "Host: localhost\r\n"

@Suite struct ConnectionTests {
    @Test func `one connection serves one request after another`() async throws {
        try await withServer { server, port in
            let client = try TestClient(port: port)
            try client.send("GET /a?x=1 HTTP/1.1\r\n\(host)\r\n")
            let first = try await client.receiveAnswer()
            #expect(first.body == "GET /a x=1 ")
            #expect(first.headers["connection"] == "keep-alive")
            #expect(first.headers["request-id"]?.hasPrefix("req_") == true)
            #expect(first.headers["date"]?.hasSuffix("GMT") == true)
            try client.send("POST /b HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\nhello")
            let second = try await client.receiveAnswer()
            #expect(second.body == "POST /b - hello")
            #expect(second.headers["request-id"] != first.headers["request-id"])
            #expect(server.connections == 1)
        }
    }

    @Test func `pipelined requests are answered in order and one at a time`() async throws {
        let running = Counter()
        let worst = Counter()
        let respond: @Sendable (borrowing InboundRequest, ResponseWriter) async -> Void = { request, writer in
            worst.raise(to: running.add(1))
            for _ in 0..<5 { await Task.yield() }
            running.add(-1)
            writer.send(.text(request.path))
        }
        try await withServer(respond: respond) { _, port in
            let client = try TestClient(port: port)
            try client.send((0..<40).map { "POST /\($0) HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc" }.joined())
            for index in 0..<40 { #expect(try await client.receiveAnswer().body == "/\(index)") }
        }
        #expect(worst.value == 1)
    }

    @Test func `a chunked body may be cut anywhere`() async throws {
        let request = Array(
            "POST /c HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n6;x=y\r\npedia.\r\n0\r\n\r\n"
                .utf8)
        try await withServer { _, port in
            let client = try TestClient(port: port)
            for cut in 1..<request.count {
                try client.send(Array(request[..<cut]))
                try client.send(Array(request[cut...]))
                #expect(try await client.receiveAnswer().body == "POST /c - wikipedia.")
            }
            for byte in request { try client.send([byte]) }
            #expect(try await client.receiveAnswer().body == "POST /c - wikipedia.")
        }
    }

    @Test func `a large body arrives whole`() async throws {
        let body = (0..<50).flatMap { [UInt8](repeating: $0, count: 100_000) }
        try await withServer(
            respond: { request, writer in
                writer.send(.text("\(request.body == body)"))
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send("POST / HTTP/1.1\r\n\(host)Content-Length: \(body.count)\r\n\r\n")
                try client.send(body)
                #expect(try await client.receiveAnswer().body == "true")
            })
    }

    @Test(arguments: [("gzip", Compressed.Format.gzip), ("deflate", .zlib), ("deflate", .raw)])
    func `a compressed body is decompressed`(coding: (name: String, format: Compressed.Format)) async throws {
        let data = Compressed.bytes(Array("hello".utf8), as: coding.format)
        try await withServer { _, port in
            let client = try TestClient(port: port)
            for _ in 0..<2 {
                try client.send(
                    "POST / HTTP/1.1\r\n\(host)Content-Encoding: \(coding.name)\r\nContent-Length: \(data.count)\r\n\r\n"
                )
                try client.send(data)
                #expect(try await client.receiveAnswer().body == "POST / - hello")
            }
            try client.send(
                "POST / HTTP/1.1\r\n\(host)Content-Encoding: \(coding.name)\r\nContent-Length: \(data.count - 1)\r\n\r\n"
            )
            try client.send(data.dropLast())
            #expect(try await client.receiveAnswer().status == 400)
        }
    }

    @Test func `a body in a coding that is not supported is refused before it is sent`() async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send("POST / HTTP/1.1\r\n\(host)Content-Encoding: zstd\r\nContent-Length: 5\r\n\r\n")
            let answer = try await client.receiveAnswer()
            #expect(answer.status == 415)
            #expect(answer.body.contains("zstd"))
        }
    }

    @Test func `a body that decompresses to too much is refused`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 1 << 20
        let data = Compressed.bytes([UInt8](repeating: 0, count: 64 << 20))
        try await withServer(configuration) { _, port in
            let client = try TestClient(port: port)
            try client.send(
                "POST / HTTP/1.1\r\n\(host)Content-Encoding: gzip\r\nContent-Length: \(data.count)\r\n\r\n")
            try client.send(data)
            #expect(try await client.receiveAnswer().status == 413)
        }
    }

    @Test func `beyond the memory for all bodies new ones are refused, and those that run go on`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBufferedBytes = 1_000
        let gate = Latch()
        let respond: @Sendable (borrowing InboundRequest, ResponseWriter) async -> Void = { request, writer in
            if request.path == "/wait" { await gate.wait() }
            writer.send(.text("\(request.body.count)"))
        }
        try await withServer(configuration, respond: respond) { _, port in
            let running = try TestClient(port: port)
            try running.send("POST /wait HTTP/1.1\r\n\(host)Content-Length: 600\r\n\r\n")
            try running.send([UInt8](repeating: 0, count: 600))
            let coming = try TestClient(port: port)
            try coming.send("POST / HTTP/1.1\r\n\(host)Content-Length: 400\r\n\r\n")
            try coming.send([UInt8](repeating: 0, count: 100))
            // A request without a body says that both were noticed.
            let small = try TestClient(port: port)
            try small.send("GET / HTTP/1.1\r\n\(host)\r\n")
            #expect(try await small.receiveAnswer().body == "0")
            let refused = try TestClient(port: port)
            try refused.send("POST / HTTP/1.1\r\n\(host)Content-Length: 401\r\n\r\n")
            #expect(try await refused.receiveAnswer().status == 529)
            let chunked = try TestClient(port: port)
            try chunked.send("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
            #expect(try await chunked.receiveAnswer().status == 529)
            try coming.send([UInt8](repeating: 0, count: 300))
            #expect(try await coming.receiveAnswer().body == "400")
            gate.open()
            #expect(try await running.receiveAnswer().body == "600")
            try await self.becomesAdmitted(port: port, size: 1_000)
        }
    }

    /// Until a request of `size` bytes is admitted. The memory of an answered one is given back a moment after its answer.
    private func becomesAdmitted(port: Int, size: Int) async throws {
        var status = 0
        for _ in 0..<100 where status != 200 {
            let client = try TestClient(port: port)
            try client.send("POST / HTTP/1.1\r\n\(host)Content-Length: \(size)\r\n\r\n")
            try client.send([UInt8](repeating: 0, count: size))
            status = try await client.receiveAnswer().status
        }
        #expect(status == 200)
    }

    @Test func `an announced body over the limit is refused before it is sent`() async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send("POST / HTTP/1.1\r\n\(host)Content-Length: 33554433\r\nExpect: 100-continue\r\n\r\n")
            let answer = try await client.receiveAnswer()
            #expect(answer.status == 413)
            #expect(answer.headers["connection"] == "close")
            #expect(try await client.receiveAll().isEmpty)
        }
    }

    @Test func `a client that sends everything first can still read the refusal`() async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send("POST / HTTP/1.1\r\n\(host)Content-Length: 40000000\r\n\r\n")
            try client.send([UInt8](repeating: 0x61, count: 40_000_000))
            #expect(try await client.receiveAnswer().status == 413)
            #expect(try await client.receiveAll().isEmpty)
        }
    }

    @Test func `a chunked body is refused when it passes the limit`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 10
        try await withServer(configuration) { _, port in
            let client = try TestClient(port: port)
            try client.send("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n")
            #expect(try await client.receiveAnswer().status == 413)
        }
    }

    @Test func `a body just at the limit is taken`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 10
        try await withServer(configuration) { _, port in
            let client = try TestClient(port: port)
            try client.send("POST / HTTP/1.1\r\n\(host)Content-Length: 10\r\n\r\n0123456789")
            #expect(try await client.receiveAnswer().body == "POST / - 0123456789")
        }
    }

    @Test func `a client that floods a refused connection is cut off`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 10
        configuration.maximumDiscardedSize = 1 << 20
        try await withServer(configuration) { _, port in
            let client = try TestClient(port: port)
            let flood = [UInt8](repeating: 0x61, count: 1_000_000)
            try client.send("POST / HTTP/1.1\r\n\(host)Content-Length: 400000000\r\n\r\n")
            #expect(throws: TestClient.Failure.self) {
                for _ in 0..<400 { try client.send(flood) }
            }
        }
    }

    @Test func `an answer to HEAD has no body`() async throws {
        let four: @Sendable (borrowing InboundRequest, ResponseWriter) async -> Void = { _, writer in
            writer.send(.text("four"))
        }
        try await withServer(respond: four) { _, port in
            let client = try TestClient(port: port)
            try client.send("HEAD /api/hello HTTP/1.1\r\n\(host)\r\nGET / HTTP/1.1\r\n\(host)\r\n")
            let answer = try await client.receiveAnswer(toHead: true)
            #expect(answer.headers["content-length"] == "4")
            #expect(try await client.receiveAnswer().body == "four")
        }
    }

    @Test func `HTTP 1.0 gets an end without chunks`() async throws {
        try await withServer(
            respond: { _, writer in
                writer.openStream(preamble: Array("a".utf8), keepAlive: [], interval: .seconds(60))
                writer.write(Array("b".utf8))
                writer.finish()
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send("GET / HTTP/1.0\r\n\r\n")
                let head = try await client.receive(through: "\r\n\r\n")
                #expect(!head.contains("transfer-encoding"))
                #expect(head.contains("connection: close"))
                #expect(try await client.receiveAll() == Array("ab".utf8))
            })
    }

    @Test func `connections end when the client asks for it`() async throws {
        try await withServer { _, port in
            for request in ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"] {
                let client = try TestClient(port: port)
                try client.send(request)
                #expect(try await client.receiveAnswer().headers["connection"] == "close")
                #expect(try await client.receiveAll().isEmpty)
            }
        }
    }

    @Test func `HTTP 1.0 may keep its connection`() async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            for _ in 0..<2 {
                try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.receiveAnswer().headers["connection"] == "keep-alive")
            }
        }
    }

    @Test func `a client that waits for permission gets it`() async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send("POST /p HTTP/1.1\r\n\(host)Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try client.send("ok")
            #expect(try await client.receiveAnswer().body == "POST /p - ok")
        }
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
        "GET nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
    ])
    func `what is not a request is answered with 400`(_ bytes: String) async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send(bytes)
            #expect(try await client.receiveAnswer().status == 400)
            #expect(try await client.receiveAll().isEmpty)
        }
    }

    /// What a client can send without end before there is a request, or without ever adding to one.
    enum Flood: CaseIterable {
        case longHeader
        case manyHeaders
        case longTarget
        case longChunkExtension

        var bytes: String {
            let start = "GET / HTTP/1.1\r\n\(host)"
            return switch self {
            case .longHeader: "\(start)X: \(String(repeating: "x", count: 70_000))\r\n\r\n"
            case .manyHeaders: "\(start)\(String(repeating: "x: y\r\n", count: 200))\r\n"
            case .longTarget: "GET /\(String(repeating: "x", count: 400_000))"
            case .longChunkExtension:
                "\(start)Transfer-Encoding: chunked\r\n\r\n1;\(String(repeating: "x", count: 400_000))"
            }
        }
    }

    @Test(arguments: Flood.allCases)
    func `what goes on without adding up to anything is refused`(_ flood: Flood) async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send(flood.bytes)
            #expect(try await client.receiveAnswer().status == 400)
        }
    }

    @Test func `garbage behind a good request does not harm its answer`() async throws {
        try await withServer(
            respond: { request, writer in
                for _ in 0..<5 { await Task.yield() }
                writer.send(.text("good"))
            },
            test: { _, port in
                let client = try TestClient(port: port)
                try client.send("GET / HTTP/1.1\r\n\(host)\r\nGARBAGE\r\n\r\n")
                #expect(try await client.receiveAnswer().body == "good")
                #expect(try await client.receiveAnswer().status == 400)
            })
    }

    @Test func `a web page is refused by its Host and its Origin`() async throws {
        try await withServer { _, port in
            for headers in [
                "Host: evil.example\r\n", "\(host)Origin: https://evil.example\r\n",
                "\(host)Sec-Fetch-Site: cross-site\r\n",
            ] {
                let client = try TestClient(port: port)
                try client.send("POST / HTTP/1.1\r\n\(headers)Content-Length: 1\r\n\r\nx")
                #expect(try await client.receiveAnswer().status == 403)
            }
        }
    }

    @Test func `a request to upgrade is answered as it is, and the connection ends`() async throws {
        try await withServer { _, port in
            let client = try TestClient(port: port)
            try client.send("GET /u HTTP/1.1\r\n\(host)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            let answer = try await client.receiveAnswer()
            #expect(answer.body == "GET /u - ")
            #expect(answer.headers["connection"] == "close")
            #expect(try await client.receiveAll().isEmpty)
        }
    }

    @Test func `a head that does not come in time ends the connection`() async throws {
        var configuration = ServerConfiguration()
        configuration.headTimeout = .milliseconds(20)
        try await withServer(configuration) { _, port in
            let silent = try TestClient(port: port)
            #expect(try await silent.receiveAll().isEmpty)
            let slow = try TestClient(port: port)
            try slow.send("GET / HT")
            #expect(try await slow.receiveAll().isEmpty)
        }
    }

    @Test func `idle connections and stuck bodies end in time`() async throws {
        var configuration = ServerConfiguration()
        configuration.idleTimeout = .milliseconds(20)
        configuration.bodyTimeout = .milliseconds(20)
        try await withServer(configuration) { _, port in
            let idle = try TestClient(port: port)
            try idle.send("GET / HTTP/1.1\r\n\(host)\r\n")
            _ = try await idle.receiveAnswer()
            #expect(try await idle.receiveAll().isEmpty)
            let stuck = try TestClient(port: port)
            try stuck.send("POST / HTTP/1.1\r\n\(host)Content-Length: 10\r\n\r\nabc")
            #expect(try await stuck.receiveAll().isEmpty)
        }
    }

    @Test func `a connection too many is closed at once`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumConnections = 1
        try await withServer(configuration) { _, port in
            let first = try TestClient(port: port)
            try first.send("GET / HTTP/1.1\r\n\(host)\r\n")
            _ = try await first.receiveAnswer()
            let second = try TestClient(port: port)
            #expect(try await second.receiveAll().isEmpty)
            try first.send("GET / HTTP/1.1\r\n\(host)\r\n")
            #expect(try await first.receiveAnswer().status == 200)
        }
    }
}

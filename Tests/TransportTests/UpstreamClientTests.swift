// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(2)))
struct UpstreamClientTests {
    @Test func `a small request is sent as given and its answer comes whole`() async throws {
        let server = ScriptedServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.answer(request.head + String(decoding: request.body, as: UTF8.self))
        }
        let client = try UpstreamClient()
        let response = try await client.fetch(
            .post(
                server.url, Array(#"{"a":1}"#.utf8),
                headers: [
                    ("Authorization", "Bearer t"), ("X-Empty", ""), ("X-Folded", "a\r\nX-Evil: 1"), ("bad name", "x"),
                ]),
            limit: 10_000)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.head.status == 200)
        #expect(response.head.header("x-test") == "Yes")
        #expect(text.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        #expect(text.hasSuffix("\r\n\r\n{\"a\":1}"))
        #expect(text.contains("\r\nAuthorization: Bearer t\r\n"))
        #expect(text.contains("\r\nX-Empty:\r\n"))
        #expect(text.contains("\r\nX-Folded: a  X-Evil: 1\r\n"))
        #expect(text.contains("\r\nContent-Type: application/json\r\n"))
        #expect(!text.contains("bad name"))
        #expect(!text.lowercased().contains("expect:"))
        #expect(text.contains("\r\nAccept-Encoding: identity\r\n"))
    }

    @Test func `a get has no body and no type`() async throws {
        let server = ScriptedServer { connection in
            while let request = connection.readRequest() { connection.answer(request.head) }
        }
        let client = try UpstreamClient()
        // The handle of a post is used again for a get.
        _ = try await client.fetch(.post(server.url, [1, 2, 3]), limit: 10_000)
        let response = try await client.fetch(.get(server.url), limit: 10_000)
        let text = String(decoding: response.body, as: UTF8.self).lowercased()
        #expect(text.hasPrefix("get /"))
        #expect(!text.contains("content-"))
    }

    @Test func `an empty post says that it is empty`() async throws {
        let server = ScriptedServer { connection in
            while let request = connection.readRequest() { connection.answer(request.head) }
        }
        let client = try UpstreamClient()
        let response = try await client.fetch(.post(server.url, []), limit: 10_000)
        #expect(String(decoding: response.body, as: UTF8.self).contains("Content-Length: 0\r\n"))
    }

    @Test(arguments: [UploadBody.smallSize - 1, UploadBody.smallSize, 5 << 20, 32 << 20])
    func `a body of any size arrives byte for byte`(size: Int) async throws {
        // A period that divides no buffer size, so that a piece that is lost, doubled or moved is seen.
        let period = (0..<4_099).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var body: [UInt8] = []
        while body.count < size { body.append(contentsOf: period.prefix(size - body.count)) }
        let sent = body
        let server = ScriptedServer { connection in
            while let request = connection.readRequest() {
                let asks = request.head.lowercased().contains("expect")
                connection.answer("\(request.body.count) \(request.body == sent) \(asks)")
            }
        }
        let client = try UpstreamClient()
        for _ in 0..<2 {
            let response = try await client.fetch(.post(server.url, body), limit: 100)
            #expect(String(decoding: response.body, as: UTF8.self) == "\(size) true false")
        }
        #expect(server.acceptedConnections == 1)
    }

    @Test func `chunks arrive as they come, each with its flush`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n")
            for _ in 0..<3 {
                connection.sendChunk("hello ")
            }
            connection.send("0\r\nX-T: 1\r\n\r\n")
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver()
        try await client.run(.post(server.url), receiver: receiver)
        let record = receiver.record
        #expect(record.text == "hello hello hello ")
        #expect(record.events.first == .head(200))
        #expect(record.events.last == .finished(nil))
        #expect(record.events.dropLast().last == .flush)
        #expect(record.head?.header("x-t") == nil)
        for (event, next) in zip(record.events, record.events.dropFirst()) where event == .body {
            #expect(next == .flush)
        }
    }

    @Test func `sequential requests share one connection`() async throws {
        let server = ScriptedServer { $0.echo() }
        let client = try UpstreamClient()
        for number in 0..<1_000 {
            let response = try await client.fetch(.post(server.url, Array("\(number)".utf8)), limit: 100)
            #expect(String(decoding: response.body, as: UTF8.self) == "\(number)")
        }
        #expect(server.acceptedConnections == 1)
        #expect(client.activeTransfers == 0)
    }

    /// Sends requests to a server that echoes, and expects the answer of each to be its own.
    private static func ask(_ server: ScriptedServer, by client: UpstreamClient, atOnce count: Int) async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<count {
                group.addTask {
                    let response = try await client.fetch(.post(server.url, Array("\(number)".utf8)), limit: 100)
                    #expect(String(decoding: response.body, as: UTF8.self) == "\(number)")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `two hundred requests at once each get their own answer`() async throws {
        let server = ScriptedServer { $0.echo() }
        let client = try UpstreamClient()
        try await Self.ask(server, by: client, atOnce: 200)
        #expect(server.acceptedConnections <= 200)
        #expect(client.activeTransfers == 0)
    }

    @Test func `connections that no transfer uses are closed in time, and later requests get new ones`() async throws {
        let (closed, continuation) = AsyncStream<Void>.makeStream()
        let server = ScriptedServer { connection in
            connection.echo()
            continuation.yield()
        }
        let client = try UpstreamClient(settings: .init(idleTime: .milliseconds(50)))
        var closings = closed.makeAsyncIterator()
        var ended = 0
        for round in 1...3 {
            try await Self.ask(server, by: client, atOnce: 10)
            let accepted = server.acceptedConnections
            #expect(accepted >= round)
            // The server sees the end of each without having sent anything.
            while ended < accepted {
                await closings.next()
                ended += 1
            }
        }
    }

    @Test func `an idle connection that the upstream closed is replaced without an error`() async throws {
        let (closed, continuation) = AsyncStream<Void>.makeStream()
        let server = ScriptedServer { connection in
            if connection.readRequest() != nil { connection.answer("once") }
            connection.shutDown()
            continuation.yield()
        }
        let client = try UpstreamClient()
        var closings = closed.makeAsyncIterator()
        for _ in 0..<20 {
            let response = try await client.fetch(.post(server.url), limit: 100)
            #expect(response.body == Array("once".utf8))
            // A request that crosses the closing would be lost with it: HTTP/1.1 cannot tell whether it was received.
            await closings.next()
        }
        #expect(server.acceptedConnections == 20)
    }

    @Test func `an error status is an answer`() async throws {
        let server = ScriptedServer { connection in
            if connection.readRequest() != nil { connection.answer(#"{"error":{}}"#, status: "429 Too Many Requests") }
        }
        let response = try await UpstreamClient().fetch(.post(server.url), limit: 100)
        #expect(response.head.status == 429)
        #expect(response.body == Array(#"{"error":{}}"#.utf8))
    }

    @Test func `an error status before the end of the upload is an answer`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readHead() != nil else { return }
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
            _ = connection.waitForClose()
            while connection.read(1_024) != nil {}
        }
        let response = try await UpstreamClient().fetch(
            .post(server.url, [UInt8](repeating: 1, count: 8 << 20)), limit: 100)
        #expect(response.head.status == 413)
        #expect(response.body == Array("big".utf8))
    }

    @Test func `interim heads are not shown`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            connection.answer("done")
        }
        let receiver = RecordingReceiver()
        try await UpstreamClient().run(.post(server.url), receiver: receiver)
        #expect(receiver.record.events == [.head(200), .body, .flush, .finished(nil)])
        #expect(receiver.record.head?.header("link") == nil)
    }

    @Test(arguments: ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirect is named without its secrets and not followed`(status: String) async throws {
        let other = ScriptedServer { $0.echo() }
        let location = other.url
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            let target = location.replacing("http://", with: "http://user:secret@") + "?key=secret#fragment"
            connection.send("HTTP/1.1 \(status)\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n")
        }
        let client = try UpstreamClient()
        let code = try #require(Int(status.prefix(3)))
        await #expect(throws: UpstreamError.redirected(status: code, location: location)) {
            try await client.fetch(.post(server.url), limit: 100)
        }
        #expect(other.acceptedConnections == 0)
        #expect(server.acceptedConnections == 1)
    }

    @Test func `an answer over the limit is refused`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send([UInt8](repeating: 0, count: 1_024)) == 1_024 {}
        }
        let client = try UpstreamClient()
        await #expect(throws: UpstreamError.tooLarge(limit: 5_000)) {
            try await client.fetch(.post(server.url), limit: 5_000)
        }
        #expect(client.activeTransfers == 0)
    }

    @Test func `a head without end is refused`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            let line = "X-Filler: " + String(repeating: "x", count: 1_000) + "\r\n"
            while connection.send(line) == line.utf8.count {}
        }
        let client = try UpstreamClient()
        await #expect(throws: UpstreamError.tooLarge(limit: UpstreamClient.Settings().maximumHeadSize)) {
            try await client.fetch(.post(server.url), limit: 100)
        }
    }

    @Test func `the curl thread answers a ping`() async throws {
        let client = try UpstreamClient()
        await withCheckedContinuation { continuation in client.ping { continuation.resume() } }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

/// What an upstream cannot make the client keep, wait for, or take for something else.
@Suite(.timeLimit(.minutes(2)))
struct UpstreamClientLimitsTests {
    @Test func `trailers without end are refused, and their memory returns`() async throws {
        let server = ScriptedServer { connection in
            while connection.readRequest() != nil {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.sendChunk("x")
                connection.send("0\r\n")
                while connection.send("X: 1\r\n") == 6 {}
            }
        }
        let client = try UpstreamClient()
        for _ in 0..<3 {
            await #expect(throws: UpstreamError.tooLarge(limit: UpstreamClient.Settings().maximumTrailerSize)) {
                try await client.fetch(.post(server.url), limit: 100)
            }
        }
        #expect(client.activeTransfers == 0)
        #expect(server.acceptedConnections == 3)
    }

    @Test func `a handle that holds large heads is not kept`() throws {
        let settings = UpstreamClient.Settings()
        let mailbox = try CurlMailbox()
        let reactor = try CurlReactor(wake: mailbox.wake)
        let round = LoopRound()
        var pool = TransferSlotPool(settings: settings, reactor: reactor, round: round)
        func use(headOf count: Int) throws -> ObjectIdentifier {
            let slot = try pool.take()
            let transfer = ActiveTransfer(.get("http://h/"), receiver: RecordingReceiver(), ended: nil)
            #expect(transfer.machine.startReceived() == .begin)
            try slot.begin(transfer)
            for text in ["HTTP/1.1 200 OK\r\n", "X: " + String(repeating: "x", count: count) + "\r\n", "\r\n"] {
                unsafe Array(text.utf8).withUnsafeBytes { _ = unsafe transfer.headerReceived($0, round: round) }
            }
            pool.giveBack(slot)
            return ObjectIdentifier(slot)
        }
        let first = try use(headOf: 100)
        #expect(try use(headOf: settings.maximumIdleHandleSize) == first)
        let next = try pool.take()
        #expect(next.transfer == nil)
        pool.removeAll()
    }

    @Test func `interim heads do not put off the first byte`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            while connection.send("HTTP/1.1 102 Processing\r\n\r\n") == 27 {
                if connection.closes(within: 20) { return }
            }
        }
        let timeouts = UpstreamRequest.Timeouts(firstByte: .milliseconds(200))
        let client = try UpstreamClient()
        await #expect(throws: UpstreamError.timedOut) {
            try await client.fetch(.post(server.url, timeouts: timeouts), limit: 100)
        }
    }

    @Test func `nor does a head that comes line by line`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X: 1\r\n") == 6 {
                if connection.closes(within: 20) { return }
            }
        }
        let timeouts = UpstreamRequest.Timeouts(firstByte: .milliseconds(200))
        let client = try UpstreamClient()
        await #expect(throws: UpstreamError.timedOut) {
            try await client.fetch(.post(server.url, timeouts: timeouts), limit: 100)
        }
    }

    @Test func `a refusal that trickles is what has come of it in its time`() async throws {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\n\r\nsorry")
            while connection.send(".") == 1 {
                if connection.closes(within: 20) { return }
            }
        }
        let timeouts = UpstreamRequest.Timeouts(refusal: .milliseconds(200))
        let response = try await UpstreamClient().fetch(.post(server.url, timeouts: timeouts), limit: 100_000)
        #expect(response.head.status == 500)
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("sorry"))
    }

    @Test(arguments: ["220 mail.example ESMTP\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{46}", "HTTP/9.9 200 OK\r\n\r\n"])
    func `an upstream that does not speak HTTP is not taken for a mistake in the address`(greeting: String) async throws
    {
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send(greeting)
        }
        let client = try UpstreamClient()
        await #expect(throws: UpstreamError.notHTTP(host: "127.0.0.1:\(server.port)")) {
            try await client.fetch(.post(server.url), limit: 100)
        }
    }
}

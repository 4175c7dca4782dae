// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(2)))
struct UpstreamClientFailureTests {
    private func error(of request: UpstreamRequest) async throws -> UpstreamError? {
        let client = try UpstreamClient()
        do {
            _ = try await client.fetch(request, limit: 100_000)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a port without a listener`() async throws {
        let port = ScriptedServer.unusedPort()
        let error = try await self.error(of: .post("http://user:secret@127.0.0.1:\(port)/path?key=secret"))
        #expect(error == .unreachable(host: "127.0.0.1:\(port)", reason: "Connection refused"))
    }

    @Test func `the name does not exist`() async throws {
        let error = try await self.error(of: .post("http://nonexistent.invalid/"))
        #expect(error == .unresolvableHost("nonexistent.invalid"))
    }

    @Test(arguments: ["", "nonsense", "ftp://host/", "file:///etc/passwd", "http://", "http:///x", "http://a b/"])
    func `the address makes no sense`(url: String) async throws {
        #expect(try await self.error(of: .post(url)) == .invalidURL(url))
    }

    @Test func `an address that makes no sense is named without its secrets`() async throws {
        let error = try await self.error(of: .post("htp://user:secret@host/?key=secret"))
        #expect(error == .invalidURL("…@host/"))
    }

    @Test func `a connection reset before the head`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.reset()
        }
        guard case .interrupted = try await self.error(of: .post(server.url)) else {
            Issue.record("expected an interruption")
            return
        }
    }

    @Test func `a connection closed before the head`() async throws {
        let server = ScriptedServer { connection in _ = connection.readRequest() }
        guard case .interrupted = try await self.error(of: .post(server.url)) else {
            Issue.record("expected an interruption")
            return
        }
    }

    @Test(
        arguments: [
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "Content-Length: 10\r\n\r\nhello",
        ], [true, false])
    func `a body cut short is an interruption, however it is cut`(answer: String, isReset: Bool) async throws {
        let receiver = RecordingReceiver()
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n" + answer)
            if isReset { connection.reset() }
        }
        let client = try UpstreamClient()
        client.start(.post(server.url), receiver: receiver)
        guard case .interrupted = await receiver.end() else {
            Issue.record("expected an interruption")
            return
        }
        #expect(receiver.record.ends.count == 1)
        #expect(client.activeTransfers == 0)
    }

    @Test func `no first byte`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            _ = connection.waitForClose()
        }
        let timeouts = UpstreamRequest.Timeouts(firstByte: .milliseconds(150))
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try await self.error(of: .post(server.url, timeouts: timeouts)) == .timedOut)
        #expect(
            try await self.error(of: .post(server.url, [UInt8](repeating: 0, count: 1 << 20), timeouts: timeouts))
                == .timedOut)
        #expect(start.duration(to: clock.now) >= .milliseconds(300))
    }

    @Test func `silence in the answer`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        let timeouts = UpstreamRequest.Timeouts(stall: .milliseconds(150))
        #expect(try await self.error(of: .post(server.url, timeouts: timeouts)) == .stalled)
    }

    @Test func `a pause of ours is not their silence`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            _ = connection.read(1)
            connection.send("world")
        }
        let client = try UpstreamClient()
        let paused = RecordingReceiver { $0 == 5 ? .pause : .more }
        let stalled = RecordingReceiver()
        let other = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        let short = UpstreamRequest.Timeouts(stall: .milliseconds(100))
        let long = UpstreamRequest.Timeouts(stall: .milliseconds(400))
        let transfer = client.start(.post(server.url, timeouts: short), receiver: paused)
        await paused.wait { $0.body.count == 5 }
        // The other transfer measures the time in which the paused one would have failed.
        client.start(.post(other.url, timeouts: long), receiver: stalled)
        #expect(await stalled.end() == .stalled)
        #expect(paused.record.ends.isEmpty)
        transfer.resume()
        #expect(await paused.end() == .stalled)
    }
}

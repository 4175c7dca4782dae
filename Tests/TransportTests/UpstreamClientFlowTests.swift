// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(2)))
struct UpstreamClientFlowTests {
    @Test func `cancelling closes the connection at once`() async throws {
        let (closed, continuation) = AsyncStream<ContinuousClock.Instant>.makeStream()
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
            if connection.waitForClose() { continuation.yield(ContinuousClock().now) }
            continuation.finish()
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver()
        let transfer = client.start(.post(server.url), receiver: receiver)
        await receiver.wait { !$0.body.isEmpty }
        let start = ContinuousClock().now
        transfer.cancel()
        transfer.cancel()
        #expect(await receiver.end() == .cancelled)
        var seen = closed.makeAsyncIterator()
        let moment = await seen.next()
        // It takes well below a millisecond; the bound leaves room for a machine that is busy with other tests, and is still
        // far below any timeout that could have closed the connection instead.
        #expect(try start.duration(to: #require(moment)) < .seconds(3))
        transfer.cancel()
        transfer.resume()
        await withCheckedContinuation { continuation in client.ping { continuation.resume() } }
        #expect(receiver.record.ends == [.cancelled])
        #expect(client.activeTransfers == 0)
    }

    @Test func `cancelling the task cancels the transfer`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver()
        let task = Task { () -> UpstreamError? in
            do throws(UpstreamError) {
                try await client.run(.post(server.url), receiver: receiver)
                return nil
            } catch {
                return error
            }
        }
        await receiver.wait { !$0.body.isEmpty }
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(receiver.record.ends == [.cancelled])
    }

    @Test func `a task that is cancelled already starts nothing`() async throws {
        let server = ScriptedServer { $0.echo() }
        let client = try UpstreamClient()
        // The cancellation is on its way before the start, and either may be first to be seen.
        for _ in 0..<500 {
            let task = Task { () -> UpstreamError? in
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                do throws(UpstreamError) {
                    _ = try await client.fetch(.post(server.url), limit: 100)
                    return nil
                } catch {
                    return error
                }
            }
            #expect(await task.value == .cancelled)
        }
        #expect(server.acceptedConnections == 0)
        #expect(client.activeTransfers == 0)
    }

    @Test func `an answer that is whole ends at once, whatever the upstream still sends`() async throws {
        let (closed, continuation) = AsyncStream<Bool>.makeStream()
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nwhole")
            // It never ends its answer, so the connection is given up after a while.
            continuation.yield(connection.waitForClose())
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver { _ in .enough }
        client.start(.post(server.url), receiver: receiver)
        #expect(await receiver.end() == nil)
        #expect(receiver.record.events == [.head(200), .body, .flush, .finished(nil)])
        #expect(client.activeTransfers == 0)
        var seen = closed.makeAsyncIterator()
        #expect(await seen.next() == true)
    }

    @Test func `a connection whose answer ends where it was whole is used again`() async throws {
        let server = ScriptedServer { connection in
            while connection.readRequest() != nil {
                connection.send(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nwhole\r\n3\r\nend\r\n0\r\n\r\n")
            }
        }
        let client = try UpstreamClient()
        for _ in 0..<3 {
            let receiver = RecordingReceiver { $0 >= 5 ? .enough : .more }
            client.start(.post(server.url), receiver: receiver)
            #expect(await receiver.end() == nil)
            #expect(receiver.record.text == "whole")
        }
        #expect(server.acceptedConnections == 1)
    }

    @Test func `a fast upstream lets the receiver pass on what it has before it is megabytes`() async throws {
        let (blocked, continuation) = AsyncStream<Int>.makeStream()
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            continuation.yield(connection.sendUntilBlocked())
        }
        let client = try UpstreamClient()
        let receiver = Hoarder()
        let transfer = client.start(.post(server.url), receiver: receiver)
        var counts = blocked.makeAsyncIterator()
        let sent = try #require(await counts.next())
        #expect(sent > 1 << 20)
        transfer.resume()
        await receiver.end()
        #expect(receiver.most < 128 << 10)
    }

    @Test func `a receiver that has seen enough stops the transfer`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver { _ in .stop }
        client.start(.post(server.url), receiver: receiver)
        #expect(await receiver.end() == .cancelled)
        #expect(receiver.record.events == [.head(200), .body, .flush, .finished(.cancelled)])
    }

    @Test func `a pause reaches the upstream and a resume loses nothing`() async throws {
        let (blocked, continuation) = AsyncStream<Int>.makeStream()
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            let sent = connection.sendUntilBlocked()
            continuation.yield(sent)
            connection.send("end")
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver { $0 < 200_000 ? .pause : .more }
        let transfer = client.start(.post(server.url), receiver: receiver)
        var iterator = blocked.makeAsyncIterator()
        let sent = try #require(await iterator.next())
        let whilePaused = receiver.record.body.count
        // It took one buffer, and nothing more until it was asked to.
        #expect(whilePaused > 0 && whilePaused <= 64 * 1_024)
        while receiver.record.ends.isEmpty {
            let before = receiver.record.body.count
            transfer.resume()
            await receiver.wait { $0.body.count > before || !$0.ends.isEmpty }
        }
        let record = receiver.record
        #expect(record.ends == [nil])
        #expect(record.body.count == sent + 3)
        #expect(record.text.hasSuffix("xxxend"))
        for (event, next) in zip(record.events, record.events.dropFirst()) where event == .body {
            #expect(next == .flush)
        }
    }

    @Test func `a paused transfer can be cancelled`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver { _ in .pause }
        let transfer = client.start(.post(server.url), receiver: receiver)
        await receiver.wait { $0.events.contains(.flush) }
        transfer.cancel()
        #expect(await receiver.end() == .cancelled)
    }

    @Test func `an answer that is complete while paused ends after the resume`() async throws {
        let server = ScriptedServer { connection in
            while connection.readRequest() != nil {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.send("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n")
            }
        }
        let client = try UpstreamClient()
        for _ in 0..<50 {
            let receiver = RecordingReceiver { $0 == 5 ? .pause : .more }
            let transfer = client.start(.post(server.url), receiver: receiver)
            await receiver.wait { $0.events.contains(.flush) }
            transfer.resume()
            #expect(await receiver.end() == nil)
            #expect(receiver.record.text == "helloworld")
        }
    }

    @Test func `a cancellation racing the end leaves one end`() async throws {
        let server = ScriptedServer { $0.echo() }
        let client = try UpstreamClient()
        for round in 0..<500 {
            let receiver = RecordingReceiver()
            let transfer = client.start(.post(server.url), receiver: receiver)
            for _ in 0..<(round % 50) * 20 { transfer.resume() }
            transfer.cancel()
            let end = await receiver.end()
            #expect(end == nil || end == .cancelled)
        }
        await withCheckedContinuation { continuation in client.ping { continuation.resume() } }
        #expect(client.activeTransfers == 0)
        let response = try await client.fetch(.post(server.url, Array("fine".utf8)), limit: 100)
        #expect(response.body == Array("fine".utf8))
    }

    @Test func `a cancelled look-up delays no other request`() async throws {
        let server = ScriptedServer { $0.echo() }
        let client = try UpstreamClient()
        let receiver = RecordingReceiver()
        for _ in 0..<20 {
            client.start(.post("http://nonexistent.invalid/"), receiver: RecordingReceiver()).cancel()
            client.start(.post(server.url), receiver: receiver)
        }
        await receiver.wait { $0.ends.count == 20 }
        #expect(receiver.record.ends.allSatisfy { $0 == nil })
    }

    @Test func `a shutdown cancels what is going on and refuses what comes after`() async throws {
        let server = ScriptedServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        let client = try UpstreamClient()
        let receivers = (0..<20).map { _ in RecordingReceiver() }
        for receiver in receivers { client.start(.post(server.url), receiver: receiver) }
        for receiver in receivers { await receiver.wait { !$0.body.isEmpty } }
        client.shutdown()
        client.shutdown()
        for receiver in receivers { #expect(receiver.record.ends == [.cancelled]) }
        #expect(client.activeTransfers == 0)
        let late = RecordingReceiver()
        client.start(.post(server.url), receiver: late).cancel()
        #expect(late.record.events == [.finished(.cancelled)])
        await #expect(throws: UpstreamError.cancelled) { try await client.fetch(.post(server.url), limit: 1) }
        #expect(client.activeTransfers == 0)
    }

    @Test func `a client that is let go of ends its thread, even from within`() async throws {
        let server = ScriptedServer { $0.echo() }
        for _ in 0..<20 {
            let client = try UpstreamClient()
            let receiver = LastOwner(client)
            client.start(.post(server.url), receiver: receiver)
            await receiver.end()
        }
    }
}

/// Pauses at the first bytes, and remembers the most that it was given between two flushes.
private final class Hoarder: TransferReceiver {
    private struct State {
        var hasPaused = false
        var held = 0
        var most = 0
    }

    private let state = Mutex(State())
    private let (ends, continuation) = AsyncStream<Void>.makeStream()

    var most: Int { self.state.withLock { $0.most } }

    func end() async {
        for await _ in self.ends {}
    }

    func headReceived(_ head: UpstreamResponseHead) {}

    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand {
        self.state.withLock { state in
            state.held += bytes.count
            state.most = max(state.most, state.held)
            defer { state.hasPaused = true }
            return state.hasPaused ? .more : .pause
        }
    }

    func flush() {
        self.state.withLock { $0.held = 0 }
    }

    func finished(_ result: Result<Void, UpstreamError>) {
        self.continuation.finish()
    }
}

/// Lets go of the client on the curl thread.
private final class LastOwner: TransferReceiver {
    private let client: Mutex<UpstreamClient?>
    private let (ends, continuation) = AsyncStream<Void>.makeStream()

    init(_ client: UpstreamClient) {
        self.client = Mutex(client)
    }

    func end() async {
        for await _ in self.ends {}
    }

    func headReceived(_ head: UpstreamResponseHead) {}

    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand { .more }

    func flush() {}

    func finished(_ result: Result<Void, UpstreamError>) {
        _ = self.client.withLock { $0.take() }
        self.continuation.finish()
    }
}

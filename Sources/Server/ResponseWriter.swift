// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The responder's end of one response, usable from any thread.
///
/// What is written is collected under a lock and taken by the connection's event loop, which alone decides what becomes of
/// it (`ResponseStateMachine`); many writes are one wake-up. On the event loop itself there is no hop at all. The order of
/// calls is the order on the wire, as long as the caller itself orders its calls.
package final class ResponseWriter: Sendable {
    private let deliveries: ResponseDeliveries
    private let connection: NIOLoopBound<Connection>
    private let highWaterMark: Int
    /// What the request takes up, for as long as its response can be written to.
    let share: MemoryShare
    private let outbox = Mutex(ResponseOutbox())
    private let resume = Mutex<(@Sendable () -> Void)?>(nil)
    private let contentWritten = Atomic(false)
    private let congested = Atomic(false)
    /// What the channel has at most not yet handed to the kernel. Only the event loop writes it.
    private let channelBacklog = Atomic(0)

    init(connection: Connection, deliveries: ResponseDeliveries, highWaterMark: Int, share: MemoryShare) {
        self.deliveries = deliveries
        self.connection = NIOLoopBound(connection, eventLoop: deliveries.eventLoop)
        self.highWaterMark = highWaterMark
        self.share = share
    }

    /// More than the high-water mark waits for the client: the exchange should pause, and is told when to go on by `onDrained`.
    package var isCongested: Bool { self.congested.load(ordering: .acquiring) }

    /// `write` was called, so that the client may have seen content: a retry would repeat it.
    package var hasWrittenContent: Bool { self.contentWritten.load(ordering: .acquiring) }

    /// A complete response. Ignored when a head has already been sent.
    package func send(_ response: OutboundResponse) {
        self.post(.send(response))
    }

    /// Declares that the answer will be an event stream. Nothing is sent yet, but after `interval` without a write the head,
    /// the preamble and `keepAlive` go out, and then `keepAlive` after each further `interval` of silence.
    package func openStream(preamble: [UInt8], keepAlive: [UInt8], interval: Duration) {
        self.post(.open(StreamOpening(preamble: preamble, keepAlive: keepAlive, interval: interval)))
    }

    /// Begins the interval of `openStream` anew: there was a sign of the answer, though nothing to write.
    package func restartSilence() {
        self.post(.restartSilence)
    }

    /// Appends to the stream. Collected until `flush`; the first write sends the head and the preamble before it.
    package func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        // Before the bytes can go out: a retry that looks now must not come too late.
        self.contentWritten.store(true, ordering: .releasing)
        let backlog = self.channelBacklog.load(ordering: .relaxed)
        let isOverdue = self.outbox.withLock { outbox in
            outbox.append(bytes)
            // Under the lock, because the event loop's own verdict after it took the batch must come after this one.
            if outbox.count + backlog > self.highWaterMark { self.congested.store(true, ordering: .releasing) }
            // Congestion without anything under way would never end, should the caller pause before it flushes.
            return outbox.count > self.highWaterMark && outbox.needsWakeUp()
        }
        if isOverdue { self.wakeEventLoop() }
    }

    /// Sends what was collected.
    package func flush() {
        guard self.outbox.withLock({ $0.needsWakeUp() }) else { return }
        self.wakeEventLoop()
    }

    /// The end of the stream. The connection is kept alive.
    package func finish() {
        self.post(.finish)
    }

    /// An error: `response` while there is no head; later `bytes` as the last bytes of the stream, which then ends
    /// properly, and the connection with it.
    package func fail(beforeHead response: OutboundResponse, inStream bytes: [UInt8]) {
        self.post(.fail(beforeHead: response, inStream: bytes))
    }

    /// Registers, before the first write, what to call on the event loop each time a congestion is over. After a hang-up it is
    /// not called any more: the request's task is cancelled instead.
    package func onDrained(_ resume: @escaping @Sendable () -> Void) {
        self.resume.withLock { $0 = resume }
    }

    /// The responder holds so many bytes of an answer that it will send whole.
    package func collected(_ count: Int) {
        self.share.answerHolds(count)
    }

    /// The responder let go of the request's body.
    package func bodyWasReleased() { self.share.bodyWasReleased() }

    /// The server's own last word, when the responder's task is over.
    func responderReturned() {
        self.post(.returned)
    }

    /// The connection reports, on the event loop, after each write and each change of the channel's writability.
    func channelReported(backlog: Int, isWritable: Bool) {
        self.channelBacklog.store(backlog, ordering: .relaxed)
        self.share.answerHolds(backlog)
        let isOver = self.outbox.withLock { outbox in
            // While not writable the channel is sure to report again. While writable it may never, so congestion must not
            // outlast this call, unless the outbox holds enough by itself, and then the event loop comes back for it.
            let isCongested = !isWritable || outbox.count > self.highWaterMark
            return self.congested.exchange(isCongested, ordering: .acquiringAndReleasing) && !isCongested
        }
        guard isOver, let resume = self.resume.withLock({ $0 }) else { return }
        resume()
    }

    private func post(_ operation: ResponseOutbox.Operation) {
        let isFirst = self.outbox.withLock { outbox in
            outbox.append(operation)
            return outbox.needsWakeUp()
        }
        // On the event loop everything said so far is handed over at once, whether or not a wake-up is under way.
        guard isFirst || self.deliveries.eventLoop.inEventLoop else { return }
        self.wakeEventLoop()
    }

    private func wakeEventLoop() {
        if self.deliveries.eventLoop.inEventLoop {
            self.deliver()
        } else {
            self.deliveries.add(self)
        }
    }

    /// Gives the connection all that was written. On the event loop only.
    func deliver() {
        let batch = self.outbox.withLock { $0.take() }
        self.connection.value.perform(batch, from: self)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore

/// The way out: what the responder said becomes bytes.
extension Connection {
    /// What one batch puts on the wire, in one write.
    private struct Output {
        var buffer: ByteBuffer?
        var closes = false
        var aborts = false

        mutating func append(_ next: ByteBuffer?) {
            guard var next else { return }
            if self.buffer == nil {
                self.buffer = next
            } else {
                self.buffer?.writeBuffer(&next)
            }
        }
    }

    func perform(_ batch: ResponseOutbox.Batch, from writer: ResponseWriter) {
        // After a hang-up, or after its own end, a writer has no client any more.
        guard case .responding(let exchange) = self.phase, exchange.writer === writer else { return }
        var output = Output()
        for operation in batch.operations { self.apply(operation, to: exchange, output: &output) }
        if let bytes = batch.bytes { self.apply(.bytes(bytes), to: exchange, output: &output) }
        self.emit(output, of: exchange)
    }

    private func apply(_ operation: ResponseOutbox.Operation, to exchange: Exchange, output: inout Output) {
        switch operation {
        case .open(let opening):
            let action = exchange.machine.streamOpened()
            exchange.opening = opening
            self.run(action, of: exchange, output: &output)
        case .bytes(let bytes):
            self.run(exchange.machine.bytesWritten(), of: exchange, content: bytes, output: &output)
        case .send(let response):
            self.run(exchange.machine.wholeResponseGiven(), of: exchange, response: response, output: &output)
        case .restartSilence:
            exchange.keepAlive?.written(at: .now())
        case .finish:
            self.run(exchange.machine.finished(), of: exchange, output: &output)
        case .fail(let response, let bytes):
            var content = ChunkFrame.makeBuffer(capacity: bytes.count)
            content.writeBytes(bytes)
            self.run(exchange.machine.failed(), of: exchange, content: content, response: response, output: &output)
        case .returned:
            exchange.hasReturned = true
            let action = exchange.machine.responderReturned()
            if action != .ignore {
                self.environment.logger.error(
                    "A responder returned without a complete response",
                    metadata: ["request.id": "\(exchange.requestID)"],
                )
            }
            self.run(action, of: exchange, response: .unanswered, output: &output)
        }
    }

    private func run(
        _ action: ResponseStateMachine.Action,
        of exchange: Exchange,
        content: ByteBuffer? = nil,
        response: OutboundResponse = .unanswered,
        output: inout Output,
    ) {
        switch action {
        case .ignore:
            break
        case .respond:
            output.append(self.encoder.encode(response, requestID: exchange.requestID, framing: exchange.framing))
            output.closes = exchange.framing.closes
        case .stream(let withHead, let isEnd, let thenClose):
            let framing = exchange.framing
            if withHead {
                let preamble = exchange.opening?.preamble ?? []
                let head = self.encoder.encodeStreamHead(
                    preamble: preamble,
                    requestID: exchange.requestID,
                    framing: framing,
                )
                output.append(head)
            }
            output.append(content.flatMap { ResponseEncoder.frame($0, framing: framing) })
            if isEnd && framing.streamsInChunks { output.append(ByteBuffer(staticString: ChunkFrame.terminator)) }
            if isEnd { output.closes = framing.closes || thenClose || framing.isVersionZero }
            exchange.keepAlive?.written(at: .now())
        case .armKeepAlive:
            self.armKeepAlive(of: exchange)
        case .abort:
            output.aborts = true
        }
    }

    private func emit(_ output: Output, of exchange: Exchange) {
        guard let context = self.context else { return }
        if exchange.machine.isComplete {
            exchange.keepAliveTimer?.cancel()
            exchange.keepAliveTimer = nil
        }
        if output.aborts {
            return context.close(promise: nil)
        }
        if output.closes {
            return self.writeLast(output.buffer, lingers: false)
        }
        if let buffer = output.buffer {
            if exchange.machine.isComplete {
                self.writeWhole(buffer, share: exchange.writer.share)
            } else {
                self.write(buffer)
                self.reportBacklog(to: exchange.writer, looks: false)
            }
        }
        // The task may end a moment after its last write. The next request waits for it, so that there is one at a time.
        if exchange.machine.isComplete && exchange.hasReturned { self.becomeIdle() }
    }

    func write(_ buffer: ByteBuffer) {
        self.unseenBytes += buffer.readableBytes
        self.context?.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
    }

    /// Writes the end of a response, or all of it. What the client does not take at once is counted until it is taken.
    private func writeWhole(_ buffer: ByteBuffer, share: MemoryShare) {
        guard let context = self.context, buffer.readableBytes > self.environment.configuration.highWaterMark else {
            return self.write(buffer)
        }
        share.answerHolds(buffer.readableBytes)
        self.unseenBytes += buffer.readableBytes
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in share.answerHolds(0) }
        context.writeAndFlush(self.wrapOutboundOut(buffer), promise: written)
    }

    /// - Parameter looks: ask the channel now, not only when enough has been written for it to matter.
    func reportBacklog(to writer: ResponseWriter, looks: Bool) {
        guard let channel = self.context?.channel else { return }
        // To ask costs about what a small write does.
        if looks || self.unseenBytes > self.environment.configuration.highWaterMark / 16 {
            self.seenBacklog = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            self.unseenBytes = 0
        }
        writer.channelReported(backlog: self.seenBacklog + self.unseenBytes, isWritable: channel.isWritable)
    }

    private func armKeepAlive(of exchange: Exchange) {
        guard let opening = exchange.opening else { return }
        let keepAlive = KeepAlive(interval: TimeAmount(opening.interval), openedAt: .now())
        exchange.keepAlive = keepAlive
        self.scheduleKeepAlive(of: exchange, at: keepAlive.due)
    }

    private func scheduleKeepAlive(of exchange: Exchange, at deadline: NIODeadline) {
        exchange.keepAliveTimer = self.context?.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.breakSilence(of: exchange)
        }
    }

    private func breakSilence(of exchange: Exchange) {
        guard !exchange.machine.isComplete, let action = exchange.keepAlive?.timerFired(at: .now()) else { return }
        switch action {
        case .wait(let deadline):
            self.scheduleKeepAlive(of: exchange, at: deadline)
        case .ping(let next):
            // Whether or not this ping goes out: a client that reads again later still gets the next one.
            self.scheduleKeepAlive(of: exchange, at: next)
            // A client that does not read is not in silence, and pings would only pile up before it.
            guard self.context?.channel.isWritable ?? false, let opening = exchange.opening else { return }
            var content = ChunkFrame.makeBuffer(capacity: opening.keepAlive.count)
            content.writeBytes(opening.keepAlive)
            var output = Output()
            self.run(exchange.machine.silenceNoticed(), of: exchange, content: content, output: &output)
            self.emit(output, of: exchange)
        }
    }
}

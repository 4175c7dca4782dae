// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore

/// The ways a connection ends on our side: refusals, last responses, and patience that ran out.
extension Connection {
    func stop() {
        self.drainPhase = .stopping
        switch self.phase {
        case .idle:
            // A head that has begun to arrive is waited for and refused, which the client understands better than a reset.
            if !self.gate.holdsFragment { self.context?.close(promise: nil) }
        case .responding(let exchange):
            exchange.framing.closes = true
        case .receiving, .lingering, .closed:
            break
        }
    }

    /// Nothing is closed before a response has said so or the connection has been idle for a while.
    func retire(_ retirement: ConnectionRetirement) {
        guard self.drainPhase == .open else { return }
        self.drainPhase = .retiring(idleGrace: retirement.idleGrace)
        switch self.phase {
        case .idle:
            // A client that was promised a connection that stays may already have sent its next request on it.
            if !self.gate.holdsFragment { self.expectProgress(within: retirement.idleGrace) }
        case .responding(let exchange) where !exchange.machine.isHeadSent:
            exchange.framing.closes = true
        case .responding, .receiving, .lingering, .closed:
            break
        }
    }

    /// Ends the connection now, and what is under way with it.
    func cut() {
        self.drainPhase = .stopping
        switch self.phase {
        case .responding(let exchange) where !exchange.machine.isComplete:
            exchange.framing.closes = true
            if let interruption = self.environment.responder.interruption(requestID: exchange.requestID) {
                exchange.writer.fail(beforeHead: interruption.response, inStream: interruption.event)
            } else {
                self.context?.close(promise: nil)
            }
            exchange.task?.cancel()
        case .lingering:
            // The last bytes are on their way, and what waits for them has a time limit.
            break
        case .idle, .receiving, .responding, .closed:
            self.context?.close(promise: nil)
        }
    }

    /// Answers what will not become a request, and ends the connection.
    func reject(_ rejection: ProtocolRejection, omitsBody: Bool) {
        let id = self.environment.requestIDs.next()
        self.environment.logger.debug(
            "Refused a request",
            metadata: ["request.id": "\(id)", "request.rejection": "\(rejection)"],
        )
        let response = self.environment.responder.rejection(rejection, requestID: id)
        let framing = ResponseFraming.rejection(omitsBody: omitsBody)
        self.writeLast(self.encoder.encode(response, requestID: id, framing: framing), lingers: true)
    }

    /// Writes the last bytes of the connection. With `lingers` our half is closed first and the rest of the request
    /// read and thrown away.
    func writeLast(_ buffer: ByteBuffer?, lingers: Bool) {
        guard let context = self.context else { return }
        // Closing with unread bytes would reset the connection before the client has read the answer.
        self.phase = .lingering
        self.gate.discard(upTo: self.environment.configuration.maximumDiscardedSize)
        self.expectProgress(within: self.environment.configuration.lingerTimeout)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            // To a channel that is closed already, both are no more than a failed promise.
            self.context?.close(mode: lingers ? .output : .all, promise: nil)
        }
        context.writeAndFlush(self.wrapOutboundOut(buffer ?? ByteBuffer()), promise: written)
    }

    /// Replaces whatever was waited for; nothing stands for as long as it takes.
    func expectProgress(within duration: Duration?) {
        let deadline = duration.map { NIODeadline.now() + TimeAmount($0) }
        guard let next = self.timer.expect(by: deadline) else { return }
        self.scheduledTimer?.cancel()
        self.scheduleTimer(at: next)
    }

    private func scheduleTimer(at deadline: NIODeadline) {
        self.scheduledTimer = self.context?.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timerFired()
        }
    }

    private func timerFired() {
        switch self.timer.fired(at: .now()) {
        case .expired: self.context?.close(promise: nil)
        case .wait(let deadline): self.scheduleTimer(at: deadline)
        case .sleep: break
        }
    }
}

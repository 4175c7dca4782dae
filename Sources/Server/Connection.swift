// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1

/// One client's connection: takes requests off it one at a time and puts their responses on it. Confined to its event loop.
///
/// It never stops reading while a response is under way, for that is how a hang-up is noticed; only a client that already sent
/// its next request is made to wait.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between two requests. Goes to `receiving`, or to `lingering` with a refusal.
        case idle
        /// The head was good, the body is coming. Goes to `responding` or `lingering`.
        case receiving(RequestAssembly)
        /// Goes to `idle`, or to `lingering` when the connection ends with this response.
        case responding(Exchange)
        /// The last byte of the last response was written; what comes is thrown away. Goes to `closed`.
        case lingering
        case closed
    }

    let environment: ServerEnvironment
    let gate: ReceiveGate
    private let loop: ServerLoop
    private let admission: RequestAdmission
    var encoder = ResponseEncoder()
    var phase = Phase.idle
    var drainPhase = DrainPhase.open
    var timer = ConnectionTimer()
    var scheduledTimer: Scheduled<Void>?
    private(set) var context: ChannelHandlerContext?
    /// What the channel had not yet handed to the kernel when it was last asked, and what has been written since.
    var seenBacklog = 0
    var unseenBytes = 0

    /// Of the next request, come before the response to this one was complete.
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var heldRejection: ProtocolRejection?
    private var isReadHeld = false
    private var isFragmentTimed = false

    init(environment: ServerEnvironment, loop: ServerLoop, gate: ReceiveGate, admission: RequestAdmission) {
        self.environment = environment
        self.gate = gate
        self.loop = loop
        self.admission = admission
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // The context holds the pipeline, which holds this handler.
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        // Accepted, but set up only after the listener was given up.
        if let grace = self.environment.registry.retirementGrace { self.drainPhase = .retiring(idleGrace: grace) }
        // One that will be refused is not waited for as long.
        let configuration = self.environment.configuration
        self.expectProgress(
            within: self.admission.foreigner == nil ? configuration.headTimeout : configuration.lingerTimeout)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .responding(let exchange) = self.phase {
            exchange.keepAliveTimer?.cancel()
            if !exchange.machine.isComplete {
                // The task ends, and with it the work of the upstream for an answer without a reader.
                exchange.machine.clientHungUp()
                exchange.task?.cancel()
            }
        }
        self.phase = .closed
        self.held = []
        self.scheduledTimer?.cancel()
        self.environment.registry.connectionClosed(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.gate.partDecoded()
        self.isFragmentTimed = false
        let part = self.unwrapInboundIn(data)
        switch self.phase {
        case .idle, .receiving: self.receive(part)
        case .responding: self.held.append(part)
        case .lingering, .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch self.phase {
        // Once for each head: one that comes byte by byte must not put off its own deadline.
        case .idle where self.gate.holdsFragment && !self.isFragmentTimed:
            self.isFragmentTimed = true
            self.expectProgress(within: self.environment.configuration.headTimeout)
        case .receiving:
            self.expectProgress(within: self.environment.configuration.bodyTimeout)
        case .idle, .responding, .lingering, .closed:
            break
        }
        context.fireChannelReadComplete()
    }

    /// Holds back the channel's own wish to read on while the next request waits. A hang-up is still noticed: the kernel
    /// reports the end of the stream by itself.
    func read(context: ChannelHandlerContext) {
        if self.held.isEmpty {
            context.read()
        } else {
            self.isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .responding(let exchange) = self.phase {
            let isWritable = context.channel.isWritable
            // A client that reads nothing holds memory; one that reads slowly makes the channel writable again and
            // again.
            self.expectProgress(within: isWritable ? nil : self.environment.configuration.stallTimeout)
            self.reportBacklog(to: exchange.writer, looks: true)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: self.stop()
        case let retirement as ConnectionRetirement: self.retire(retirement)
        case is ConnectionCut: self.cut()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard context.channel.isActive, error is HTTPParserError || error is ReceiveGate.Overflow else {
            self.environment.logger.debug("A connection broke", metadata: ["error": "\(error)"])
            return context.close(promise: nil)
        }
        let rejection = ProtocolRejection.malformed(
            error is ReceiveGate.Overflow ? "The head is too large." : "The request is not HTTP/1.1 (\(error))."
        )
        switch self.phase {
        case .idle: self.reject(rejection, omitsBody: false)
        case .receiving(let assembly): self.reject(rejection, omitsBody: assembly.head.method == "HEAD")
        // The response that is under way belongs to an earlier request, which was good.
        case .responding: self.heldRejection = rejection
        case .lingering, .closed: break
        }
    }

    /// The response is complete and its task is over: on to the next request, which may already be here.
    func becomeIdle() {
        self.phase = .idle
        guard self.drainPhase != .stopping, let context = self.context else {
            self.context?.close(promise: nil)
            return
        }
        self.expectProgress(within: self.drainPhase.idleGrace ?? self.environment.configuration.idleTimeout)
        replay: while !self.held.isEmpty {
            switch self.phase {
            case .idle, .receiving: self.receive(self.held.removeFirst())
            case .responding: break replay
            case .lingering, .closed: self.held = []
            }
        }
        guard self.held.isEmpty else { return }
        if let rejection = self.heldRejection.take() {
            self.errorHeld(rejection)
        }
        if self.isReadHeld {
            self.isReadHeld = false
            context.read()
        }
    }

    private func errorHeld(_ rejection: ProtocolRejection) {
        switch self.phase {
        case .idle, .receiving: self.reject(rejection, omitsBody: false)
        case .responding: self.heldRejection = rejection
        case .lingering, .closed: break
        }
    }

    private func receive(_ part: HTTPServerRequestPart) {
        switch (self.phase, part) {
        case (.idle, .head(let head)):
            self.admit(RequestHead(head))
        case (.receiving(let assembly), .body(let buffer)):
            if let objection = unsafe buffer.withUnsafeReadableBytes({ unsafe assembly.receive($0) }) {
                self.reject(objection, omitsBody: assembly.head.method == "HEAD")
            }
        case (.receiving(let assembly), .end):
            if let objection = assembly.finish() {
                self.reject(objection, omitsBody: assembly.head.method == "HEAD")
            } else {
                self.begin(assembly)
            }
        case (.idle, .body), (.idle, .end), (.receiving, .head), (.responding, _), (.lingering, _), (.closed, _):
            preconditionFailure("The decoder gave out \(part) in phase \(self.phase)")
        }
    }

    private func admit(_ head: consuming RequestHead) {
        switch self.admission.decision(on: head, isStopping: self.drainPhase == .stopping) {
        case .reject(let rejection):
            self.reject(rejection, omitsBody: head.method == "HEAD")
        case .admit(let target, let coding, let sendsContinue):
            // Reserved at the head, so that a body without room is refused before it takes any.
            guard let share = MemoryShare(self.environment.memory, body: head.contentLength ?? 0) else {
                return self.reject(.outOfMemory, omitsBody: head.method == "HEAD")
            }
            self.phase = .receiving(
                RequestAssembly(
                    head: head, target: target, id: self.environment.requestIDs.next(),
                    limit: self.environment.configuration.maximumBodySize, coding: coding, share: share))
            if sendsContinue { self.write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")) }
        }
    }

    private func begin(_ assembly: RequestAssembly) {
        let writer = ResponseWriter(
            connection: self,
            deliveries: self.loop.deliveries,
            highWaterMark: self.environment.configuration.highWaterMark,
            share: assembly.share,
        )
        let framing = ResponseFraming(head: assembly.head, isLast: self.drainPhase != .open)
        let exchange = Exchange(requestID: assembly.id, writer: writer, framing: framing)
        let request = HandedRequest(assembly.takeRequest())
        self.phase = .responding(exchange)
        self.expectProgress(within: nil)
        // Not in the task: a connection that closes before the task begins would leave a stopping server with nothing
        // to wait for.
        self.environment.registry.requestBegan()
        exchange.task = Task(executorPreference: self.loop.executor) {
            [responder = self.environment.responder, registry = self.environment.registry] in
            if let request = request.take() { await responder.respond(to: consume request, writer: writer) }
            writer.responderReturned()
            registry.requestEnded()
        }
    }
}

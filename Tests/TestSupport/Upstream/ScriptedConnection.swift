// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOHTTP1
import Synchronization

/// One accepted connection: collects a request, asks the script, carries its steps out. Confined to its event loop.
final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// To `receiving`.
        case idle
        /// To `answering`.
        case receiving(HTTPRequestHead, [UInt8])
        /// To `idle` after the last step of an answer that leaves the connection usable.
        case answering(request: Int, remaining: ArraySlice<ScriptedReply.Step>)
        /// The script closed the connection, or the peer did.
        case closed
    }

    private let recorder: ScriptRecorder
    private var number = 0
    private var state = State.idle
    /// A wait or a pause is under way; the steps go on when it ends.
    private var isHeld = false
    /// A write can change the channel's writability at once, which calls back into `advance`.
    private var isAdvancing = false

    init(recorder: ScriptRecorder) {
        self.recorder = recorder
    }

    func channelActive(context: ChannelHandlerContext) {
        self.number = self.recorder.connectionAccepted()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (self.unwrapInboundIn(data), self.state) {
        case (.head(let head), .idle):
            self.state = .receiving(head, [])
        case (.body(let buffer), .receiving(let head, var body)):
            // Taken out first, so that the array is not copied for each piece.
            self.state = .idle
            body.append(contentsOf: buffer.readableBytesView)
            self.state = .receiving(head, body)
        case (.end, .receiving(let head, let body)):
            self.answer(head, body, context)
        default:
            // A request before the last answer was finished: no client of ours pipelines.
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        var unfinished: Int?
        switch self.state {
        case .closed: return
        case .answering(let request, _): unfinished = request
        case .idle, .receiving: break
        }
        self.state = .closed
        self.recorder.disconnections.append(
            .init(connection: self.number, request: unfinished, instant: ContinuousClock.now)
        )
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.advance(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
        let request = CapturedRequest(
            number: self.recorder.nextRequestNumber(),
            connection: self.number,
            method: head.method.rawValue,
            target: head.uri,
            headers: head.headers.map { (name: $0.name, value: $0.value) },
            body: body,
        )
        let reply = self.recorder.script(request)
        // A reply without steps is silence: it never counts as finished.
        self.state = .answering(request: request.number, remaining: reply.steps[...])
        self.isHeld = reply.steps.isEmpty
        self.recorder.requests.append(request)
        self.advance(context)
    }

    private func advance(_ context: ChannelHandlerContext) {
        guard !self.isAdvancing else { return }
        self.isAdvancing = true
        defer { self.isAdvancing = false }
        while !self.isHeld, case .answering(let request, var remaining) = self.state {
            guard let step = remaining.popFirst() else {
                self.state = .idle
                return
            }
            self.state = .answering(request: request, remaining: remaining)
            switch step {
            case .flood(let bytes, let count):
                let left = self.flood(bytes, count, context)
                if left > 0 {
                    // The rest goes out when the channel is writable again, which calls `advance`.
                    self.state = .answering(request: request, remaining: [.flood(bytes, count: left)] + remaining)
                    return
                }
            default:
                self.perform(step, context)
            }
        }
    }

    private func perform(_ step: ScriptedReply.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .bytes(let bytes):
            self.send(bytes, context)
        case .chunk(let bytes):
            self.send(Self.framed(bytes), context)
        case .endOfChunks:
            self.send(Array("0\r\n\r\n".utf8), context)
        case .wait(let gate):
            self.isHeld = true
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let eventLoop = context.eventLoop
            gate.whenOpen { eventLoop.execute { bound.value.0.release(bound.value.1) } }
        case .pause(let duration):
            self.isHeld = true
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { self.release(context) }
        case .flood:
            break
        case .close:
            self.state = .closed
            context.close(promise: nil)
        case .reset:
            self.state = .closed
            // Without lingering, close() sends a reset.
            _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            context.close(promise: nil)
        }
    }

    private func release(_ context: ChannelHandlerContext) {
        self.isHeld = false
        self.advance(context)
    }

    /// Writes until the channel is full; returns how many are left.
    private func flood(_ bytes: [UInt8], _ count: Int, _ context: ChannelHandlerContext) -> Int {
        let framed = ByteBuffer(bytes: Self.framed(bytes))
        let recorder = self.recorder
        let size = bytes.count
        var left = count
        while left > 0, context.channel.isActive, context.channel.isWritable {
            left -= 1
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenSuccess {
                recorder.floodedByteCount.wrappingAdd(size, ordering: .relaxed)
            }
            context.writeAndFlush(self.wrapOutboundOut(framed), promise: written)
        }
        return left
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private static func framed(_ bytes: [UInt8]) -> [UInt8] {
        Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + Array("\r\n".utf8)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One transfer on the curl thread: carries out between libcurl and the receiver what the state machine decides.
final class ActiveTransfer {
    /// What libcurl is to be told about a head line or a piece of the body.
    enum Verdict {
        case taken
        case refused
        case aborted
    }

    let target: UpstreamTarget
    var body: UploadBody
    var machine = TransferStateMachine()
    /// The easy handle that works for this transfer, while there is one.
    private(set) var slot: TransferSlot?
    /// The position in the loop's list, while it is in there.
    var index = 0
    var silence: SilenceWatch
    /// It is in the round's list of receivers that got bytes and must be flushed.
    private var isTouched = false
    /// Bytes that the receiver got since it was last told to pass them on.
    private var unflushed = 0
    private var parser = ResponseHeadParser(limit: 0, trailerLimit: 0)
    private let receiver: any TransferReceiver
    private let ended: TransferEnd?

    init(_ request: UpstreamRequest, receiver: any TransferReceiver, ended: TransferEnd?) {
        self.target = request.target
        self.body = UploadBody(request.body)
        self.receiver = receiver
        self.ended = ended
        self.silence = request.target.silence
    }

    /// Called before libcurl is given the transfer.
    func prepare(_ settings: UpstreamClient.Settings, now: LoopTime) {
        self.parser = ResponseHeadParser(limit: settings.maximumHeadSize, trailerLimit: settings.maximumTrailerSize)
        self.silence = self.target.silence.starting(at: now)
    }

    func began(in slot: TransferSlot) {
        self.slot = slot
    }

    /// Bytes of header and trailer lines that libcurl holds for it.
    var headerSize: Int { self.parser.size }

    /// When this transfer will have been silent for too long, unless something happens before.
    func silenceDeadline(now: LoopTime) -> LoopTime {
        self.silence.deadline(for: self.machine.wait, now: now) { self.slot?.easy.connectedAfterMilliseconds }
    }

    /// - Parameter line: of a head or of a trailer.
    func headerReceived(_ line: UnsafeRawBufferPointer, round: LoopRound) -> Verdict {
        // No progress is noted: interim heads, a head that comes line by line, and trailers would put off every
        // timeout.
        switch unsafe self.parser.lineReceived(line) {
        case .needsMore:
            return .taken
        case .tooLarge(let limit):
            self.machine.limitExceeded(.tooLarge(limit: limit))
            return .aborted
        case .head(let head):
            switch self.machine.headCompleted(head.kind(from: self.target)) {
            case .forward:
                self.silence.headReceived(at: round.now)
                // An answer has begun, so libcurl will not send the request a second time.
                if self.body.isReadToEnd { self.body.release() }
                round.watchSilence(of: self)
                self.receiver.headReceived(head)
                return .taken
            case .ignore:
                return .taken
            case .abort:
                return .aborted
            }
        }
    }

    func bodyReceived(_ bytes: UnsafeRawBufferPointer, round: LoopRound) -> Verdict {
        switch self.machine.bytesReceived(count: bytes.count) {
        case .forward:
            self.silence.progressMade(at: round.now)
            self.touch(round)
            let demand = unsafe self.receiver.bodyReceived(bytes)
            self.machine.demandReturned(demand)
            // libcurl reads on for as long as there is something to read, megabytes in one round of a fast upstream. Before
            // they are passed on, the receiver cannot know that they are too many for its client.
            self.unflushed += bytes.count
            if self.unflushed >= Self.flushSize { self.passOn() }
            // The rest of the answer gets less time than the stall timeout, for which the loop would otherwise wake
            // up.
            if demand == .enough { round.watchSilence(of: self) }
            return demand == .stop ? .aborted : .taken
        case .discard:
            return .taken
        case .refuse:
            return .refused
        case .abort:
            return .aborted
        }
    }

    func bodyWanted(_ buffer: UnsafeMutableRawBufferPointer, round: LoopRound) -> Int {
        self.silence.progressMade(at: round.now)
        return unsafe self.body.read(into: buffer)
    }

    /// Lets go of libcurl.
    func release() {
        self.slot = nil
        self.body.release()
    }

    /// Tells the receiver; nothing is called after this.
    func finish(_ error: UpstreamError?) {
        self.flush()
        let result: Result<Void, UpstreamError> = error.map { .failure($0) } ?? .success(())
        self.receiver.finished(result)
        self.ended?.reached(result)
    }

    /// Ends a transfer that the curl thread will not start. Returns false if it had ended.
    func refuse() -> Bool {
        guard case .finish(let error) = self.machine.cancelReceived() else { return false }
        self.release()
        self.finish(error)
        return true
    }

    func flush() {
        guard self.isTouched else { return }
        self.isTouched = false
        self.passOn()
    }

    private static let flushSize = 64 * 1_024

    private func passOn() {
        self.unflushed = 0
        self.receiver.flush()
    }

    private func touch(_ round: LoopRound) {
        guard !self.isTouched else { return }
        self.isTouched = true
        round.touched.append(self)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The life of one transfer as the curl thread sees it: what happened goes in, what is to be done comes out.
///
/// libcurl calls back while we call it (adding, removing and unpausing all may), so the state is always changed before
/// the action is carried out, and every event is legal in every state.
struct TransferStateMachine {
    private enum State {
        /// On its way through the mailbox. -> awaitingHead, ended
        case queued
        /// libcurl has it; nothing final has been received. -> streaming, stopping, ended
        case awaitingHead
        /// The head was forwarded and bytes are welcome. -> paused, draining, stopping, ended
        case streaming
        /// The receiver wants no bytes. libcurl learns of it after the round, or sooner when it has more. -> streaming, ended
        case paused(isKnownToCurl: Bool)
        /// The receiver has all it wants. It is told of the end after the round; then libcurl reads on by itself, for the
        /// connection's sake, until `room` bytes have come. -> ended
        case draining(room: Int, isTold: Bool)
        /// We refused to go on inside a callback; libcurl will report an end that is not the true reason. -> ended
        case stopping(UpstreamError)
        case ended
    }

    /// What kind of answer a final head begins.
    enum Head: Equatable {
        case answer
        /// Another status than 2xx. Its body explains it, so little of it, in bytes and in time, is worth having.
        case refusal
        /// Nothing after it is of use.
        case unusable(UpstreamError)
    }

    enum StartAction: Equatable {
        case begin
        case nothing
    }

    enum HeadAction: Equatable {
        case forward
        /// A trailer, or too late.
        case ignore
        case abort
    }

    enum BytesAction: Equatable {
        case forward
        /// Take nothing: libcurl keeps the bytes and stops reading.
        case refuse
        /// Take it and throw it away.
        case discard
        case abort
    }

    enum ResumeAction: Equatable {
        case unpause
        /// The pause is over before libcurl has heard of it.
        case proceed
        case nothing
    }

    enum RoundAction: Equatable {
        case pause
        /// The receiver is told that the transfer ended well, while libcurl may still read.
        case tell
        case nothing
    }

    enum EndAction: Equatable {
        case finish(UpstreamError?)
        /// The receiver has been told before; only libcurl's part ends.
        case release
        case nothing
    }

    /// Which silence is being measured.
    enum Wait: Equatable {
        case firstByte
        case nextByte
        /// The end of a refusal.
        case refusal
        /// The rest of an answer that is whole.
        case rest
        /// We asked for the silence, or it does not matter any more.
        case none
    }

    /// Bytes of an answer after its end that are read for the connection's sake: the end of a chunked body, a last comment.
    static let drainLimit = 16 * 1_024

    private var state = State.queued
    /// Known when the head is there.
    private var isRefusal = false

    var wait: Wait {
        switch self.state {
        case .awaitingHead: .firstByte
        case .streaming: self.isRefusal ? .refusal : .nextByte
        case .draining: .rest
        case .queued, .paused, .stopping, .ended: .none
        }
    }

    mutating func startReceived() -> StartAction {
        // Cancelled before it could start.
        guard case .queued = self.state else { return .nothing }
        self.state = .awaitingHead
        return .begin
    }

    mutating func headCompleted(_ head: Head) -> HeadAction {
        switch (self.state, head) {
        case (.awaitingHead, .unusable(let error)):
            self.state = .stopping(error)
            return .abort
        case (.awaitingHead, .answer), (.awaitingHead, .refusal):
            self.state = .streaming
            self.isRefusal = head == .refusal
            return .forward
        case (.streaming, _), (.paused, _), (.draining, _):
            return .ignore
        case (.queued, _), (.stopping, _), (.ended, _):
            return .abort
        }
    }

    /// The answer breaks a limit of ours.
    mutating func limitExceeded(_ error: UpstreamError) {
        switch self.state {
        case .awaitingHead, .streaming, .paused: self.state = .stopping(error)
        // A drained answer was whole before its trailers broke a limit.
        case .queued, .draining, .stopping, .ended: break
        }
    }

    mutating func bytesReceived(count: Int) -> BytesAction {
        switch self.state {
        case .streaming:
            return .forward
        case .draining(let room, let isTold):
            guard count <= room else { return .abort }
            self.state = .draining(room: room - count, isTold: isTold)
            return .discard
        case .paused:
            self.state = .paused(isKnownToCurl: true)
            return .refuse
        case .queued, .awaitingHead, .stopping, .ended:
            return .abort
        }
    }

    /// The receiver has taken bytes and said whether it wants more.
    mutating func demandReturned(_ demand: TransferDemand) {
        guard case .streaming = self.state else { return }
        switch demand {
        case .more: break
        case .pause: self.state = .paused(isKnownToCurl: false)
        case .enough: self.state = .draining(room: Self.drainLimit, isTold: false)
        case .stop: self.state = .stopping(.cancelled)
        }
    }

    mutating func roundEnded() -> RoundAction {
        switch self.state {
        case .paused(isKnownToCurl: false):
            self.state = .paused(isKnownToCurl: true)
            return .pause
        case .draining(let room, isTold: false):
            self.state = .draining(room: room, isTold: true)
            return .tell
        case .queued, .awaitingHead, .streaming, .paused, .draining, .stopping, .ended:
            return .nothing
        }
    }

    /// A receiver may ask at any time.
    mutating func resumeReceived() -> ResumeAction {
        guard case .paused(let isKnownToCurl) = self.state else { return .nothing }
        // A request that was meant for an earlier pause does no harm: the receiver can pause again.
        self.state = .streaming
        return isKnownToCurl ? .unpause : .proceed
    }

    mutating func cancelReceived() -> EndAction {
        self.end(with: .cancelled)
    }

    mutating func silenceElapsed() -> EndAction {
        switch self.state {
        case .awaitingHead: self.end(with: .timedOut)
        // What there is of a refusal has to explain it.
        case .streaming: self.end(with: self.isRefusal ? nil : .stalled)
        case .draining: self.end(with: nil)
        case .queued, .paused, .stopping, .ended: .nothing
        }
    }

    /// libcurl has reported the end; `error` is what its code means.
    mutating func completed(_ error: UpstreamError?) -> EndAction {
        switch self.state {
        case .awaitingHead where error == nil:
            self.end(with: .interrupted(reason: "the answer had no head"))
        default:
            self.end(with: error)
        }
    }

    private mutating func end(with error: UpstreamError?) -> EndAction {
        defer { self.state = .ended }
        return switch self.state {
        case .ended: .nothing
        // However the rest of it ends, the answer was whole.
        case .draining(_, isTold: false): .finish(nil)
        case .draining(_, isTold: true): .release
        case .stopping(let reason): .finish(reason)
        case .queued, .awaitingHead, .streaming, .paused: .finish(error)
        }
    }
}

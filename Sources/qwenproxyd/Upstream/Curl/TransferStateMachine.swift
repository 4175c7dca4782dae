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
        /// The head was forwarded and bytes are welcome. -> paused, stopping, ended
        case streaming
        /// The receiver wants no bytes. libcurl learns of it after the round, or sooner when it has more. -> streaming, ended
        case paused(isKnownToCurl: Bool)
        /// We refused to go on inside a callback; libcurl will report an end that is not the true reason. -> ended
        case stopping(UpstreamError)
        case ended
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
        case nothing
    }

    enum EndAction: Equatable {
        case finish(UpstreamError?)
        case nothing
    }

    /// Which silence is being measured.
    enum Wait: Equatable {
        case firstByte
        case nextByte
        /// We asked for the silence, or it does not matter any more.
        case none
    }

    private var state = State.queued

    var wait: Wait {
        switch self.state {
        case .awaitingHead: .firstByte
        case .streaming: .nextByte
        case .queued, .paused, .stopping, .ended: .none
        }
    }

    mutating func startReceived() -> StartAction {
        // Cancelled before it could start.
        guard case .queued = self.state else { return .nothing }
        self.state = .awaitingHead
        return .begin
    }

    mutating func headCompleted() -> HeadAction {
        switch self.state {
        case .awaitingHead:
            self.state = .streaming
            return .forward
        case .streaming, .paused:
            return .ignore
        case .queued, .stopping, .ended:
            return .abort
        }
    }

    /// The answer breaks a limit of ours.
    mutating func limitExceeded(_ error: UpstreamError) {
        switch self.state {
        case .awaitingHead, .streaming, .paused: self.state = .stopping(error)
        case .queued, .stopping, .ended: break
        }
    }

    mutating func bytesReceived() -> BytesAction {
        switch self.state {
        case .streaming:
            return .forward
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
        case .stop: self.state = .stopping(.cancelled)
        }
    }

    mutating func roundEnded() -> RoundAction {
        guard case .paused(isKnownToCurl: false) = self.state else { return .nothing }
        self.state = .paused(isKnownToCurl: true)
        return .pause
    }

    /// A receiver may ask at any time; a request that comes before the pause it was not meant for does no harm,
    /// because the receiver can pause again.
    mutating func resumeReceived() -> ResumeAction {
        guard case .paused(let isKnownToCurl) = self.state else { return .nothing }
        self.state = .streaming
        return isKnownToCurl ? .unpause : .proceed
    }

    mutating func cancelReceived() -> EndAction {
        self.end(with: .cancelled)
    }

    mutating func silenceElapsed() -> EndAction {
        switch self.state {
        case .awaitingHead: self.end(with: .timedOut)
        case .streaming: self.end(with: .stalled)
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
        case .stopping(let reason): .finish(reason)
        case .queued, .awaitingHead, .streaming, .paused: .finish(error)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Decides what an event at a response puts on the wire. Owned by the connection, on its event loop.
struct ResponseStateMachine: Sendable {
    enum Action: Sendable, Equatable {
        /// Too late, or the client is gone.
        case ignore
        /// The whole response at once.
        case respond
        /// A part of the stream, in this order: the head and the preamble, the bytes of the event, the end of the stream.
        case stream(head: Bool, end: Bool, thenClose: Bool)
        /// Start the clock that breaks the silence; nothing goes out.
        case armKeepAlive
        /// Break the connection, so that the client sees that the stream is not complete.
        case abort
    }

    enum State: Sendable, Equatable {
        /// Nothing was said yet. Goes to `declared` or `complete`.
        case awaiting
        /// It will be an event stream, but the head is held back, so that an early error can still be a status.
        /// Goes to `streaming` with the first byte or the first silence, or to `complete`.
        case declared
        /// The head is out. Goes to `complete`.
        case streaming
        /// Nothing goes out any more; the last state.
        case complete
    }

    private(set) var state = State.awaiting

    var isComplete: Bool { self.state == .complete }
    var isHeadSent: Bool { self.state == .streaming || self.state == .complete }

    mutating func wholeResponseGiven() -> Action {
        switch self.state {
        case .awaiting, .declared:
            self.state = .complete
            return .respond
        case .streaming, .complete:
            return .ignore
        }
    }

    mutating func streamOpened() -> Action {
        switch self.state {
        case .awaiting:
            self.state = .declared
            return .armKeepAlive
        case .complete:
            return .ignore
        case .declared, .streaming:
            preconditionFailure("openStream called twice, in state \(self.state)")
        }
    }

    mutating func bytesWritten() -> Action {
        switch self.state {
        case .awaiting:
            preconditionFailure("write called before openStream")
        case .declared:
            self.state = .streaming
            return .stream(head: true, end: false, thenClose: false)
        case .streaming:
            return .stream(head: false, end: false, thenClose: false)
        case .complete:
            return .ignore
        }
    }

    /// The interval passed without a write.
    mutating func silenceNoticed() -> Action {
        switch self.state {
        case .declared:
            self.state = .streaming
            return .stream(head: true, end: false, thenClose: false)
        case .streaming:
            return .stream(head: false, end: false, thenClose: false)
        case .awaiting, .complete:
            // The timer was cancelled in the same turn of the loop in which it came due.
            return .ignore
        }
    }

    mutating func finished() -> Action {
        switch self.state {
        case .awaiting:
            preconditionFailure("finish called before openStream")
        case .declared:
            self.state = .complete
            return .stream(head: true, end: true, thenClose: false)
        case .streaming:
            self.state = .complete
            return .stream(head: false, end: true, thenClose: false)
        case .complete:
            return .ignore
        }
    }

    mutating func failed() -> Action {
        switch self.state {
        case .awaiting, .declared:
            self.state = .complete
            return .respond
        case .streaming:
            self.state = .complete
            return .stream(head: false, end: true, thenClose: true)
        case .complete:
            return .ignore
        }
    }

    /// The responder will say no more.
    mutating func responderReturned() -> Action {
        switch self.state {
        case .awaiting, .declared:
            // Before the head we can still own up to it.
            self.state = .complete
            return .respond
        case .streaming:
            self.state = .complete
            // The client must not take what it has for the whole answer.
            return .abort
        case .complete:
            return .ignore
        }
    }

    mutating func clientHungUp() {
        self.state = .complete
    }
}

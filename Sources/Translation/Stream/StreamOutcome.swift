// SPDX-License-Identifier: Apache-2.0

/// How far an answer has come.
public enum StreamOutcome: Sendable, Equatable {
    /// More is expected. Goes to any of the others.
    case streaming
    /// The message is whole and `message_stop` was sent. Final: whatever the upstream still sends is ignored.
    case completed(Usage, StopReason)
    /// The upstream ended properly without saying anything, and nothing was sent. Final; asking again may help.
    case empty
    /// The answer cannot be finished. Final: no event follows, and an open block stays open, so that a client cannot
    /// take half an answer for a whole one.
    case failed(UpstreamFailure)
}

/// How the bytes of a response body came to an end.
public enum BodyEnd: Sendable, Equatable {
    case complete
    /// The connection broke, or the body is shorter than announced.
    case truncated
}

// SPDX-License-Identifier: Apache-2.0

/// How far an answer has come.
public enum StreamOutcome: Sendable, Equatable {
    /// More is expected. Goes to any of the others.
    case streaming
    /// The message is whole and `message_stop` was sent. Final: whatever the upstream still sends is ignored.
    case completed(Usage, StopReason)
    /// The upstream said nothing, and nothing was sent. `endedProperly` says that it gave a reason for the end that we
    /// know, so that the answer may be accepted as it is. Final; asking again may help.
    case empty(endedProperly: Bool)
    /// The answer cannot be finished. Final: no event follows, and an open block stays open, so that a client cannot
    /// take half an answer for a whole one.
    case failed(UpstreamFailure)

    /// Whether nothing that the upstream still sends can change it.
    public var isFinal: Bool {
        switch self {
        case .streaming: false
        case .completed, .empty, .failed: true
        }
    }
}

/// How the bytes of a response body came to an end.
public enum BodyEnd: Sendable, Equatable {
    case complete
    /// The connection broke, or the body is shorter than announced.
    case truncated
}

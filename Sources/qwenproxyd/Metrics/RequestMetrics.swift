// SPDX-License-Identifier: Apache-2.0

import Shared
import Synchronization

/// What the daemon counts about requests for a model. One lock, held for a few instructions.
final class RequestMetrics: Sendable {
    struct Snapshot: Sendable, Equatable {
        var inFlight = 0
        var streaming = 0
        var total = 0
        var failed = 0
        var cancelled = 0
        var retries = 0
        var inputTokens = 0
        var outputTokens = 0
        /// Those of `inputTokens` that came from the upstream's cache.
        var cachedTokens = 0
        var lastContact = Contact.none
        /// Newest last.
        var lastErrors: [RecordedFailure] = []
    }

    /// How the last talk with an upstream went.
    enum Contact: Sendable, Equatable {
        case none
        case answered
        case unreachable
        /// It answered, and refused our credentials.
        case refused
    }

    /// One failed request, for `qwenproxyctl status`. Never holds content.
    struct RecordedFailure: Sendable, Equatable {
        var time: Timestamp
        var requestID: String
        var kind: String
        var message: String
    }

    /// How a request ended.
    enum End: Sendable, Equatable {
        case completed(inputTokens: Int, outputTokens: Int, cachedTokens: Int)
        case failed(RecordedFailure, Contact)
        case cancelled
    }

    private static let rememberedErrors = 8
    private let state = Mutex(Snapshot())

    var snapshot: Snapshot { self.state.withLock { $0 } }

    func began(isStreaming: Bool) {
        self.state.withLock {
            $0.total += 1
            $0.inFlight += 1
            if isStreaming { $0.streaming += 1 }
        }
    }

    func retried() { self.state.withLock { $0.retries += 1 } }

    func ended(_ end: End, isStreaming: Bool) {
        self.state.withLock {
            $0.inFlight -= 1
            if isStreaming { $0.streaming -= 1 }
            switch end {
            case .completed(let inputTokens, let outputTokens, let cachedTokens):
                $0.inputTokens += inputTokens
                $0.outputTokens += outputTokens
                $0.cachedTokens += cachedTokens
                $0.lastContact = .answered
            case .failed(let failure, let contact):
                $0.failed += 1
                $0.lastContact = contact
                $0.lastErrors.append(failure)
                if $0.lastErrors.count > Self.rememberedErrors { $0.lastErrors.removeFirst() }
            case .cancelled:
                $0.cancelled += 1
            }
        }
    }
}

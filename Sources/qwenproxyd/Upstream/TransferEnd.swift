// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where a task waits for the end of a transfer.
final class TransferEnd: Sendable {
    typealias Continuation = CheckedContinuation<Result<Void, UpstreamError>, Never>

    private let continuation = Mutex<Continuation?>(nil)

    /// Called before the transfer is started, hence before it can end.
    func wait(_ continuation: Continuation) {
        self.continuation.withLock { $0 = continuation }
    }

    func reached(_ result: Result<Void, UpstreamError>) {
        let continuation = self.continuation.withLock { $0.take() }
        continuation?.resume(returning: result)
    }
}

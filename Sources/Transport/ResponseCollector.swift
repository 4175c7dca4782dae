// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Collects one answer whole, up to a limit.
final class ResponseCollector: TransferReceiver {
    private struct State {
        var head: UpstreamResponseHead?
        var body: [UInt8] = []
        var isTooLarge = false
    }

    private let limit: Int
    // Written on the curl thread, read by the task that waits for the end.
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    func headReceived(_ head: UpstreamResponseHead) {
        self.state.withLock { $0.head = head }
    }

    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand {
        self.state.withLock { state in
            guard bytes.count <= self.limit - state.body.count else {
                state.isTooLarge = true
                return .stop
            }
            unsafe state.body.append(contentsOf: bytes)
            return .more
        }
    }

    func flush() {}

    func finished(_ result: Result<Void, UpstreamError>) {}

    /// What came of it, once the transfer ended with `result`.
    func response(
        of result: Result<Void, UpstreamError>,
    ) throws(UpstreamError) -> (head: UpstreamResponseHead, body: [UInt8]) {
        let state = self.state.withLock { $0 }
        // Before the result, which is only that we stopped the transfer.
        if state.isTooLarge { throw .tooLarge(limit: self.limit) }
        try result.get()
        guard let head = state.head else { throw .interrupted(reason: "the answer had no head") }
        return (head: head, body: state.body)
    }
}

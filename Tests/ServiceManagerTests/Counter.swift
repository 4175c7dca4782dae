// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A count one can wait for.
final class Counter: Sendable {
    private let count = Mutex(0)
    private let increments: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (self.increments, self.continuation) = AsyncStream<Void>.makeStream()
    }

    var value: Int { self.count.withLock { $0 } }

    func increment() {
        self.count.withLock { $0 += 1 }
        self.continuation.yield()
    }

    /// Each increment is waited for once, whether it has come already or not.
    func waitForIncrement() async {
        for await _ in self.increments { return }
    }
}

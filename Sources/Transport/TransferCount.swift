// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many transfers were started and have not ended, readable from any thread.
final class TransferCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int {
        self.count.load(ordering: .relaxed)
    }

    func started() {
        self.count.add(1, ordering: .relaxed)
    }

    func ended() {
        self.count.subtract(1, ordering: .relaxed)
    }
}

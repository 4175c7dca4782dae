// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Translation

/// What texts weigh, for all requests of the process.
final class SharedTextWeights: TextWeightMemory {
    private let table = Mutex(TextWeightTable())

    func weight(for key: UInt64) -> Int? {
        self.table.withLock { $0.weight(for: key) }
    }

    func remember(_ weight: Int, for key: UInt64) {
        self.table.withLock { $0.insert(weight, for: key) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Every transfer libcurl is working on. Each knows its place, so that taking one out is cheap.
struct ActiveTransferList {
    private var transfers: [ActiveTransfer] = []

    var last: ActiveTransfer? { self.transfers.last }

    mutating func insert(_ transfer: ActiveTransfer) {
        transfer.index = self.transfers.count
        self.transfers.append(transfer)
    }

    mutating func remove(_ transfer: ActiveTransfer) {
        let index = transfer.index
        precondition(self.transfers[index] === transfer, "a transfer that is not in the list")
        self.transfers.swapAt(index, self.transfers.count - 1)
        self.transfers[index].index = index
        self.transfers.removeLast()
    }

    /// The transfers that have been silent for too long at `now`, and when to look again.
    func silent(at now: LoopTime) -> (expired: [ActiveTransfer], next: LoopTime) {
        var expired: [ActiveTransfer] = []
        var next = LoopTime.distantFuture
        for transfer in self.transfers {
            let deadline = transfer.silenceDeadline(now: now)
            if deadline <= now { expired.append(transfer) } else { next = min(next, deadline) }
        }
        return (expired, next)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Every transfer libcurl is working on. Each knows its place, so that taking one out is cheap.
struct ActiveTransferList {
    private var transfers: [ActiveTransfer] = []

    var last: ActiveTransfer? { self.transfers.last }
    var isEmpty: Bool { self.transfers.isEmpty }

    mutating func insert(_ transfer: ActiveTransfer) {
        transfer.index = self.transfers.count
        self.transfers.append(transfer)
    }

    mutating func remove(_ transfer: ActiveTransfer) {
        let index = transfer.index
        precondition(self.transfers[index] === transfer, "a transfer that is not in the list")
        // The order means nothing, so the last one fills the gap and nothing else moves.
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

/// What libcurl's callbacks share with the loop while it goes round once.
final class LoopRound {
    /// Read from the clock once a round; a chunk is not worth a clock reading of its own.
    var now = LoopTime.now()
    /// The transfers whose receivers got bytes.
    var touched: [ActiveTransfer] = []
    /// No transfer can have been silent for too long before this. Progress moves deadlines away, so it may be early.
    private(set) var silenceCheck = LoopTime.distantFuture

    /// A transfer has begun to wait for something, until `deadline` at the longest.
    func watchSilence(of transfer: ActiveTransfer) {
        self.silenceCheck = min(self.silenceCheck, transfer.silenceDeadline(now: self.now))
    }

    /// All transfers were looked at; the next deadline among them is `next`.
    func silenceChecked(next: LoopTime) {
        // Many transfers in different phases must not make us look at all of them every millisecond.
        self.silenceCheck = max(next, self.now.advanced(byMilliseconds: Self.silenceResolution))
    }

    /// The precision of the first-byte and stall timeouts, in milliseconds.
    private static let silenceResolution: Int64 = 20
}

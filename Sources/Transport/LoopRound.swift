// SPDX-License-Identifier: Apache-2.0

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

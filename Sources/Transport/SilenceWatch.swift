// SPDX-License-Identifier: Apache-2.0

/// How long one transfer may stay silent. Progress only notes the time; whether it was too long is looked at rarely.
struct SilenceWatch: Sendable {
    private var started: LoopTime
    private let firstByte: Int64
    private let stall: Int64
    private let refusal: Int64
    private var lastProgress: LoopTime
    private var head: LoopTime
    /// How long the rest of an answer that is whole is waited for, in milliseconds. The next connection costs less.
    private static let drain: Int64 = 1_000

    init(timeouts: UpstreamRequest.Timeouts, now: LoopTime) {
        self.started = now
        self.lastProgress = now
        self.head = now
        self.firstByte = timeouts.firstByte.clampedMilliseconds()
        self.stall = timeouts.stall.clampedMilliseconds()
        self.refusal = timeouts.refusal.clampedMilliseconds()
    }

    /// The same patience for a transfer that starts at `now`.
    func starting(at now: LoopTime) -> SilenceWatch {
        var watch = self
        watch.started = now
        watch.lastProgress = now
        return watch
    }

    mutating func progressMade(at time: LoopTime) {
        self.lastProgress = time
    }

    mutating func headReceived(at time: LoopTime) {
        self.lastProgress = time
        self.head = time
    }

    /// When the wait will have been too long. A transfer without a connection yet has only its connect timeout, which is
    /// libcurl's, so `connectedAfter` is asked for as late as possible.
    func deadline(for wait: TransferStateMachine.Wait, now: LoopTime, connectedAfter: () -> Int?) -> LoopTime {
        switch wait {
        case .none:
            return .distantFuture
        case .rest:
            return self.lastProgress.advanced(byMilliseconds: Self.drain)
        case .nextByte:
            return self.lastProgress.advanced(byMilliseconds: self.stall)
        case .refusal:
            return min(
                self.lastProgress.advanced(byMilliseconds: self.stall), self.head.advanced(byMilliseconds: self.refusal)
            )
        case .firstByte:
            let deadline = self.lastProgress.advanced(byMilliseconds: self.firstByte)
            guard deadline <= now else { return deadline }
            guard let connectedAfter = connectedAfter() else { return now.advanced(byMilliseconds: self.firstByte) }
            let connected = self.started.advanced(byMilliseconds: Int64(connectedAfter))
            // The upload is progress: the patience begins when it has ended.
            return max(connected, self.lastProgress).advanced(byMilliseconds: self.firstByte)
        }
    }
}

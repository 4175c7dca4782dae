// SPDX-License-Identifier: Apache-2.0

/// A process that was replaced and finishes the answers that it has begun.
public struct PredecessorStatus: Codable, Sendable, Equatable {
    /// Its process.
    public var pid: Int
    /// Of that process.
    public var version: String
    /// When it ends what is not finished then.
    public var until: Timestamp
    /// Requests whose answer is not complete.
    public var inFlight: Int
    /// Those of `inFlight` whose answer is a stream.
    public var streaming: Int
    /// The oldest first, and perhaps not all of them.
    public var live: [LiveRequestStatus]

    public init(
        pid: Int, version: String = Version.current, until: Timestamp, inFlight: Int, streaming: Int,
        live: [LiveRequestStatus],
    ) {
        self.pid = pid
        self.version = version
        self.until = until
        self.inFlight = inFlight
        self.streaming = streaming
        self.live = live
    }
}

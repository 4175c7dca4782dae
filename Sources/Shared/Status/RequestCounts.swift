// SPDX-License-Identifier: Apache-2.0

/// Requests since the start.
public struct RequestCounts: Codable, Sendable, Equatable {
    /// Those whose answer is not complete.
    public var inFlight: Int
    /// Those of `inFlight` whose answer is a stream.
    public var streaming: Int
    /// All of them.
    public var total: Int
    /// Those that got an error.
    public var failed: Int

    public init(inFlight: Int = 0, streaming: Int = 0, total: Int = 0, failed: Int = 0) {
        self.inFlight = inFlight
        self.streaming = streaming
        self.total = total
        self.failed = failed
    }
}

/// How often the translation stepped in since the start: a repair, a recovery, a request that was sent again in another
/// form. The names are those of the journal's `INTERVENTIONS` field.
public struct InterventionCount: Codable, Sendable, Equatable {
    /// As in the journal.
    public var name: String
    /// Since the start.
    public var count: Int

    public init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What goes on at one moment: one of the many replies of `Monitor`. It never holds a secret or content of a request.
public struct MonitorReport: Codable, Sendable, Equatable {
    /// Whether requests are accepted.
    public var state: DaemonStatus.State
    /// When this was so.
    public var time: Timestamp
    /// Requests since the start.
    public var requests: RequestCounts
    /// Tokens since the start.
    public var tokens: TokenCounts
    /// The oldest first, and no more than a few hundred of them.
    public var live: [LiveRequestStatus]
    /// Those that ended last, newest first. Absent in the reply of an older daemon.
    public var finished: [FinishedRequestStatus]?
    /// What each model has done since the start, the busiest first. Absent in the reply of an older daemon.
    public var models: [ModelTotals]?
    /// The processes that this one has replaced and that still serve something. Absent when there is none, and in the reply
    /// of an older daemon.
    public var predecessors: [PredecessorStatus]?

    public init(
        state: DaemonStatus.State, time: Timestamp, requests: RequestCounts, tokens: TokenCounts,
        live: [LiveRequestStatus], finished: [FinishedRequestStatus] = [], models: [ModelTotals] = [],
        predecessors: [PredecessorStatus] = [],
    ) {
        self.state = state
        self.time = time
        self.requests = requests
        self.tokens = tokens
        self.live = live
        self.finished = finished
        self.models = models
        self.predecessors = predecessors.isEmpty ? nil : predecessors
    }
}

/// A request that is being answered. It never holds content.
public struct LiveRequestStatus: Codable, Sendable, Equatable {
    /// How far an answer has come.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Nothing has been sent to an upstream yet.
        case waiting
        /// An upstream has it and has said nothing so far.
        case asking
        case answering
        /// An attempt failed; the next one comes after a pause.
        case retrying
    }

    /// The `request-id` that the client gets.
    public var id: String
    /// As the client asked for it.
    public var model: String
    /// Absent until one was chosen.
    public var upstream: String?
    /// The model's name there; absent until one was chosen.
    public var upstreamModel: String?
    /// How far the answer has come.
    public var state: State
    /// Whether the answer is a stream.
    public var streaming: Bool
    /// In milliseconds.
    public var age: Int
    /// From the beginning to the first byte of the upstream's answer, in milliseconds; absent until then.
    public var firstByte: Int?
    /// An estimate, from the length of what has come so far.
    public var outputTokens: Int

    public init(
        id: String, model: String, upstream: String?, upstreamModel: String?, state: State, streaming: Bool, age: Int,
        firstByte: Int? = nil, outputTokens: Int,
    ) {
        self.id = id
        self.model = model
        self.upstream = upstream
        self.upstreamModel = upstreamModel
        self.state = state
        self.streaming = streaming
        self.age = age
        self.firstByte = firstByte
        self.outputTokens = outputTokens
    }
}

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

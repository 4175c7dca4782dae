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

    public init(
        state: DaemonStatus.State, time: Timestamp, requests: RequestCounts, tokens: TokenCounts,
        live: [LiveRequestStatus],
    ) {
        self.state = state
        self.time = time
        self.requests = requests
        self.tokens = tokens
        self.live = live
    }
}

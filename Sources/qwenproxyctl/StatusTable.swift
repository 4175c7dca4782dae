// SPDX-License-Identifier: Apache-2.0

import Shared

/// The daemon's status for people: a rendering of the same value that `--json` prints.
struct StatusTable {
    private let status: DaemonStatus
    private let now: Timestamp

    init(_ status: DaemonStatus, now: Timestamp) {
        self.status = status
        self.now = now
    }

    var text: String {
        let rows = self.rows
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { label, value in
            String(repeating: " ", count: width - label.count) + label + (label.isEmpty ? "  " : ": ") + value
        }.joined(separator: "\n")
    }

    private var rows: [(String, String)] {
        var rows = [("State", self.state), ("Version", self.status.version)]
        rows += Self.list("Listening", self.status.listeners.map(Self.describe))
        rows += Self.list("Upstream", self.status.upstreams.flatMap(UpstreamLine.lines))
        rows += Self.list("Credentials", self.credentials)
        rows += [
            ("Requests", self.requests), ("Tokens", self.tokens), ("Log level", self.status.logLevel.rawValue),
        ]
        rows += Self.list("Configuration", self.status.configurationSources)
        rows += Self.list("Last errors", self.status.lastErrors.map(self.describe))
        return rows
    }

    private var state: String {
        let since = "pid \(self.status.pid), since \(self.status.startedAt) (\(self.age(of: self.status.startedAt)))"
        switch self.status.state {
        case .running: return "running, \(since)"
        case .draining: return "stopping, waits for \(self.status.requests.inFlight) in flight, \(since)"
        }
    }

    private var credentials: [String] {
        let credentials = self.status.credentials
        let state =
            switch credentials.state {
            case .apiKey: "API key"
            case .none: "none needed"
            case .demo: "none, this is the demo"
            case .missing, .valid, .refreshing, .expired, .refused, .invalid: credentials.state.rawValue
            }
        let expiry = credentials.expiresAt.map { moment in
            moment > self.now ? "expires \(moment) (in \(self.age(of: moment)))" : "expired \(moment)"
        }
        return [[state, expiry].compactMap(\.self).joined(separator: ", "), credentials.path, credentials.detail]
            .compactMap(\.self)
    }

    private var requests: String {
        let requests = self.status.requests
        return "\(requests.inFlight) in flight (\(requests.streaming) streaming), "
            + "\(requests.total) in all, \(requests.failed) failed"
    }

    private var tokens: String {
        let tokens = self.status.tokens
        return "\(tokens.input) in (\(tokens.cached) cached), \(tokens.output) out"
    }

    private static func describe(_ listener: ListenerStatus) -> String {
        "\(listener.role.rawValue) \(listener.address)" + (listener.inherited ? " (from systemd)" : "")
    }

    private func describe(_ error: RecordedError) -> String {
        let request = error.requestID.map { " \($0)" } ?? ""
        return "\(error.time)\(request) \(error.kind): \(error.message)"
    }

    /// The label stands beside the first entry only. An empty list takes no line.
    private static func list(_ label: String, _ entries: [String]) -> [(String, String)] {
        entries.enumerated().map { index, entry in (index == 0 ? label : "", entry) }
    }

    /// The distance between a moment and now, in its two largest units.
    private func age(of moment: Timestamp) -> String {
        let (later, earlier) = (max(moment, self.now), min(moment, self.now))
        return Quantity.duration(seconds: later.secondsSinceEpoch - earlier.secondsSinceEpoch)
    }
}

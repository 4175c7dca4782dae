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

    var lines: [StyledText] {
        let rows = self.rows
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { label, value in
            (StyledText("\(label)\(label.isEmpty ? " " : ":")", .bold).padded(to: width + 1, isRight: true) + " "
                + value)
                .hanging(by: width + 2 + value.plain.prefix { $0 == " " }.count)
        }
    }

    private var rows: [(String, StyledText)] {
        var rows = [("State", self.state), ("Version", self.version)]
        rows += (self.status.configurationMistakes ?? []).enumerated().map { index, mistake in
            (
                index > 0 ? "" : self.status.configurationMistakes?.count == 1 ? "Mistake" : "Mistakes",
                StyledText(mistake, .red)
            )
        }
        if let mistaken = MistakenConfiguration(self.status) {
            let pronoun = mistaken.mistakes.count == 1 ? "it is" : "they are"
            let refusal = "Until \(pronoun) mended (qwenproxyctl config edit), each request is refused."
            rows.append(("", StyledText(refusal)))
            rows += mistaken.promise.map { [("", StyledText($0))] } ?? []
        }
        rows += Self.list("Listening", self.status.listeners.map(Self.describe))
        rows += Self.list(
            "Upstream",
            self.status.upstreams.enumerated().flatMap { index, upstream in
                UpstreamLine.lines(upstream, answers: index == 0 && self.status.upstreams.count > 1)
            })
        // With mistakes no upstream is asked, and nothing can be said of one.
        if self.status.configurationMistakes == nil { rows += self.credentials }
        rows += [("Connections", self.connections), ("Requests", self.requests)]
        rows += (self.status.predecessors ?? []).map { ("", StyledText(Self.describe($0), .yellow)) }
        rows += [("Tokens", StyledText(self.tokens))]
        rows += self.today.map { [("Today", StyledText($0))] } ?? []
        rows += Self.list("Interventions", self.interventions.map { [$0] } ?? [])
        rows += [("Log level", StyledText(self.status.logLevel.rawValue))]
        rows += Self.list("Configuration", self.status.configurationSources)
        rows += Self.list("Last errors", self.errors)
        return rows
    }

    /// "call recovered 2, output reduced 1"; nil when nothing was repaired, recovered or sent again in another form.
    private var interventions: String? {
        guard !self.status.interventions.isEmpty else { return nil }
        return self.status.interventions
            .map { "\($0.name.replacing("_", with: " ")) \($0.count)" }.joined(separator: ", ")
    }

    private var state: StyledText {
        let since =
            ", pid \(self.status.pid), since \(LocalTime.text(self.status.startedAt)) (\(self.age(of: self.status.startedAt)))"
        switch self.status.state {
        case .running:
            return StyledText("running", .green) + StyledText(since)
        case .draining:
            return StyledText("stopping", .yellow)
                + StyledText(", waits for \(self.status.requests.inFlight) in flight\(since)")
        case .replaced:
            return StyledText("replaced", .yellow)
                + StyledText(" by a new process, finishes \(self.status.requests.inFlight) in flight\(since)")
        }
    }

    /// "and 2 in flight in process 4710, which was replaced and ends by 14:20:00 at the latest"
    static func describe(_ predecessor: PredecessorStatus) -> String {
        "and \(predecessor.inFlight) in flight (\(predecessor.streaming) streaming) in process \(predecessor.pid), "
            + "which was replaced and ends by \(LocalTime.clock(predecessor.until)) at the latest"
    }

    private var credentials: [(String, StyledText)] {
        let credentials = self.status.credentials
        let state =
            switch credentials.state {
            case .apiKey: "API key"
            case .none: "none needed"
            case .demo: "none, this is the demo"
            case .missing, .valid, .refreshing, .expired, .refused, .invalid: credentials.state.rawValue
            }
        let expiry = credentials.expiresAt.map { moment in
            moment > self.now
                ? "expires \(LocalTime.text(moment)) (in \(self.age(of: moment)))" : "expired \(LocalTime.text(moment))"
        }
        let look: StyledText.Look =
            switch credentials.state {
            case .valid, .apiKey, .none: .green
            case .refreshing, .demo: .yellow
            case .missing, .expired, .refused, .invalid: .red
            }
        let first = StyledText(state, look) + StyledText(expiry.map { ", \($0)" } ?? "")
        return [("Credentials", first)]
            + [credentials.path, credentials.detail].compactMap(\.self).flatMap { text in
                text.split(separator: "\n").map { ("", StyledText(String($0))) }
            }
    }

    private var connections: StyledText {
        let connections = self.status.connections
        let text = StyledText("\(connections.open) of at most \(connections.limit)")
        let refused = connections.refused > 0 ? ", \(connections.refused) refused because all were taken" : ""
        guard connections.isExhausted else { return text + StyledText(refused, .yellow) }
        return text
            + StyledText(
                "\(refused), no more clients fit: \(connections.descriptors) of \(connections.descriptorLimit) file "
                    + "descriptors are open (LimitNOFILE=)",
                .red)
    }

    private var requests: StyledText {
        let requests = self.status.requests
        return StyledText(
            "\(requests.inFlight) in flight (\(requests.streaming) streaming), \(requests.total) in all, ")
            + StyledText("\(requests.failed) failed", requests.failed > 0 ? .red : nil)
    }

    private var tokens: String {
        let tokens = self.status.tokens
        let (input, cached, output) = (tokens.input, tokens.cached, tokens.output)
        return "\(Quantity.grouped(input)) in (\(Quantity.grouped(cached)) cached), \(Quantity.grouped(output)) out"
    }

    /// In this process and in those before it; nil while there is nothing to tell.
    private var today: String? {
        guard let models = self.status.today, !models.isEmpty else { return nil }
        let sum = UsageTable.sum(models)
        let isPartly = models.contains { $0.cost == nil && $0.requests > $0.failed }
        let cost = sum.cost.map { ", about \(Quantity.dollars($0))\(isPartly ? " for those with a price" : "")" } ?? ""
        let cached = sum.tokens.input > 0 ? " (\(Quantity.share(cachedIn: sum.tokens)) cached)" : ""
        return "\(Quantity.count(sum.requests, "request")), \(Quantity.short(sum.tokens.input)) in\(cached), "
            + "\(Quantity.short(sum.tokens.output)) out\(cost); \"qwenproxyctl usage\" has more"
    }

    private var version: StyledText {
        guard self.status.version != Version.current else { return StyledText(self.status.version) }
        return StyledText(self.status.version)
            + StyledText(", and \(Version.current) is installed: \"qwenproxyctl restart\" brings it", .yellow)
    }

    private static func describe(_ listener: ListenerStatus) -> String {
        "\(listener.role.rawValue) \(listener.address)" + (listener.inherited ? " (from systemd)" : "")
    }

    /// Equal ones are told once, with the newest of them.
    private var errors: [String] {
        var sums: [(newest: RecordedError, count: Int, first: Timestamp)] = []
        for error in self.status.lastErrors {
            // A service that is down fails every request in the same way, and one such error is enough to see.
            if let index = sums.firstIndex(where: { $0.newest.kind == error.kind && $0.newest.message == error.message }
            ) {
                sums[index].count += 1
                sums[index].first = error.time
            } else {
                sums.append((error, 1, error.time))
            }
        }
        return sums.map { newest, count, first in
            let request = newest.requestID.map { " \($0)" } ?? ""
            let sum = count > 1 ? " (\(count) times since \(LocalTime.clock(first)))" : ""
            // One line for each error: an upstream's answer may have many.
            let message = newest.message.replacing("\n", with: " ")
            return "\(LocalTime.text(newest.time))\(request) \(newest.kind)\(sum): \(message)"
        }
    }

    /// The label stands beside the first entry only. An empty list takes no line.
    private static func list(_ label: String, _ entries: [String]) -> [(String, StyledText)] {
        entries.enumerated().map { index, entry in (index == 0 ? label : "", StyledText(entry)) }
    }

    /// The distance between a moment and now, in its two largest units.
    private func age(of moment: Timestamp) -> String {
        let (later, earlier) = (max(moment, self.now), min(moment, self.now))
        return Quantity.duration(seconds: later.secondsSinceEpoch - earlier.secondsSinceEpoch)
    }
}

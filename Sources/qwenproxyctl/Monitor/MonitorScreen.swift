// SPDX-License-Identifier: Apache-2.0

import Shared

/// What the monitor shows of one report on a screen of a given size: what runs, what ended last, and what each model has done.
struct MonitorScreen {
    let report: MonitorReport
    let rates: RateMeter
    let rows: Int
    let columns: Int

    private static let footer = StyledText("q", .bold) + StyledText(" quits", .faint)
    /// A table of fewer rows than this is not worth its head while others need the room.
    private static let leastFinished = 3
    private static let mostModels = 4
    /// Where there is no room for all words.
    private var isNarrow: Bool { self.columns < 100 }

    /// At most as many lines as there are rows.
    var lines: [StyledText] {
        let head = self.head
        // The head, an empty line, the footer.
        let room = max(0, self.rows - 2 - head.count)
        // What runs is what the monitor is for: on a small screen the totals go first.
        let totals = room >= 12 ? self.totals : []
        let wanted = min(self.finished.count, Self.leastFinished)
        let reserve = wanted > 0 && room - totals.count >= 10 ? wanted + 2 : 0
        let live = self.live(room - totals.count - reserve)
        // An empty line and the table's head.
        let left = room - totals.count - live.count - 2
        let finished = reserve > 0 && left > 0 ? [StyledText("")] + self.table(self.finished.prefix(left)) : []
        var lines = head.map { $0.truncated(to: self.columns) } + [StyledText("")] + live + finished + totals
        lines = Array(lines.prefix(max(0, self.rows - 1)))
        // The footer stays at the lower edge when there is little to show.
        lines += Array(repeating: StyledText(""), count: max(0, self.rows - 1 - lines.count))
        return lines + [Self.footer.truncated(to: self.columns)]
    }

    private var predecessors: [PredecessorStatus] { self.report.predecessors ?? [] }
    private var finished: [FinishedRequestStatus] { self.report.finished ?? [] }

    /// The counters on one line if they fit, else on two, and one more for each process that was replaced.
    private var head: [StyledText] {
        let requests = self.report.requests
        let tokens = self.report.tokens
        let state =
            switch self.report.state {
            case .running: StyledText("running", .green)
            case .draining: StyledText("stopping", .yellow)
            case .replaced: StyledText("replaced", .yellow)
            }
        let failed = StyledText("\(requests.failed) failed", requests.failed > 0 ? .red : nil)
        let first =
            StyledText("qwenproxyd ", .bold) + state + StyledText(" \(LocalTime.clock(self.report.time))", .faint)
            + StyledText(
                "   \(requests.inFlight) in flight (\(requests.streaming) streaming), \(requests.total) in all, ")
            + failed
        let cached = tokens.input > 0 ? " (\(Quantity.share(cachedIn: tokens)) cached)" : ""
        let second = StyledText(
            "tokens: \(Quantity.short(tokens.input)) in\(cached), \(Quantity.short(tokens.output)) out")
        let whole = first + StyledText("   ") + second
        let replaced = self.predecessors.map { StyledText(StatusTable.describe($0), .yellow) }
        return (whole.width <= self.columns ? [whole] : [first, second]) + replaced
    }

    // MARK: - Running

    /// Those of the processes that were replaced come after this one's own.
    private func live(_ room: Int) -> [StyledText] {
        let own = self.report.live.map { self.row($0) }
        let others = self.predecessors.flatMap(\.live).map { self.row($0).map { $0.looking(.faint) } }
        // The report lists a limited number of requests; the counters know of all.
        let count = self.report.requests.inFlight + self.predecessors.reduce(0) { $0 + $1.inFlight }
        let rows = own + others
        // One line is the table's head.
        let isCrowded = rows.count > room - 1
        let shown = rows.prefix(max(0, isCrowded ? room - 2 : room - 1))
        let rest = count - shown.count
        if rest > 0 { return self.table(shown) + [StyledText("… and \(rest) more", .faint)] }
        return shown.isEmpty ? [StyledText("No request is running.", .faint)] : self.table(shown)
    }

    private func table(_ rows: ArraySlice<[StyledText]>) -> [StyledText] {
        guard !rows.isEmpty else { return [] }
        var table = TextTable([
            .init(title: "STATE"), .init(title: "AGE", isRight: true), .init(title: "FIRST", isRight: true),
            .init(title: "TOKENS", isRight: true), .init(title: "TOK/S", isRight: true),
            .init(title: "MODEL", minimum: 8), .init(title: "UPSTREAM", minimum: 8),
            .init(title: "REQUEST", isOptional: true),
        ])
        table.rows = Array(rows)
        return table.lines(width: self.columns)
    }

    private func row(_ request: LiveRequestStatus) -> [StyledText] {
        [
            Self.state(request.state), StyledText(Quantity.duration(milliseconds: request.age)),
            StyledText(Self.time(request.firstByte)), StyledText(Quantity.short(request.outputTokens)),
            StyledText(self.rates.tokensPerSecond(of: request.id).map(Quantity.rate) ?? "-"),
            StyledText(self.model(request.model)),
            StyledText(Self.destination(request.upstream, request.upstreamModel, request.model)),
            StyledText(request.id, .faint),
        ]
    }

    private static func state(_ state: LiveRequestStatus.State) -> StyledText {
        switch state {
        case .waiting: StyledText("waiting", .faint)
        case .asking: StyledText("asking", .cyan)
        case .answering: StyledText("answering", .green)
        case .retrying: StyledText("retrying", .yellow)
        }
    }

    // MARK: - Finished

    private func table(_ requests: ArraySlice<FinishedRequestStatus>) -> [StyledText] {
        var table = TextTable([
            .init(title: "ENDED"), .init(title: "RESULT", minimum: 6), .init(title: "TIME", isRight: true),
            .init(title: "FIRST", isRight: true), .init(title: "IN", isRight: true),
            .init(title: "CACHED", isRight: true), .init(title: "OUT", isRight: true),
            .init(title: "MODEL", minimum: 8), .init(title: "UPSTREAM", minimum: 8),
            .init(title: "REQUEST", isOptional: true),
        ])
        table.rows = requests.map { request in
            let isAnswered = request.outcome == .answered
            return [
                StyledText(LocalTime.clock(request.time), .faint), Self.result(request),
                StyledText(Quantity.duration(milliseconds: request.duration)),
                StyledText(Self.time(request.firstByte)),
                StyledText(isAnswered ? Quantity.short(request.tokens.input) : "-"),
                StyledText(isAnswered ? Quantity.share(cachedIn: request.tokens) : "-"),
                StyledText(isAnswered ? Quantity.short(request.tokens.output) : "-"),
                StyledText(self.model(request.model)),
                StyledText(
                    self.isNarrow
                        ? request.upstream ?? "-"
                        : Self.destination(request.upstream, request.upstreamModel, request.model)),
                StyledText(request.id, .faint),
            ]
        }
        return table.lines(width: self.columns)
    }

    private static func result(_ request: FinishedRequestStatus) -> StyledText {
        switch request.outcome {
        case .answered: StyledText("answered", .green)
        case .cancelled: StyledText("hung up", .faint)
        case .failed: StyledText((request.error ?? "failed").replacing("_error", with: ""), .red)
        }
    }

    // MARK: - Totals

    /// With the empty line before them.
    private var totals: [StyledText] {
        let models = (self.report.models ?? []).prefix(Self.mostModels)
        guard !models.isEmpty else { return [] }
        var table = TextTable([
            .init(title: "MODEL AT UPSTREAM", minimum: 17), .init(title: "REQUESTS", isRight: true),
            .init(title: "FAILED", isRight: true), .init(title: "IN", isRight: true),
            .init(title: "CACHED", isRight: true), .init(title: "OUT", isRight: true),
            .init(title: "COST", isRight: true),
        ])
        table.rows = models.map { [StyledText(UsageTable.name($0))] + UsageTable.cells($0) }
        return [StyledText("")] + table.lines(width: self.columns)
    }

    // MARK: - Cells

    private static func time(_ milliseconds: Int?) -> String {
        milliseconds.map(Quantity.duration(milliseconds:)) ?? "-"
    }

    private func model(_ name: String) -> String {
        // Nearly all names begin so, and the part after it tells them apart.
        self.isNarrow && name.hasPrefix("claude-") ? String(name.dropFirst("claude-".count)) : name
    }

    private static func destination(_ upstream: String?, _ upstreamModel: String?, _ model: String) -> String {
        guard let upstream else { return "-" }
        guard let upstreamModel, upstreamModel != model else { return upstream }
        return "\(upstream) (\(upstreamModel))"
    }
}

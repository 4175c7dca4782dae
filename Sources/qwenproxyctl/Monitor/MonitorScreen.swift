// SPDX-License-Identifier: Apache-2.0

import Shared

/// What the monitor shows of one report on a screen of a given size.
struct MonitorScreen {
    let report: MonitorReport
    let rates: RateMeter
    let rows: Int
    let columns: Int

    private static let footer = StyledText("q", .bold) + StyledText(" quits", .faint)

    /// At most as many lines as there are rows.
    var lines: [StyledText] {
        let head = self.head
        // The head, an empty line, the table's head, the footer.
        let room = max(0, self.rows - 3 - head.count)
        let isCrowded = self.report.live.count > room
        let shown = self.report.live.prefix(isCrowded ? max(0, room - 1) : room)
        var lines = head.map { $0.truncated(to: self.columns) } + [StyledText("")] + self.table(shown)
        if self.report.requests.inFlight > shown.count {
            lines.append(StyledText("… and \(self.report.requests.inFlight - shown.count) more", .faint))
        } else if shown.isEmpty {
            lines.append(StyledText("No request is running.", .faint))
        }
        lines = Array(lines.prefix(max(0, self.rows - 1)))
        lines += Array(repeating: StyledText(""), count: max(0, self.rows - 1 - lines.count))
        return lines + [Self.footer.truncated(to: self.columns)]
    }

    /// On one line if it fits, else on two.
    private var head: [StyledText] {
        let requests = self.report.requests
        let tokens = self.report.tokens
        let state =
            switch self.report.state {
            case .running: StyledText("running", .green)
            case .draining: StyledText("stopping", .yellow)
            }
        let failed = StyledText("\(requests.failed) failed", requests.failed > 0 ? .red : nil)
        let first =
            StyledText("qwenproxyd ", .bold) + state + StyledText(" \(LocalTime.clock(self.report.time))", .faint)
            + StyledText(
                "   \(requests.inFlight) in flight (\(requests.streaming) streaming), \(requests.total) in all, ")
            + failed
        let cached = tokens.input > 0 ? " (\(tokens.cached * 100 / tokens.input)% cached)" : ""
        let second = StyledText(
            "tokens: \(Quantity.short(tokens.input)) in\(cached), \(Quantity.short(tokens.output)) out")
        let whole = first + StyledText("   ") + second
        return whole.width <= self.columns ? [whole] : [first, second]
    }

    private func table(_ requests: ArraySlice<LiveRequestStatus>) -> [StyledText] {
        guard !requests.isEmpty else { return [] }
        var table = TextTable([
            .init(title: "STATE"), .init(title: "AGE", isRight: true), .init(title: "TOKENS", isRight: true),
            .init(title: "TOK/S", isRight: true), .init(title: "MODEL", minimum: 8),
            .init(title: "UPSTREAM", minimum: 8), .init(title: "REQUEST", isOptional: true),
        ])
        table.rows = requests.map { request in
            [
                Self.state(request.state), StyledText(Quantity.duration(milliseconds: request.age)),
                StyledText(Quantity.short(request.outputTokens)),
                StyledText(self.rates.tokensPerSecond(of: request.id).map(Quantity.rate) ?? "-"),
                StyledText(request.model), StyledText(Self.destination(request)), StyledText(request.id, .faint),
            ]
        }
        return table.lines(width: self.columns)
    }

    private static func state(_ state: LiveRequestStatus.State) -> StyledText {
        switch state {
        case .waiting: StyledText("waiting", .faint)
        case .asking: StyledText("asking", .cyan)
        case .answering: StyledText("answering", .green)
        case .retrying: StyledText("retrying", .yellow)
        }
    }

    private static func destination(_ request: LiveRequestStatus) -> String {
        guard let upstream = request.upstream else { return "-" }
        guard let model = request.upstreamModel, model != request.model else { return upstream }
        return "\(upstream) (\(model))"
    }
}

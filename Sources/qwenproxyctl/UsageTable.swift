// SPDX-License-Identifier: Apache-2.0

import Shared

/// What models did, for people: by model, and then by day.
struct UsageTable {
    private let days: [UsageReport.Day]
    private let today: String
    private let span: Int

    /// - Parameter days: how many, today included.
    init(_ report: UsageReport, days: Int) {
        let first = Timestamp("\(report.today)T00:00:00Z").map { today in
            // The dates are those of the daemon's machine. Counted in UTC, no day has 23 or 25 hours.
            let seconds = today.secondsSinceEpoch - Int64(days - 1) * 86_400
            return String(Timestamp(secondsSinceEpoch: seconds).description.prefix(10))
        }
        self.days = report.days.filter { $0.date >= first ?? "" }
        self.today = report.today
        self.span = days
    }

    /// - Parameter width: of the terminal; nil when there is none.
    func lines(width: Int?) -> [StyledText] {
        let period = self.span == 1 ? "today" : "in the last \(self.span) days"
        let models = ModelTotalsTable(self.days.flatMap(\.models)).all
        guard !models.isEmpty else { return [StyledText("No request ended at a model \(period).")] }
        let sum = Self.sum(models)
        var lines = [StyledText(self.span == 1 ? "Today:" : "In the last \(self.span) days:")]
        lines += Self.table(
            "MODEL AT UPSTREAM", models.map { (Self.name($0), $0) } + (models.count > 1 ? [("all", sum)] : []), width)
        if self.days.count > 1 {
            let days = self.days.map { day in
                (day.date == self.today ? "\(day.date) (today)" : day.date, Self.sum(day.models))
            }
            lines += [StyledText("")] + Self.table("DAY", days, width)
        }
        return lines + [StyledText("")] + Self.remark(models)
    }

    /// "model at upstream"; what stands for many models has no upstream.
    static func name(_ totals: ModelTotals) -> String {
        totals.upstream.isEmpty ? totals.model : "\(totals.model) at \(totals.upstream)"
    }

    static func sum(_ models: [ModelTotals]) -> ModelTotals {
        models.reduce(into: ModelTotals(upstream: "", model: "")) { $0.add($1) }
    }

    private static func table(
        _ title: String, _ rows: [(name: String, totals: ModelTotals)], _ width: Int?,
    ) -> [StyledText] {
        var table = TextTable([
            .init(title: title, minimum: 17), .init(title: "REQUESTS", isRight: true),
            .init(title: "FAILED", isRight: true), .init(title: "IN", isRight: true),
            .init(title: "CACHED", isRight: true), .init(title: "OUT", isRight: true),
            .init(title: "COST", isRight: true),
        ])
        table.rows = rows.map { name, totals in [StyledText(name)] + Self.cells(totals) }
        return table.lines(width: width)
    }

    /// Requests, failed, in, cached, out, cost.
    static func cells(_ totals: ModelTotals) -> [StyledText] {
        [
            StyledText("\(totals.requests)"), StyledText("\(totals.failed)", totals.failed > 0 ? .red : nil),
            StyledText(Quantity.short(totals.tokens.input)), StyledText(Quantity.share(cachedIn: totals.tokens)),
            StyledText(Quantity.short(totals.tokens.output)),
            StyledText(totals.cost.map { "~\(Quantity.dollars($0))" } ?? "-"),
        ]
    }

    /// How far costs can be trusted.
    private static func remark(_ models: [ModelTotals]) -> [StyledText] {
        // A model whose requests all failed has cost nothing.
        let unknown = models.filter { $0.cost == nil && $0.requests > $0.failed }.map(Self.name)
        guard unknown.count < models.count else {
            return [StyledText("No price is known for \(unknown.count == 1 ? "this model" : "these models").", .faint)]
        }
        let estimate = "Costs are estimates by the catalogue's prices (qwenproxyctl models)."
        let rest = unknown.isEmpty ? "" : " Not in them, because no price is known: \(unknown.joined(separator: ", "))."
        return [StyledText(estimate + rest, .faint)]
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What models did on the last days: what `GetUsage` answers, and what the daemon keeps across restarts. It never holds
/// content.
public struct UsageReport: Codable, Sendable, Equatable {
    /// One day by the daemon's clock and time zone.
    public struct Day: Codable, Sendable, Equatable {
        /// `2027-01-31`
        public var date: String
        /// The busiest first.
        public var models: [ModelTotals]

        public init(date: String, models: [ModelTotals]) {
            self.date = date
            self.models = models
        }
    }

    /// A quarter of a year.
    package static let rememberedDays = 92

    /// The day on which this was so.
    public var today: String
    /// The newest first; days without requests are left out.
    public var days: [Day]

    public init(today: String, days: [Day] = []) {
        self.today = today
        self.days = days
    }

    /// Adds what models did on a day.
    package mutating func add(_ models: [ModelTotals], on date: String) {
        guard !models.isEmpty else { return }
        // The form of a date sorts as a text.
        let index = self.days.firstIndex { $0.date <= date } ?? self.days.endIndex
        if !self.days.indices.contains(index) || self.days[index].date != date {
            self.days.insert(Day(date: date, models: []), at: index)
        }
        self.days[index].models = ModelTotalsTable(self.days[index].models + models).all
        // The newest come first.
        if self.days.count > Self.rememberedDays { self.days.removeLast() }
    }

    /// Adds what was counted elsewhere.
    package mutating func add(_ other: UsageReport) {
        self.today = max(self.today, other.today)
        for day in other.days { self.add(day.models, on: day.date) }
    }
}

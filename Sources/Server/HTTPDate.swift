// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The text of a `Date` header (RFC 9110, section 5.6.7), made anew once a second. Confined to one event loop.
struct HTTPDate {
    private var second = Int.min
    private var text: [UInt8] = []

    /// The bytes for this second by the wall clock.
    mutating func now() -> [UInt8] {
        self.text(at: time(nil))
    }

    mutating func text(at second: Int) -> [UInt8] {
        if second != self.second {
            self.second = second
            self.text = Self.format(second)
        }
        return self.text
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func format(_ second: Int) -> [UInt8] {
        let day = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
        let clock = second - day * 86_400
        let date = Self.civil(fromDays: day)
        // 1 January 1970 was a Thursday.
        let weekday = Self.days[((day % 7) + 11) % 7]
        let time = [clock / 3600, clock / 60 % 60, clock % 60].map(Self.padded).joined(separator: ":")
        let month = Self.months[date.month - 1]
        return Array("\(weekday), \(Self.padded(date.day)) \(month) \(date.year) \(time) GMT".utf8)
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    /// Counts in years that begin in March, so that the leap day is the last day of its year; an era is 400 such years.
    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

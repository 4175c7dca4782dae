// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment in UTC with a precision of one second.
///
/// It travels as RFC 3339 text without a fraction, because that is what people read and what `jq`'s `fromdate` accepts.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Since 1970-01-01 00:00:00 UTC, without leap seconds.
    public let secondsSinceEpoch: Int64

    /// The years that four digits can spell. Anything outside is clamped, so that every value can be written and read.
    static let representable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = min(
            max(secondsSinceEpoch, Self.representable.lowerBound), Self.representable.upperBound)
    }

    /// By the system's clock.
    public static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(secondsSinceEpoch: Int64(time.tv_sec))
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String {
        let days = Self.floorDivide(self.secondsSinceEpoch, by: 86_400)
        let second = self.secondsSinceEpoch - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        func padded(_ number: Int64, to width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(date.year, to: 4))-\(padded(date.month))-\(padded(date.day))"
            + "T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
    }

    /// Reads exactly what `description` writes. Other spellings of RFC 3339 are not ours and give nil.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].reduce(Int64?.some(0)) { sum, byte in
                guard let sum, byte >= 0x30, byte <= 0x39 else { return nil }
                return sum * 10 + Int64(byte - 0x30)
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        self.init(secondsSinceEpoch: date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second)
        // Writing it again checks the punctuation and refuses what no calendar has, like the 31st of February.
        guard self.description == text else { return nil }
    }

    fileprivate static func floorDivide(_ number: Int64, by divisor: Int64) -> Int64 {
        // Swift divides towards zero, which would put every moment before 1970 a day late.
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UTC time in RFC 3339")
        }
        self = timestamp
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}

extension Timestamp {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The form that HTTP generates (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    public var httpDate: String {
        let day = Self.floorDivide(self.secondsSinceEpoch, by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        // 1 January 1970 was a Thursday.
        let weekday = Self.days[Int(((day % 7) + 11) % 7)]
        let text = self.description
        return "\(weekday), \(text.dropFirst(8).prefix(2)) \(Self.months[Int(date.month) - 1]) \(text.prefix(4)) "
            + "\(text.dropFirst(11).prefix(8)) GMT"
    }

    /// Nil for every other form, those that HTTP no longer generates included.
    public init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = Self.months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        // The other reader checks the digits and the calendar.
        self.init("\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}

/// A day of the proleptic Gregorian calendar. Years are counted from March here, which puts the leap day last and makes
/// the month's offset a linear formula; an era is the 400 years after which the calendar repeats.
private struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    private static let daysInEra: Int64 = 146_097
    /// From 0000-03-01 to 1970-01-01.
    private static let epochOffset: Int64 = 719_468

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSinceEpoch: Int64) {
        let days = daysSinceEpoch + Self.epochOffset
        let era = Timestamp.floorDivide(days, by: Self.daysInEra)
        let dayOfEra = days - era * Self.daysInEra
        // Takes the leap days out: one in four years, none in a century, one again in four centuries.
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = era * 400 + yearOfEra + (self.month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let marchYear = self.month <= 2 ? self.year - 1 : self.year
        let era = Timestamp.floorDivide(marchYear, by: 400)
        let yearOfEra = marchYear - era * 400
        let monthFromMarch = self.month > 2 ? self.month - 3 : self.month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + self.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInEra + dayOfEra - Self.epochOffset
    }
}

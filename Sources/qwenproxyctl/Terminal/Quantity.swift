// SPDX-License-Identifier: Apache-2.0

import Shared

/// Numbers for people, short enough for a table.
enum Quantity {
    /// 950, 12.3k, 4.5M.
    static func short(_ number: Int) -> String {
        switch number {
        case ..<1000: "\(number)"
        case ..<1_000_000: Self.tenths(number / 100) + "k"
        default: Self.tenths(number / 100_000) + "M"
        }
    }

    /// 950, 12,345, 4,500,000.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        let first = (digits.count - 1) % 3 + 1
        var groups = [digits.prefix(first)]
        var rest = digits.dropFirst(first)
        while !rest.isEmpty {
            groups.append(rest.prefix(3))
            rest = rest.dropFirst(3)
        }
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// 1 token, 2 tokens.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// One digit after the point.
    static func rate(_ perSecond: Double) -> String {
        // More than fits a number is not a rate.
        Self.tenths(Int((min(max(perSecond, 0), 1e12) * 10).rounded()))
    }

    /// How much of the input came from the upstream's cache: 83%.
    static func share(cachedIn tokens: TokenCounts) -> String {
        guard tokens.input > 0 else { return "-" }
        // Never rounded up: 100% is said of an input that was in the cache to its end only.
        return "\(Int(min(max(Double(tokens.cached) / Double(tokens.input), 0), 1) * 100))%"
    }

    /// $0.0042, $0.42, $12.30.
    /// - Parameter millionths: of a dollar.
    static func dollars(_ millionths: Int) -> String {
        // Cents say nothing about what a few requests cost.
        let (unit, digits) = millionths < 100_000 ? (100, 4) : (10_000, 2)
        let rounded = max(0, millionths) / unit + (max(0, millionths) % unit * 2 >= unit ? 1 : 0)
        let scale = digits == 4 ? 10_000 : 100
        let fraction = String(scale + rounded % scale).dropFirst()
        return "$\(Self.grouped(rounded / scale)).\(fraction)"
    }

    /// 0.4s, 12.0s, then the two largest units.
    static func duration(milliseconds: Int) -> String {
        milliseconds < 60_000
            ? Self.tenths(milliseconds / 100) + "s" : Self.duration(seconds: Int64(milliseconds / 1000))
    }

    /// In its two largest units.
    static func duration(seconds: Int64) -> String {
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    private static func tenths(_ number: Int) -> String { "\(number / 10).\(number % 10)" }
}

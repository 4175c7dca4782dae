// SPDX-License-Identifier: Apache-2.0

internal import Logging

extension SettingType where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        SettingType(
            expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
            read: { raw in
                let value: Int? =
                    switch raw {
                    case .integer(let value): value
                    case .text(let text): Int(text)
                    case .string, .number, .boolean, .list, .unusable: nil
                    }
                return value.flatMap { range.contains($0) ? $0 : nil }
            },
            show: { "\($0)" },
        )
    }

    /// A number of bytes, or text with a unit: `"32 MiB"`.
    static func bytes(_ range: ClosedRange<Int>) -> Self {
        SettingType(
            expected: "a number of bytes from \(range.lowerBound) to \(range.upperBound), or text such as \"32 MiB\"",
            read: { raw in
                let value: Int? =
                    switch raw {
                    case .integer(let value): value
                    case .text(let text), .string(let text): Self.bytes(in: text)
                    case .number, .boolean, .list, .unusable: nil
                    }
                return value.flatMap { range.contains($0) ? $0 : nil }
            },
            show: { "\($0)" },
        )
    }

    private static func bytes(in text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let factor: Int
        switch text.dropFirst(digits.count).trimmingSpaces().lowercased() {
        case "", "b": factor = 1
        case "k", "kib": factor = 1 << 10
        case "m", "mib": factor = 1 << 20
        case "g", "gib": factor = 1 << 30
        default: return nil
        }
        // Any number of digits may have been typed: an overflow is a value that is not allowed, and no trap.
        let product = Int(digits)?.multipliedReportingOverflow(by: factor)
        return product.flatMap { $0.overflow ? nil : $0.partialValue }
    }
}

extension SettingType where Value == Duration {
    /// A number of seconds, or text with a unit: `"500ms"`, `"1.5s"`, `"2m"`, `"1h"`.
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        SettingType(
            expected: "a number of seconds or text such as \"500ms\" or \"2m\", "
                + "from \(Self.spell(range.lowerBound)) to \(Self.spell(range.upperBound))",
            read: { raw in
                let value: Duration? =
                    switch raw {
                    case .integer(let seconds): Self.duration(Double(seconds), factor: 1)
                    case .number(let seconds): Self.duration(seconds, factor: 1)
                    case .text(let text), .string(let text): Self.duration(in: text)
                    case .boolean, .list, .unusable: nil
                    }
                return value.flatMap { range.contains($0) ? $0 : nil }
            },
            show: { Self.spell($0) },
        )
    }

    private static func duration(in text: String) -> Duration? {
        let digits = text.prefix { ($0.isASCII && $0.isNumber) || $0 == "." }
        guard let number = Double(digits) else { return nil }
        switch text.dropFirst(digits.count).trimmingSpaces().lowercased() {
        case "ms": return Self.duration(number, factor: 0.001)
        case "", "s", "sec": return Self.duration(number, factor: 1)
        case "m", "min": return Self.duration(number, factor: 60)
        case "h": return Self.duration(number, factor: 3600)
        default: return nil
        }
    }

    /// To the millisecond.
    private static func duration(_ number: Double, factor: Double) -> Duration? {
        let milliseconds = (number * factor * 1000).rounded()
        // Absurd numbers, and infinity, would trap in the conversion.
        guard milliseconds >= 0, milliseconds < 1e12 else { return nil }
        return .milliseconds(Int64(milliseconds))
    }

    static func spell(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(seconds)s" : "\(milliseconds)ms"
    }
}

extension SettingType where Value == Logger.Level {
    static let logLevel = SettingType(
        expected: Logger.Level.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "),
        read: { raw in
            raw.characters.flatMap { text in
                let name = text.lowercased()
                // The word of many other programs, which people type by habit.
                return name == "warn" ? .warning : Logger.Level(rawValue: name)
            }
        },
        show: { $0.rawValue },
    )
}

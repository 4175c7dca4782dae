// SPDX-License-Identifier: Apache-2.0

import Shared

/// A value as `--json` prints it. It may be a terminal that shows it, so what would steer one is escaped.
enum JSONText {
    /// Over several lines, for people and programs.
    static func pretty(_ value: some Encodable) -> [UInt8] {
        Self.encode(value, isPretty: true)
    }

    /// On one line, for programs that read line by line.
    static func line(_ value: some Encodable) -> [UInt8] {
        Self.encode(value, isPretty: false)
    }

    private static func encode(_ value: some Encodable, isPretty: Bool) -> [UInt8] {
        let text = String(decoding: SortedJSON.encode(value, isPretty: isPretty), as: UTF8.self)
        return Array(Self.harmless(text).utf8) + [UInt8(ascii: "\n")]
    }

    /// The encoder escapes the characters below U+0020 and no others. All of these stand in strings, but for the ends of
    /// lines between values, and have at most four digits.
    private static func harmless(_ text: String) -> String {
        // Nearly no text has any, and then it is not copied scalar by scalar.
        guard text.unicodeScalars.contains(where: { $0.steersDisplay && $0 != "\n" }) else { return text }
        var harmless = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard scalar.steersDisplay, scalar != "\n" else {
                harmless.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            harmless.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
        }
        return String(harmless)
    }
}

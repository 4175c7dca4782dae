// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A value as `--json` prints it.
enum JSONText {
    /// Over several lines, for people and programs.
    static func pretty(_ value: some Encodable) -> [UInt8] {
        Self.encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// On one line, for programs that read line by line.
    static func line(_ value: some Encodable) -> [UInt8] {
        Self.encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("A \(type(of: value)) could not be written as JSON: \(error)")
        }
    }
}

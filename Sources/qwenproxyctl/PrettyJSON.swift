// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A reply as `--json` prints it.
enum PrettyJSON {
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("A \(type(of: value)) could not be written as JSON: \(error)")
        }
    }
}

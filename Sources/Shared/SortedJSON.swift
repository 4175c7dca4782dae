// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Our own values as JSON. The keys are sorted, so that the same value is the same bytes each time; programs may compare them.
package enum SortedJSON {
    /// - Parameter isPretty: over several lines.
    package static func encode(_ value: some Encodable, isPretty: Bool = false) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return Array(try encoder.encode(value))
        } catch {
            // Our own types hold strings, booleans and finite numbers, which JSON can always spell.
            preconditionFailure("A \(type(of: value)) could not be written as JSON: \(error)")
        }
    }
}

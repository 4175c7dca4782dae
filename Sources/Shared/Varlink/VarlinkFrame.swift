// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Values to frames and back.
public enum VarlinkFrame {
    /// The value as JSON, and the NUL that ends the frame.
    public static func encode(_ value: some Encodable) -> [UInt8] {
        // The only NUL: JSON escapes U+0000.
        SortedJSON.encode(value) + [0]
    }

    /// The value in a frame, whose NUL is already taken off.
    public static func decode<Value: Decodable>(_ type: Value.Type, from frame: [UInt8]) throws(DecodingError) -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(frame))
        } catch let error as DecodingError {
            throw error
        } catch {
            let context = DecodingError.Context(codingPath: [], debugDescription: "not JSON", underlyingError: error)
            throw DecodingError.dataCorrupted(context)
        }
    }
}

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

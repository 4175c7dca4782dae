// SPDX-License-Identifier: Apache-2.0

import Shared

/// Text that may come from a peer, made safe for a line: it cannot begin a second record, nor steer a terminal.
enum LogText {
    /// - Parameter keepsLines: where a line's end is no danger.
    static func append(_ text: String, to line: inout [UInt8], keepsLines: Bool = false) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepsLines: line.append(0x0A)
            case 0x0A: line.append(contentsOf: "\\n".utf8)
            case 0x0D: line.append(contentsOf: "\\r".utf8)
            case 0x09: line.append(contentsOf: "\\t".utf8)
            case _ where scalar.steersDisplay:
                line.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            default: line.append(contentsOf: scalar.utf8)
            }
        }
    }

    /// Quoted when a reader of `key=value` pairs could not tell where it ends.
    static func appendValue(_ value: String, to line: inout [UInt8]) {
        // Quotation mark, equals sign and backslash, beside white space and control characters.
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
        guard !isPlain else { return Self.append(value, to: &line) }
        line.append(UInt8(ascii: "\""))
        for character in value.unicodeScalars {
            switch character {
            case "\"": line.append(contentsOf: "\\\"".utf8)
            case "\\": line.append(contentsOf: "\\\\".utf8)
            default: Self.append(String(character), to: &line)
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    /// Cuts between characters, and shows that something is missing.
    static func truncate(_ line: inout [UInt8], to limit: Int) {
        guard line.count > limit else { return }
        let ellipsis = Array("…".utf8)
        var end = limit - ellipsis.count
        // The later bytes of a character begin with 10 in binary (UTF-8).
        while end > 0, line[end] & 0xC0 == 0x80 { end -= 1 }
        line.removeSubrange(end...)
        line.append(contentsOf: ellipsis)
    }
}

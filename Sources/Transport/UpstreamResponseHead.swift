// SPDX-License-Identifier: Apache-2.0

/// The head of an upstream's answer.
///
/// The header lines stay bytes: of most answers one or two are asked for, and none is kept.
package struct UpstreamResponseHead: Sendable {
    package let status: Int
    /// The lines in the order they came: the name in lower case, a colon, the value without blanks around it, a line feed.
    let lines: [UInt8]

    package var isSuccess: Bool { (200..<300).contains(self.status) }

    /// The first value of the header `name`, which must be in lower case.
    package func header(_ name: String) -> String? {
        var line = self.lines.startIndex
        while let end = self.lines[line...].firstIndex(of: UInt8(ascii: "\n")) {
            if self.lines[line..<end].starts(with: name.utf8) {
                let rest = self.lines[line..<end].dropFirst(name.utf8.count)
                if rest.first == UInt8(ascii: ":") { return String(decoding: rest.dropFirst(), as: UTF8.self) }
            }
            line = end + 1
        }
        return nil
    }
}

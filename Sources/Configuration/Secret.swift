// SPDX-License-Identifier: Apache-2.0

/// A string that must not be seen: an API key or a token.
///
/// Printing, interpolating, dumping and mirroring it show `***`. Only `reveal()` gives the text, so a search for that name
/// finds every place where a secret leaves this type.
package struct Secret: Sendable, Hashable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package func reveal() -> String {
        self.text
    }

    /// Whether `candidate` is the same text. The time taken depends on the candidate's length only, so that a client
    /// cannot find a key out character by character.
    package func matches(_ candidate: some StringProtocol) -> Bool {
        let expected = Array(self.text.utf8)
        var difference: UInt8 = 0
        var count = 0
        for byte in candidate.utf8 {
            difference |= byte ^ (expected.isEmpty ? 0xff : expected[count % expected.count])
            count += 1
        }
        return difference == 0 && count == expected.count && count > 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// A string that must not be seen: an API key or a token.
///
/// Printing, interpolating, dumping and mirroring it show `***`. Only `reveal()` gives the text, so a search for that name
/// finds every place where a secret leaves this type. As long as there is a copy of it, the process's redactor knows it.
package struct Secret: Sendable {
    // A class, so that the redactor forgets the text with the last copy and not before.
    private final class Known: Sendable {
        let text: String

        init(_ text: String) {
            self.text = text
            Redactor.process.add(text)
        }

        deinit { Redactor.process.remove(self.text) }
    }

    private let known: Known
    private var text: String { self.known.text }

    /// Registers `text` with the redactor of the process.
    package init(_ text: String) {
        self.known = Known(text)
    }

    /// The text itself, for the bytes that go to the wire. Nothing else may call this.
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
            // All bytes are looked at even after the first difference: the time must not tell where it is.
            difference |= byte ^ (expected.isEmpty ? 0xff : expected[count % expected.count])
            count += 1
        }
        return difference == 0 && count == expected.count && count > 0
    }
}

extension Secret: Hashable {
    package static func == (one: Secret, other: Secret) -> Bool { one.text == other.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.text) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

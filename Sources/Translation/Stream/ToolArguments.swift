// SPDX-License-Identifier: Apache-2.0

/// The arguments of one call: what came, and how much of it was sent.
struct ToolArguments: Sendable {
    private var text: [UInt8] = []
    private var sent = 0
    private var scanner = ToolArgumentScanner()

    var isComplete: Bool { self.scanner.isComplete }
    /// `{}` so far, which some servers begin every call with.
    var isEmptyObject: Bool { self.scanner.isEmptyObject }
    var isEmpty: Bool { self.text.allSatisfy(\.isJSONWhitespace) }
    var hasSendable: Bool { self.scanner.sendable > self.sent }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        if self.isComplete {
            // A closing brace too many or the like: nothing behind the object counts. Unless it was the empty object
            // that some servers begin with.
            guard self.scanner.isEmptyObject, bytes.contains(UInt8(ascii: "{")) else { return }
            self.text.removeAll()
            self.scanner = ToolArgumentScanner()
        }
        self.text.append(contentsOf: bytes)
        self.scanner.scan(self.text)
        if self.isComplete { self.text.removeLast(self.text.count - self.scanner.end) }
    }

    /// What may be sent and was not yet, as it stands inside a JSON string, into `buffer`.
    mutating func takeSendable(into buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: true)
        buffer.appendEscaped(self.text.span.extracting(self.sent..<self.scanner.sendable))
        self.sent = self.scanner.sendable
    }

    /// Makes the arguments one whole JSON object, all of it sendable. False when they cannot be one; then nothing has
    /// changed. With `repairs`, a mistake is repaired as long as nothing that was sent would have to be another.
    mutating func finish(repairs: Bool) -> Bool {
        if self.isComplete, (try? JSONDocument(parsing: self.text)) != nil {
            self.scanner.markFinished()
            return true
        }
        guard repairs, let repaired = ToolArgumentRepair.object(from: self.text),
            repaired.starts(with: self.text[..<self.sent])
        else { return false }
        self.text = repaired
        self.scanner = ToolArgumentScanner()
        self.scanner.scan(self.text)
        self.scanner.markFinished()
        return self.isComplete
    }

    func isSame(as other: ToolArguments) -> Bool { self.text == other.text }
}

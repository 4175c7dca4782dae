// SPDX-License-Identifier: Apache-2.0

/// The arguments of one call: what came, and how much of it was sent.
struct ToolArguments: Sendable {
    /// What they are when no more of them come.
    enum Completion: Equatable {
        /// One JSON object, all of it sendable.
        case whole(isMended: Bool)
        /// The rest is missing.
        case cut
        /// No JSON object, and not the beginning of one.
        case invalid
    }

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

    /// No more of them come. With `repairs`, a mistake is repaired as long as nothing that was sent would have to be
    /// another; without, whatever is no object is cut. Unless the arguments are whole, nothing changes.
    mutating func finish(repairs: Bool) -> Completion {
        if self.isComplete, (try? JSONDocument(parsing: self.text)) != nil {
            self.scanner.markFinished()
            return .whole(isMended: false)
        }
        guard repairs else { return .cut }
        switch ToolArgumentRepair.result(for: self.text) {
        case .cut:
            return .cut
        case .object(let object) where object.starts(with: self.text[..<self.sent]):
            // A call without arguments is no mistake.
            let isMended = !self.isEmpty && object != Array("{}".utf8)
            self.text = object
            self.scanner = ToolArgumentScanner()
            self.scanner.scan(self.text)
            self.scanner.markFinished()
            return self.isComplete ? .whole(isMended: isMended) : .invalid
        case .object, .invalid:
            return .invalid
        }
    }

    func isSame(as other: ToolArguments) -> Bool { self.text == other.text }
}

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

    /// Bytes that are looked at in one go where something may be replaced: what follows it moves.
    private static let pieceSize = 256

    private var text: [UInt8] = []
    private var sent = 0
    private var scanner = ToolArgumentScanner()
    /// The parameters that cannot be strings.
    private var typedParameters: [String: JSONTypes] = [:]
    private var surrogates = SurrogateJoiner()
    /// Values that were given as a string of JSON and are now what they must be.
    private(set) var unwrappedValues = 0

    var isComplete: Bool { self.scanner.isComplete }
    /// `{}` so far, which some servers begin every call with.
    var isEmptyObject: Bool { self.scanner.isEmptyObject }
    /// Nothing but white space so far.
    private(set) var isEmpty = true
    var hasSendable: Bool { self.scanner.sendable > self.sent }

    /// What the schema of the function says. Nothing may have been sent yet: what is there is read again.
    mutating func setTypes(_ parameters: [String: JSONTypes]) {
        self.typedParameters = parameters.filter { !$0.value.isEmpty && !$0.value.contains(.string) }
        if !self.text.isEmpty { self.replace(with: self.text) }
    }

    /// - Parameter bytes: JSON text in which half of a surrogate pair may stand as three bytes.
    mutating func append(_ bytes: ArraySlice<UInt8>, hasHalves: Bool = false) {
        if hasHalves || self.surrogates.isHolding {
            self.appendWhole(self.surrogates.join(bytes)[...])
        } else {
            self.appendWhole(bytes)
        }
    }

    private mutating func appendWhole(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            if self.isComplete {
                // A closing brace too many or the like: nothing after the object counts. Unless it was the empty object
                // that some servers begin with.
                guard self.scanner.isEmptyObject, let next = rest.firstIndex(of: UInt8(ascii: "{")) else { return }
                rest = rest[next...]
                self.text.removeAll()
                self.isEmpty = true
                self.scanner = ToolArgumentScanner()
            }
            let isWhole = self.typedParameters.isEmpty && !self.text.isEmpty
            let piece = isWhole ? rest : rest.prefix(Self.pieceSize)
            self.text.append(contentsOf: piece)
            self.isEmpty = self.isEmpty && piece.allSatisfy(\.isJSONWhitespace)
            while let value = self.scanner.scan(self.text, typed: self.typedParameters) { self.unwrap(value) }
            let surplus = self.isComplete ? self.text.count - self.scanner.end : 0
            self.text.removeLast(surplus)
            rest = rest.dropFirst(piece.count - surplus)
        }
    }

    /// Puts the value in place of the string, if it is one the parameter allows.
    private mutating func unwrap(_ string: ToolArgumentScanner.TypedString) {
        var end = string.range.upperBound
        var decoded: [UInt8] = []
        JSONEscapes.appendDecoded(self.text[string.range.dropFirst().dropLast()], to: &decoded)
        if let value = ParameterCoercion.value(decoded[...], as: string.types) {
            self.text.replaceSubrange(string.range, with: value)
            end = string.range.lowerBound + value.count
            self.unwrappedValues += 1
        }
        self.scanner.resume(after: end)
    }

    private mutating func replace(with text: [UInt8]) {
        self.text = []
        self.isEmpty = true
        self.scanner = ToolArgumentScanner()
        self.appendWhole(text[...])
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
        // The scanner takes any sequence of a number's bytes for a number; here the object is whole and can be
        // checked.
        if self.isComplete, (try? JSONDocument(parsing: self.text)) != nil {
            self.scanner.markFinished()
            return .whole(isMended: false)
        }
        guard repairs else { return .cut }
        switch ToolArgumentRepair.result(for: self.text) {
        case .cut:
            return .cut
        // What the client has already got cannot be taken back: a repair that begins otherwise is of no use.
        case .object(let object) where object.starts(with: self.text[..<self.sent]):
            // A call without arguments is no mistake.
            let isMended = !self.isEmpty && object != Array("{}".utf8)
            self.replace(with: object)
            self.scanner.markFinished()
            return self.isComplete ? .whole(isMended: isMended) : .invalid
        case .object, .invalid:
            return .invalid
        }
    }

    func isSame(as other: ToolArguments) -> Bool { self.text == other.text }
}

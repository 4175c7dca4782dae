// SPDX-License-Identifier: Apache-2.0

/// Knows which content block is open. One at a time is, and indices follow each other without gaps: whoever has
/// something to say says what kind it is, and the blocks are opened and closed around it.
struct ContentBlockCursor: Sendable {
    enum Kind: Sendable, Equatable {
        case text
        case thinking
        case toolUse
    }

    private enum State {
        /// No block is open; the next one gets this index.
        case between(next: Int)
        /// Goes to `between` by `close` or `abandon`.
        case open(index: Int, Kind)
    }

    /// Sent at the end of every thinking block, because clients expect one. It is recognisable rather than plausible:
    /// no upstream can verify it, and a client that sends the block back shows where it came from.
    private static let signature = Array("qwenproxyd".utf8)[...]

    private var state = State.between(next: 0)
    /// Bytes of all deltas, for an estimate of the output's tokens.
    private(set) var emittedBytes = 0

    var openKind: Kind? {
        switch self.state {
        case .between: nil
        case .open(_, let kind): kind
        }
    }

    /// Whether any event was sent.
    var hasEmitted: Bool {
        switch self.state {
        case .between(let next): next > 0
        case .open: true
        }
    }

    mutating func appendText(_ text: ArraySlice<UInt8>, into sink: inout some MessageEventSink) {
        self.emittedBytes += text.count
        sink.receive(.blockDelta(index: self.index(ofOpen: .text, into: &sink), .text(text)))
    }

    mutating func appendThinking(_ text: ArraySlice<UInt8>, into sink: inout some MessageEventSink) {
        self.emittedBytes += text.count
        sink.receive(.blockDelta(index: self.index(ofOpen: .thinking, into: &sink), .thinking(text)))
    }

    mutating func openTool(id: String, name: String, into sink: inout some MessageEventSink) {
        self.close(into: &sink)
        // Always so after `close`; the compiler cannot know it.
        guard case .between(let next) = self.state else { return }
        self.state = .open(index: next, .toolUse)
        sink.receive(.blockStart(index: next, .toolUse(id: id, name: name)))
    }

    /// A tool block must be open.
    mutating func appendInput(_ text: ArraySlice<UInt8>, into sink: inout some MessageEventSink) {
        guard case .open(let index, .toolUse) = self.state else { preconditionFailure("\(self.state)") }
        self.emittedBytes += text.count
        sink.receive(.blockDelta(index: index, .inputJSON(text)))
    }

    mutating func close(into sink: inout some MessageEventSink) {
        guard case .open(let index, let kind) = self.state else { return }
        // The Messages API sends the signature as the last delta of the block, before its stop.
        if kind == .thinking { sink.receive(.blockDelta(index: index, .signature(Self.signature))) }
        sink.receive(.blockStop(index: index))
        self.state = .between(next: index + 1)
    }

    /// Leaves the open block without its stop.
    mutating func abandon() {
        // A client runs a call whose stop it has seen, and forgets one whose stop never comes.
        guard case .open(let index, _) = self.state else { return }
        self.state = .between(next: index + 1)
    }

    private mutating func index(ofOpen kind: Kind, into sink: inout some MessageEventSink) -> Int {
        if case .open(let index, kind) = self.state { return index }
        self.close(into: &sink)
        guard case .between(let next) = self.state else { preconditionFailure("\(self.state)") }
        self.state = .open(index: next, kind)
        sink.receive(.blockStart(index: next, kind == .text ? .text : .thinking))
        return next
    }
}

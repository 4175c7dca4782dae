// SPDX-License-Identifier: Apache-2.0

/// Passes the events of a Messages API stream on as they are, and reads along: the usage, the end, and errors. Only the
/// model's name in `message_start` becomes the one that the client asked for.
///
/// Whole events go through, each as soon as it is complete; a client could do nothing with a part of one.
public struct MessageStreamRelay: Sendable {
    /// How the stream ended, or that it goes on.
    public enum Outcome: Sendable, Equatable {
        case streaming
        case completed(Usage)
        /// The stream ended without a message.
        case empty
        /// An `error` event, which is not passed on, or the end of the stream in the middle of a message.
        case failed(UpstreamFailure)
    }

    /// Where the parts of the event that is being read lie in `pending`.
    private struct Fields {
        var name: Range<Int>?
        var data: Range<Int>?
        var dataLines = 0
    }

    private static let maximumEventSize = 16 << 20

    private let requestedModel: String
    /// The event that is being read.
    private var pending: [UInt8] = []
    private var lineStart = 0
    private var fields = Fields()
    /// Events that can go on.
    private var ready: [UInt8] = []
    private var usage = Usage()
    private var hasStarted = false
    /// The `message_start`, kept until something follows it: an upstream that dies right after it can then still be asked
    /// again.
    private var heldStart: [UInt8] = []
    /// Final once it is not `streaming`.
    public private(set) var outcome = Outcome.streaming
    /// Whether the outcome is known. Whatever the upstream still sends is ignored.
    public var isFinal: Bool { self.outcome != .streaming }

    /// The length of what was passed on.
    public private(set) var emittedBytes = 0

    /// - Parameter requestedModel: the name that the client used and gets back.
    public init(requestedModel: String) {
        self.requestedModel = requestedModel
    }

    /// Takes what the upstream sent next, cut anywhere.
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        // Only what is new is searched: before it there is no end of a line.
        var scanned = self.pending.count
        unsafe self.pending.append(contentsOf: bytes)
        while case .streaming = self.outcome, scanned < self.pending.count {
            guard let end = self.pending[scanned...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            scanned = self.readLine(endingAt: end)
        }
        if self.pending.count > Self.maximumEventSize {
            self.outcome = .failed(.unreadable("The upstream sent an event of more than 16 MB."))
        }
    }

    /// What can go to the client now.
    public mutating func take() -> [UInt8] {
        let taken = self.ready
        self.ready = []
        return taken
    }

    /// The stream is over.
    /// - Parameter isWhole: whether it ended as a stream should.
    public mutating func finish(isWhole: Bool) {
        guard case .streaming = self.outcome else { return }
        if isWhole { self.readLastEvent() }
        guard case .streaming = self.outcome else { return }
        self.outcome = isWhole && !self.hasStarted ? .empty : .failed(.interrupted)
    }

    /// The last event counts without the empty line after it, if its data is whole.
    private mutating func readLastEvent() {
        if self.lineStart < self.pending.count {
            self.pending.append(UInt8(ascii: "\n"))
            _ = self.readLine(endingAt: self.pending.count - 1)
        }
        // Half an event must not reach the client: it would fail on it instead of on the missing end.
        guard self.document != nil else { return }
        self.pending.append(UInt8(ascii: "\n"))
        _ = self.readLine(endingAt: self.pending.count - 1)
    }

    /// Returns where to go on, once the line that ends at `end` is read.
    private mutating func readLine(endingAt end: Int) -> Int {
        var line = self.lineStart..<end
        // The standard allows lines that end in CR LF.
        if line.last.map({ self.pending[$0] }) == UInt8(ascii: "\r") { line = line.dropLast() }
        self.lineStart = end + 1
        if !line.isEmpty {
            if let value = self.value(of: "event:", in: line) {
                self.fields.name = value
            } else if let value = self.value(of: "data:", in: line) {
                self.fields.data = value
                self.fields.dataLines += 1
            }
            return end + 1
        }
        self.eventRead(upTo: end + 1)
        self.pending.removeFirst(end + 1)
        self.lineStart = 0
        self.fields = Fields()
        return 0
    }

    private func value(of name: StaticString, in line: Range<Int>) -> Range<Int>? {
        let count = name.utf8CodeUnitCount
        guard line.count >= count, self.pending[line].starts(with: name.description.utf8) else { return nil }
        var value = line.dropFirst(count)
        if value.first.map({ self.pending[$0] }) == UInt8(ascii: " ") { value = value.dropFirst() }
        return value
    }

    private mutating func eventRead(upTo end: Int) {
        let name = self.fields.name.map { String(decoding: self.pending[$0], as: UTF8.self) }
        switch name {
        case "error":
            self.outcome = .failed(self.failure)
        case "message_start":
            self.hasStarted = true
            self.readUsage(in: "message")
            self.heldStart = self.renamedStart(upTo: end)
        case "message_delta":
            self.readUsage(in: nil)
            self.emit(self.pending[..<end])
        case "message_stop":
            self.emit(self.pending[..<end])
            self.outcome = .completed(self.usage)
        case "ping" where self.emittedBytes == 0:
            // The connection to the client has its own, and as long as nothing was passed on a retry is possible.
            break
        default:
            // Before `message_start` the client could make nothing of it.
            if self.hasStarted { self.emit(self.pending[..<end]) }
        }
    }

    private mutating func emit(_ event: ArraySlice<UInt8>) {
        self.ready += self.heldStart
        self.ready += event
        self.emittedBytes += self.heldStart.count + event.count
        self.heldStart = []
    }

    private var document: JSONDocument? {
        // The Messages API writes the data of an event on one line; data of several lines passes unread.
        guard let data = self.fields.data, self.fields.dataLines == 1 else { return nil }
        return try? JSONDocument(parsing: Array(self.pending[data]))
    }

    private func renamedStart(upTo end: Int) -> [UInt8] {
        guard let data = self.fields.data, let document = self.document,
            let message = document.member("message", of: document.root)
        else { return Array(self.pending[..<end]) }
        let renamed = document.bytes(naming: self.requestedModel, in: message)
        return self.pending[..<data.lowerBound] + renamed + self.pending[data.upperBound..<end]
    }

    private mutating func readUsage(in container: StaticString?) {
        guard let document = self.document else { return }
        let object = container.flatMap { document.member($0, of: document.root) } ?? document.root
        if let usage = document.member("usage", of: object) { self.usage.read(usage, of: document) }
    }

    private var failure: UpstreamFailure {
        guard let document = self.document else { return .unreadable("The upstream reported an error.") }
        return UpstreamFailure(relayed: document)
    }
}

extension UpstreamFailure {
    /// An error in the Messages API's own form: what counts is inside, the `type` around it is always `error`.
    init(relayed document: JSONDocument) {
        if let error = document.member("error", of: document.root), document.kind(of: error) == .object,
            let inner = try? JSONDocument(parsing: Array(document.bytes[document.range(of: error)]))
        {
            // Status 0: an error inside a stream has none, and its name has to say what it is.
            self.init(status: 0, document: inner)
        } else {
            self.init(status: 0, document: document)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Takes a `text/event-stream` body apart, in whatever pieces it comes (WHATWG HTML, section "Server-sent events"; `id:`
/// and `retry:` are for reconnecting and are skipped). Bytes go in with `receive`, then `next` is called until it
/// returns nil; at the end of the body `finish` tells what was left.
public struct ServerSentEventParser: Sendable {
    /// How many comments of one event are kept.
    public static let maximumComments = 8

    /// The most bytes one event may have, everything between two empty lines counted.
    public let maximumEventSize: Int

    /// Begins with the event that is being read, once `receive` has dropped the events before it.
    private var buffer: [UInt8] = []
    private var eventStart = 0
    private var lineStart = 0
    /// No line ends between `lineStart` and here: a long line that comes in many reads is searched once.
    private var searched = 0
    private var fields = EventFields()
    /// A line feed that comes next belongs to the carriage return before it, even if that was in an earlier read.
    private var followsCarriageReturn = false
    private var isFirstLine = true
    private var failure: ServerSentEventError?

    /// - Parameter maximumEventSize: in bytes; a longer event is an error.
    public init(maximumEventSize: Int = 16 << 20) {
        self.maximumEventSize = maximumEventSize
    }

    /// Takes what came next, cut anywhere.
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        guard self.failure == nil else { return }
        self.dropDeliveredEvents()
        unsafe self.buffer.append(contentsOf: bytes)
    }

    /// The next complete event. An event that has neither a name nor data (a keep-alive) is not handed out.
    /// After an error there are no more events, and the same error again.
    public mutating func next() throws(ServerSentEventError) -> ServerSentEvent? {
        if let failure = self.failure { throw failure }
        while self.skipLineFeedOfPair() {
            guard let lineEnd = self.buffer.span.firstLineEnd(from: self.searched) else {
                self.searched = self.buffer.count
                // Also while a line has no end: it is held until it is whole.
                try self.checkSize(upTo: self.searched)
                return nil
            }
            try self.checkSize(upTo: lineEnd)
            let isEndOfEvent = !self.readLine(endingAt: lineEnd)
            self.followsCarriageReturn = self.buffer[lineEnd] == UInt8(ascii: "\r")
            self.lineStart = lineEnd + 1
            self.searched = self.lineStart
            if isEndOfEvent, let event = self.takeEvent(isComplete: true) { return event }
        }
        return nil
    }

    /// The body is over: the event whose end is missing, if there is one. Call it when `next` has returned nil.
    public mutating func finish() -> ServerSentEvent? {
        guard self.failure == nil else { return nil }
        _ = self.readLine(endingAt: self.buffer.count)
        self.lineStart = self.buffer.count
        self.searched = self.lineStart
        return self.takeEvent(isComplete: false)
    }
}

extension ServerSentEventParser {
    /// False when the byte that would tell is not there yet.
    private mutating func skipLineFeedOfPair() -> Bool {
        guard self.followsCarriageReturn else { return true }
        guard self.lineStart < self.buffer.count else { return false }
        self.followsCarriageReturn = false
        guard self.buffer[self.lineStart] == UInt8(ascii: "\n") else { return true }
        // The line feed belongs to the event before; the offsets of the new one count from after it.
        if self.eventStart == self.lineStart { self.eventStart += 1 }
        self.lineStart += 1
        self.searched = self.lineStart
        return true
    }

    /// Notes what the current line says; false when it is empty.
    private mutating func readLine(endingAt end: Int) -> Bool {
        var start = self.lineStart
        if self.isFirstLine {
            self.isFirstLine = false
            // The standard allows one byte order mark at the beginning.
            if self.buffer[start..<end].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
        }
        guard start < end else { return false }
        self.fields.read(start..<end, of: self.buffer, eventStart: self.eventStart)
        return true
    }

    private mutating func takeEvent(isComplete: Bool) -> ServerSentEvent? {
        let event = self.fields.event(in: self.buffer, at: self.eventStart, isComplete: isComplete)
        self.fields = EventFields()
        self.eventStart = self.lineStart
        return event
    }

    /// `end` is as far as the current line goes. An empty one is the end of the event and not part of it.
    private mutating func checkSize(upTo end: Int) throws(ServerSentEventError) {
        guard end > self.lineStart, end - self.eventStart > self.maximumEventSize else { return }
        let failure = ServerSentEventError.eventTooLarge(limit: self.maximumEventSize)
        // Lets go of the event: nothing after it can be understood.
        self = ServerSentEventParser(maximumEventSize: self.maximumEventSize)
        self.failure = failure
        throw failure
    }

    private mutating func dropDeliveredEvents() {
        guard self.eventStart > 0 else { return }
        if self.eventStart == self.buffer.count {
            // The usual case, without moving a byte: a read ends with an event.
            self.buffer.removeAll(keepingCapacity: true)
        } else {
            self.buffer.removeFirst(self.eventStart)
        }
        self.lineStart -= self.eventStart
        self.searched -= self.eventStart
        self.eventStart = 0
    }
}

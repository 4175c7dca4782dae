// SPDX-License-Identifier: Apache-2.0

/// What the lines of one event have said so far. Offsets count from the event's first byte, because the parser moves
/// the event within its buffer.
struct EventFields: Sendable {
    /// The data of an event nearly always is one line, which is not copied.
    private enum EventData {
        case none
        case line(Range<Int>)
        case joined([UInt8])
    }

    private var data = EventData.none
    private var name: Range<Int>?
    private var comments: [Range<Int>] = []

    /// `line` is where a line that is not empty lies in `buffer`, without its end.
    mutating func read(_ line: Range<Int>, of buffer: [UInt8], eventStart: Int) {
        let bytes = buffer.span.extracting(line)
        if bytes.isField("data") {
            self.appendData(Self.value(in: line, of: buffer, after: 4), of: buffer, eventStart: eventStart)
        } else if bytes.isField("event") {
            self.name = Self.value(in: line, of: buffer, after: 5).shifted(by: -eventStart)
        } else if bytes[0] == UInt8(ascii: ":"), self.comments.count < ServerSentEventParser.maximumComments {
            // Bounded: an upstream may send nothing but comments.
            self.comments.append(Self.value(in: line, of: buffer, after: 0).shifted(by: -eventStart))
        }
    }

    /// The event, or nil when the lines said neither a name nor data.
    func event(in buffer: [UInt8], at start: Int, isComplete: Bool) -> ServerSentEvent? {
        let data: ArraySlice<UInt8>
        switch self.data {
        case .none where self.name == nil: return nil
        case .none: data = []
        case .line(let range): data = buffer[range.shifted(by: start)]
        case .joined(let bytes): data = bytes[...]
        }
        return ServerSentEvent(
            name: self.name.flatMap { $0.isEmpty ? nil : buffer[$0.shifted(by: start)] },
            data: data,
            comments: self.comments.map { buffer[$0.shifted(by: start)] },
            isComplete: isComplete,
        )
    }

    private mutating func appendData(_ value: Range<Int>, of buffer: [UInt8], eventStart: Int) {
        switch self.data {
        case .none:
            self.data = .line(value.shifted(by: -eventStart))
        case .line(let first):
            self.data = .joined(buffer[first.shifted(by: eventStart)] + [UInt8(ascii: "\n")] + buffer[value])
        case .joined(var bytes):
            // Without this the array has two owners, and every line would copy all the lines before it.
            self.data = .none
            bytes.append(UInt8(ascii: "\n"))
            bytes.append(contentsOf: buffer[value])
            self.data = .joined(bytes)
        }
    }

    /// What follows the colon after a field name of `length` bytes, and one space if there is one.
    private static func value(in line: Range<Int>, of buffer: [UInt8], after length: Int) -> Range<Int> {
        var start = min(line.lowerBound + length + 1, line.upperBound)
        // The standard drops one space after the colon, and only one; DashScope's errors have none.
        if start < line.upperBound, buffer[start] == UInt8(ascii: " ") { start += 1 }
        return start..<line.upperBound
    }
}

extension Span<UInt8> {
    /// Whether the line begins with the field `name`: the name is the whole line or a colon follows.
    fileprivate func isField(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard self.count >= length, self.count == length || self[length] == UInt8(ascii: ":") else { return false }
        for index in 0..<length {
            guard unsafe self[index] == name.utf8Start[index] else { return false }
        }
        return true
    }
}

extension Range<Int> {
    fileprivate func shifted(by offset: Int) -> Range<Int> {
        self.lowerBound + offset..<self.upperBound + offset
    }
}

/// One event of a `text/event-stream` body, as slices of the parser's buffer. Let go of it before the next bytes are
/// given to the parser, or the parser has to copy its buffer.
public struct ServerSentEvent: Sendable {
    /// The value of the last `event:` line; nil when there is none or it is empty, which means `message`.
    public let name: ArraySlice<UInt8>?
    /// The values of the `data:` lines, joined by line feeds. Empty also when there was no such line.
    public let data: ArraySlice<UInt8>
    /// The texts after the colon of comment lines, of which `ServerSentEventParser.maximumComments` are kept. They
    /// mean nothing by the standard, but DashScope sends the status of an error in one: `:HTTP_STATUS/429`.
    public let comments: [ArraySlice<UInt8>]
    /// False when the body ended before the empty line that ends an event. The standard drops such an event; servers
    /// that forget the line after their last event exist.
    public let isComplete: Bool
}

/// Why a body cannot be read as a stream of events.
public enum ServerSentEventError: Error, Sendable, Equatable {
    /// An event, its comments and unknown fields included, is longer than `limit` bytes.
    case eventTooLarge(limit: Int)
}

extension Span<UInt8> {
    /// The offset of the first carriage return or line feed at or after `start`. This is the one search that sees
    /// every byte of a stream of events.
    func firstLineEnd(from start: Int) -> Int? {
        var position = start
        while position + ByteBlock.count <= self.count {
            let ends = ByteBlock(self, at: position).lineEnds
            if ends != 0 { return position + ends.trailingZeroBitCount }
            position += ByteBlock.count
        }
        while position < self.count {
            let byte = self[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return position }
            position += 1
        }
        return nil
    }
}

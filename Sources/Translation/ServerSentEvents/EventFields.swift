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
            self.appendData(Self.value(in: line, of: buffer, behind: 4), of: buffer, eventStart: eventStart)
        } else if bytes.isField("event") {
            self.name = Self.value(in: line, of: buffer, behind: 5).shifted(by: -eventStart)
        } else if bytes[0] == UInt8(ascii: ":"), self.comments.count < ServerSentEventParser.maximumComments {
            self.comments.append(Self.value(in: line, of: buffer, behind: 0).shifted(by: -eventStart))
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

    /// What follows the colon behind a field name of `length` bytes, and one space if there is one.
    private static func value(in line: Range<Int>, of buffer: [UInt8], behind length: Int) -> Range<Int> {
        var start = min(line.lowerBound + length + 1, line.upperBound)
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

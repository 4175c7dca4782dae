// SPDX-License-Identifier: Apache-2.0

/// One event of an event stream.
public struct ReceivedEvent: Sendable, Equatable {
    /// Nil when there was no `event:` line; Claude Code drops such data.
    public var name: String?
    public var data: String

    public var json: JSONValue { (try? JSONValue(parsing: self.data)) ?? .null }
}

/// Cuts the text of an event stream into events as far as it goes. A test's reader: strict about the form we promise,
/// which is lines that end in LF and one empty line between events.
public struct EventSplitter {
    private var rest: [UInt8] = []

    public init() {}

    public mutating func receive(_ bytes: [UInt8]) -> [ReceivedEvent] {
        self.rest += bytes
        var events: [ReceivedEvent] = []
        var start = 0
        var index = 1
        while index < self.rest.count {
            guard self.rest[index] == 0x0A, self.rest[index - 1] == 0x0A else {
                index += 1
                continue
            }
            if let event = Self.event(String(decoding: self.rest[start..<index], as: UTF8.self)) {
                events.append(event)
            }
            start = index + 1
            index += 2
        }
        self.rest.removeFirst(start)
        return events
    }

    /// What has come of an event that is not finished.
    public var isBetweenEvents: Bool { self.rest.isEmpty }

    private static func event(_ block: String) -> ReceivedEvent? {
        var name: String?
        var data: [Substring] = []
        for line in block.split(separator: "\n") {
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { data.append(line.dropFirst(6)) }
        }
        guard name != nil || !data.isEmpty else { return nil }
        return ReceivedEvent(name: name, data: data.joined(separator: "\n"))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Translation

/// An event that owns its bytes.
struct ReadEvent: Equatable {
    var name: [UInt8]?
    var data: [UInt8]
    var comments: [[UInt8]]
    var isComplete: Bool
}

extension ReadEvent {
    init(_ event: ServerSentEvent) {
        self.init(
            name: event.name.map(Array.init),
            data: Array(event.data),
            comments: event.comments.map(Array.init),
            isComplete: event.isComplete)
    }
}

/// Reads a whole body line by line, as the standard words it and with no thought of speed.
enum NaiveEventReader {
    static func events(in body: [UInt8]) -> [ReadEvent] {
        var events: [ReadEvent] = []
        for block in Self.blocks(of: body) {
            var name: [UInt8]?
            var data: [[UInt8]] = []
            var comments: [[UInt8]] = []
            for line in block.lines {
                let colon = line.firstIndex(of: UInt8(ascii: ":"))
                var value = colon.map { Array(line[($0 + 1)...]) } ?? []
                if value.first == UInt8(ascii: " ") { value.removeFirst() }
                switch String(decoding: line[..<(colon ?? line.count)], as: UTF8.self) {
                case "data": data.append(value)
                case "event": name = value
                case "" where comments.count < ServerSentEventParser.maximumComments: comments.append(value)
                default: break
                }
            }
            guard name != nil || !data.isEmpty else { continue }
            events.append(
                ReadEvent(
                    name: name?.isEmpty == false ? name : nil,
                    data: Array(data.joined(separator: [UInt8(ascii: "\n")])),
                    comments: comments,
                    isComplete: block.isComplete))
        }
        return events
    }

    /// How long each event is, those included that say nothing.
    static func sizes(in body: [UInt8]) -> [Int] { Self.blocks(of: body).map(\.size) }

    private struct Block {
        var lines: [[UInt8]] = []
        /// From its first byte to the end of its last line.
        var size = 0
        var isComplete = false
    }

    private static func blocks(of body: [UInt8]) -> [Block] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var blocks = [Block()]
        var blockStart = 0
        var position = 0
        while position < body.count {
            let start = position
            while position < body.count, body[position] != 0x0A, body[position] != 0x0D { position += 1 }
            var line = Array(body[start..<position])
            let end = position
            if position < body.count {
                let isPair = body[position] == 0x0D && position + 1 < body.count && body[position + 1] == 0x0A
                position += isPair ? 2 : 1
            }
            if end > start { blocks[blocks.count - 1].size = end - blockStart }
            if start == 0, line.starts(with: mark) { line.removeFirst(3) }
            if line.isEmpty {
                // The last line of a body may be empty because it has not begun.
                guard end < body.count else { break }
                blocks[blocks.count - 1].isComplete = true
                blocks.append(Block())
                blockStart = position
            } else {
                blocks[blocks.count - 1].lines.append(line)
            }
        }
        return blocks
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Collects the header lines libcurl delivers one by one into the final head.
///
/// libcurl also delivers the heads of interim answers (100, 103) and the trailers that follow a chunked body. It keeps
/// all of them with the easy handle until that is used again, so all are counted.
struct ResponseHeadParser {
    enum Output {
        case needsMore
        case head(UpstreamResponseHead)
        /// The peer sends more bytes of heads, or of trailers, than this.
        case tooLarge(limit: Int)
    }

    private enum State {
        case awaitingStatusLine
        case inHead(status: Int)
        case complete
    }

    private let trailerLimit: Int
    /// Of heads; from the end of the final one on, of trailers.
    private var limit: Int
    private var room: Int
    private var state = State.awaitingStatusLine
    /// As `UpstreamResponseHead.lines`.
    private var lines: [UInt8] = []
    private var mayNameCodings = false
    /// Bytes of all lines so far.
    private(set) var size = 0

    /// - Parameters:
    ///   - limit: the most bytes of the final head and all interim heads together.
    ///   - trailerLimit: the most bytes of trailers.
    init(limit: Int, trailerLimit: Int) {
        self.limit = limit
        self.room = limit
        self.trailerLimit = trailerLimit
    }

    mutating func lineReceived(_ line: UnsafeRawBufferPointer) -> Output {
        // Interim heads count as well: they are just as able to go on for ever.
        guard line.count <= self.room else { return .tooLarge(limit: self.limit) }
        self.room -= line.count
        self.size += line.count

        let text = unsafe Self.withoutLineEnd(line)
        switch self.state {
        case .awaitingStatusLine:
            if let status = unsafe Self.status(text) { self.state = .inHead(status: status) }
            return .needsMore
        case .inHead(let status):
            guard unsafe !text.isEmpty else { return self.headEnded(status) }
            unsafe self.append(text)
            return .needsMore
        case .complete:
            return .needsMore
        }
    }

    private mutating func headEnded(_ status: Int) -> Output {
        let lines = self.lines
        let mayNameCodings = self.mayNameCodings
        self.lines = []
        self.mayNameCodings = false
        if (100..<200).contains(status) {
            self.state = .awaitingStatusLine
            return .needsMore
        }
        self.state = .complete
        self.limit = self.trailerLimit
        self.room = self.trailerLimit
        return .head(UpstreamResponseHead(status: status, lines: lines, mayNameCodings: mayNameCodings))
    }

    private mutating func append(_ line: Slice<UnsafeRawBufferPointer>) {
        let isFolded = unsafe line.first.map(Self.isBlank) ?? false
        if isFolded, !self.lines.isEmpty {
            // RFC 9112, section 5.2: a folded line goes on with the value before it.
            self.lines[self.lines.count - 1] = UInt8(ascii: " ")
            return unsafe self.appendValue(Self.trimmed(line))
        }
        guard let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) else { return }
        if self.lines.isEmpty { self.lines.reserveCapacity(Self.usualSize) }
        let start = self.lines.count
        unsafe self.lines.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[..<colon]))
        for index in start..<self.lines.count { self.lines[index] = Self.lowercased(self.lines[index]) }
        if self.lines[start...].suffix(Self.codingSuffix.count).elementsEqual(Self.codingSuffix) {
            self.mayNameCodings = true
        }
        self.lines.append(UInt8(ascii: ":"))
        unsafe self.appendValue(Self.trimmed(line[(colon + 1)...]))
    }

    private mutating func appendValue(_ value: Slice<UnsafeRawBufferPointer>) {
        unsafe self.lines.append(contentsOf: UnsafeRawBufferPointer(rebasing: value))
        self.lines.append(UInt8(ascii: "\n"))
    }

    private static let usualSize = 512
    private static let codingSuffix = Array("-encoding".utf8)

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The number in `HTTP/1.1 200 OK` or `HTTP/2 200`.
    private static func status(_ line: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard unsafe line.starts(with: "HTTP/".utf8), let space = unsafe line.firstIndex(of: UInt8(ascii: " ")) else {
            return nil
        }
        // Three digits are what the status has, whatever follows them (RFC 9112, section 4).
        let digits = unsafe line[(space + 1)...].prefix { $0 != UInt8(ascii: " ") }
        guard unsafe digits.count == 3 else { return nil }
        return unsafe digits.reduce(0) { status, digit in
            status.flatMap { Self.isDigit(digit) ? $0 * 10 + Int(digit & 15) : nil }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func withoutLineEnd(_ line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        var end = line.count
        while end > 0, unsafe line[end - 1] == 10 || line[end - 1] == 13 { end -= 1 }
        return unsafe line[..<end]
    }

    private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var text = unsafe text
        while let first = unsafe text.first, Self.isBlank(first) { unsafe text.removeFirst() }
        while let last = unsafe text.last, Self.isBlank(last) { unsafe text.removeLast() }
        return unsafe text
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}

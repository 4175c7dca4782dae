// SPDX-License-Identifier: Apache-2.0

/// Collects the header lines libcurl delivers one by one into the final head.
///
/// libcurl also delivers the heads of interim answers (100, 103) and the trailers that follow a chunked body.
struct ResponseHeadParser {
    enum Output {
        case needsMore
        case head(UpstreamResponseHead)
        /// The peer sends more header bytes than we are willing to keep.
        case tooLarge(limit: Int)
    }

    private enum State {
        case awaitingStatusLine
        case inHead(status: Int)
        case complete
    }

    private let limit: Int
    private var state = State.awaitingStatusLine
    private var headers: [(name: String, value: String)] = []
    private var size = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func lineReceived(_ line: UnsafeRawBufferPointer) -> Output {
        if case .complete = self.state { return .needsMore }
        // Interim heads count as well: they are just as able to go on for ever.
        self.size += line.count
        guard self.size <= self.limit else { return .tooLarge(limit: self.limit) }

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
        let headers = self.headers
        self.headers = []
        if (100..<200).contains(status) {
            self.state = .awaitingStatusLine
            return .needsMore
        }
        self.state = .complete
        return .head(UpstreamResponseHead(status: status, headers: headers))
    }

    private mutating func append(_ line: Slice<UnsafeRawBufferPointer>) {
        let isFolded = unsafe line.first.map(Self.isBlank) ?? false
        if isFolded, let last = self.headers.indices.last {
            // RFC 9112, section 5.2: a folded line goes on with the value before it.
            unsafe self.headers[last].value += " " + String(decoding: Self.trimmed(line), as: UTF8.self)
            return
        }
        guard let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = unsafe String(decoding: line[..<colon], as: UTF8.self).lowercased()
        let value = unsafe String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self)
        self.headers.append((name: name, value: value))
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

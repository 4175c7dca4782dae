// SPDX-License-Identifier: Apache-2.0

/// A small HTTP/1.1 client over one connection: requests one after another, answers whole or as they come. Used by one
/// test, one call at a time.
public final class HTTPClient {
    public let connection: RawConnection
    private var buffer: [UInt8] = []
    private var nextArrival = 0
    private var isAtEnd = false
    /// The framing of the answer being read.
    private var body = BodyFraming.none

    private enum BodyFraming {
        case none
        case length(Int)
        /// Between two chunks.
        case chunked
        case untilEnd
    }

    public static func connect(port: Int, reading: Bool = true) async throws -> HTTPClient {
        HTTPClient(try await RawConnection.open(port: port, reading: reading))
    }

    public init(_ connection: RawConnection) {
        self.connection = connection
    }

    public static func request(
        _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) -> [UInt8] {
        var all = ["host": "127.0.0.1", "x-api-key": "sk-local-test", "anthropic-version": "2023-06-01"]
        if let body {
            all["content-type"] = "application/json"
            all["content-length"] = String(body.count)
        }
        all.merge(headers) { _, ours in ours }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }
        return Array("\(method) \(target) HTTP/1.1\r\n\(lines.joined())\r\n".utf8) + (body ?? [])
    }

    public func send(
        _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws {
        try await self.connection.send(Self.request(method, target, headers: headers, body: body))
    }

    /// One request and its whole answer.
    public func exchange(
        _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8]? = nil,
        within limit: Duration = .seconds(60)
    ) async throws -> HTTPReply {
        try await self.send(method, target, headers: headers, body: body)
        return try await self.reply(hasBody: method != "HEAD", within: limit)
    }

    public func post(
        _ target: String, _ body: JSONValue, headers: [String: String] = [:], within limit: Duration = .seconds(60)
    ) async throws -> HTTPReply {
        try await self.exchange("POST", target, headers: headers, body: body.bytes, within: limit)
    }

    public func reply(hasBody: Bool = true, within limit: Duration = .seconds(60)) async throws -> HTTPReply {
        let head = try await self.replyHead(hasBody: hasBody, within: limit)
        var all: [UInt8] = []
        while let piece = try await self.bodyPiece(within: limit) { all += piece }
        return HTTPReply(head: head, body: all, isComplete: self.endedWell)
    }

    /// The last body ended as its framing promised.
    public private(set) var endedWell = true

    public func replyHead(hasBody: Bool = true, within limit: Duration = .seconds(60)) async throws -> HTTPReplyHead {
        var head: HTTPReplyHead
        repeat {
            guard let raw = try await self.take(through: "\r\n\r\n", within: limit) else {
                throw HTTPReplyError(
                    description: "the connection ended in the head: \(String(decoding: self.buffer, as: UTF8.self))")
            }
            head = try Self.parseHead(raw)
        } while head.status == 100
        self.endedWell = true
        switch head {
        case _ where !hasBody || head.status == 204 || head.status == 304: self.body = .none
        case _ where head.isChunked: self.body = .chunked
        default: self.body = head.contentLength.map { .length($0) } ?? .untilEnd
        }
        return head
    }

    /// The next piece of the body as it came, or nil at its end.
    public func bodyPiece(within limit: Duration = .seconds(60)) async throws -> [UInt8]? {
        switch self.body {
        case .none:
            return nil
        case .length(0):
            self.body = .none
            return nil
        case .length(let left):
            guard try await self.fill(1, within: limit) else { return self.cutShort() }
            let piece = self.take(min(left, self.buffer.count))
            self.body = .length(left - piece.count)
            return piece
        case .chunked:
            return try await self.chunk(within: limit)
        case .untilEnd:
            guard try await self.fill(1, within: limit) else {
                self.body = .none
                return nil
            }
            return self.take(self.buffer.count)
        }
    }

    private func chunk(within limit: Duration) async throws -> [UInt8]? {
        guard let line = try await self.take(through: "\r\n", within: limit) else { return self.cutShort() }
        let digits = String(decoding: line.dropLast(2), as: UTF8.self)
        guard let size = Int(digits, radix: 16) else { throw HTTPReplyError(description: "chunk size \(digits)") }
        guard try await self.fill(size + 2, within: limit) else { return self.cutShort() }
        let piece = self.take(size)
        guard self.take(2) == Array("\r\n".utf8) else { throw HTTPReplyError(description: "no CRLF after a chunk") }
        guard size == 0 else { return piece }
        self.body = .none
        return nil
    }

    private func cutShort() -> [UInt8]? {
        self.endedWell = false
        self.body = .none
        return nil
    }

    private func take(_ count: Int) -> [UInt8] {
        defer { self.buffer.removeFirst(count) }
        return Array(self.buffer.prefix(count))
    }

    private func take(through marker: String, within limit: Duration) async throws -> [UInt8]? {
        let needle = Array(marker.utf8)
        var searched = 0
        while true {
            if self.buffer.count >= needle.count {
                for start in max(0, searched - needle.count)...(self.buffer.count - needle.count)
                where self.buffer[start..<start + needle.count].elementsEqual(needle) {
                    return self.take(start + needle.count)
                }
            }
            searched = self.buffer.count
            guard try await self.fill(searched + 1, within: limit) else { return nil }
        }
    }

    /// False when the connection ended before.
    private func fill(_ count: Int, within limit: Duration) async throws -> Bool {
        while self.buffer.count < count {
            guard !self.isAtEnd else { return false }
            let arrival = try await self.connection.arrivals.entry(at: self.nextArrival, "an answer", within: limit)
            self.nextArrival += 1
            if let arrival { self.buffer += arrival } else { self.isAtEnd = true }
        }
        return true
    }

    private static func parseHead(_ raw: [UInt8]) throws -> HTTPReplyHead {
        let lines = String(decoding: raw.dropLast(4), as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        let status = lines[0].split(separator: " ", maxSplits: 2)
        guard status.count >= 2, status[0] == "HTTP/1.1" || status[0] == "HTTP/1.0", let code = Int(status[1]) else {
            throw HTTPReplyError(description: "not a status line: \(lines[0])")
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (name: String(line[..<colon]), value: String(value))
        }
        return HTTPReplyHead(status: code, headers: headers)
    }
}

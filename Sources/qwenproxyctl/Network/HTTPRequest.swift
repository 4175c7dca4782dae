// SPDX-License-Identifier: Apache-2.0

import Shared

/// A request over plain HTTP to a server on this machine or a network of one's own.
struct HTTPRequest {
    var method = "GET"
    var path: String
    var headers: [(name: String, value: String)] = []
    var body = ""

    // A list of models of many makers has more than a megabyte.
    private static let answerLimit = 4 << 20

    /// - Parameter limit: for each address that is tried, and for the exchange.
    /// - Returns: all that came.
    func send(to address: ServerAddress, limit: Duration) throws(TCPConnection.Failure) -> [UInt8] {
        // An IPv6 address stands in brackets there (RFC 3986), since a colon begins the port.
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let all =
            [
                // The end of the connection is the end of the answer for us, so it has to be closed.
                ("host", "\(host):\(address.port)"), ("connection", "close"),
                ("user-agent", "qwenproxyctl/\(Version.current)"),
            ]
            + self.headers + (self.body.isEmpty ? [] : [("content-length", "\(self.body.utf8.count)")])
        let lines = ["\(self.method) \(self.path) HTTP/1.1"] + all.map { "\($0.0): \($0.1)" }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + self.body
        let connection = try TCPConnection(host: address.host, port: address.port, limit: limit)
        return try connection.exchange(Array(text.utf8), limit: Self.answerLimit)
    }
}

/// What came back, as far as it matters here.
struct HTTPAnswer: Equatable {
    var status: Int
    var body: [UInt8]

    /// Nil when it is no answer of HTTP/1.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        // "HTTP/1.1 200 OK"
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        self.status = status
        let isChunked = lines.dropFirst().contains { line in
            let header = line.lowercased()
            return header.hasPrefix("transfer-encoding:") && header.hasSuffix("chunked")
        }
        self.body = isChunked ? Self.joined(bytes[end.upperBound...]) : Array(bytes[end.upperBound...])
    }

    /// As many whole chunks as there are.
    private static func joined(_ chunks: ArraySlice<UInt8>) -> [UInt8] {
        var body: [UInt8] = []
        var rest = chunks
        while let end = rest.firstRange(of: Array("\r\n".utf8)) {
            let digits = rest[..<end.lowerBound].prefix { $0.isLetterOrDigit }
            // What follows a semicolon is an extension (RFC 9112), and the chunk of size 0 is the end.
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size > 0,
                size <= rest.endIndex - end.upperBound
            else { return body }
            body += rest[end.upperBound..<end.upperBound + size]
            rest = rest[(end.upperBound + size)...].dropFirst(2)
        }
        return body
    }
}

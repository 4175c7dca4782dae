// SPDX-License-Identifier: Apache-2.0

/// The head of an answer.
public struct HTTPReplyHead: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]

    /// The first value of the header `name`, compared without case.
    public func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var isChunked: Bool { self.header("transfer-encoding")?.lowercased() == "chunked" }
    var contentLength: Int? { self.header("content-length").flatMap { Int($0) } }
    public var closesConnection: Bool { self.header("connection")?.lowercased() == "close" }
}

/// A whole answer.
public struct HTTPReply: Sendable {
    public var head: HTTPReplyHead
    public var body: [UInt8]
    /// The body ended as its framing promised.
    public var isComplete: Bool

    public var status: Int { self.head.status }
    public func header(_ name: String) -> String? { self.head.header(name) }
    public var text: String { String(decoding: self.body, as: UTF8.self) }
    public var json: JSONValue { (try? JSONValue(parsing: self.body)) ?? .null }
}

/// The answer was not HTTP as it should be.
public struct HTTPReplyError: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(description: String) { self.description = description }
}

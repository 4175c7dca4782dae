// SPDX-License-Identifier: Apache-2.0

/// A request as the scripted upstream received it.
public struct CapturedRequest: Sendable {
    /// Counts from 1, over all connections.
    public var number: Int
    /// Counts from 1, in the order of the accepts.
    public var connection: Int
    public var method: String
    public var target: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        number: Int = 1, connection: Int = 1, method: String = "POST", target: String = "/v1/chat/completions",
        headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.number = number
        self.connection = connection
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The first value of the header `name`, compared without case.
    public func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    public var text: String { String(decoding: self.body, as: UTF8.self) }

    /// The body as JSON; null when it is none.
    public var json: JSONValue { (try? JSONValue(parsing: self.body)) ?? .null }
}

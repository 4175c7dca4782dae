// SPDX-License-Identifier: Apache-2.0

/// A request that failed, as the operator sees it.
public struct RecordedError: Codable, Sendable, Equatable {
    /// When the request ended.
    public var time: Timestamp
    /// The `request-id` the client got; absent when there was no request.
    public var requestID: String?
    /// The error's kind as the client saw it, like `overloaded_error`.
    public var kind: String
    /// Without words of the upstream, which may quote the request.
    public var message: String

    public init(time: Timestamp, requestID: String?, kind: String, message: String) {
        self.time = time
        self.requestID = requestID
        self.kind = kind
        self.message = message
    }
}

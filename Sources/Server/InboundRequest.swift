// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Synchronization

/// A request as it arrived, with its whole body. It has one owner at a time, so that no forgotten copy keeps the body.
package struct InboundRequest: ~Copyable, Sendable {
    /// As received: methods are compared with case.
    package var method: String
    /// Without the query, percent-encoding as received.
    package var path: String
    /// Without the question mark.
    package var query: String?
    /// In the order received.
    var headers: HTTPHeaders
    /// Decompressed; empty when there was none.
    package var body: [UInt8]
    /// Our identity for this request: the `request-id` header of the answer and the key of every log line about it.
    package var id: String

    /// Hands out the body and keeps none.
    package mutating func takeBody() -> [UInt8] {
        // So its memory can be given back before the answer ends.
        defer { self.body = [] }
        return self.body
    }

    /// The headers whose names begin with one of `prefixes`, which are in lower case, in their order. The names come out in
    /// lower case.
    package func headers(withPrefixes prefixes: [String]) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        for (name, value) in self.headers where prefixes.contains(where: { name.beginsCaselessly(with: $0) }) {
            found.append((name.lowercased(), value))
        }
        return found
    }

    /// The first value of the header `name`, compared without case.
    package func header(_ name: String) -> String? {
        self.headers.first(name: name)
    }
}

/// Carries a request into its task without leaving a copy in the task's closure, which would keep a body of megabytes for
/// as long as the answer streams.
final class HandedRequest: Sendable {
    private let request: Mutex<InboundRequest?>

    init(_ request: consuming InboundRequest) {
        self.request = Mutex(request)
    }

    /// Nothing the second time.
    func take() -> InboundRequest? {
        self.request.withLock { $0.take() }
    }
}

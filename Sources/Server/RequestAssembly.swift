// SPDX-License-Identifier: Apache-2.0

/// A request whose body is still coming. Confined to its connection's event loop.
final class RequestAssembly {
    let head: RequestHead
    private(set) var request: InboundRequest
    private let limit: Int
    private var capacity: Int

    /// Bodies up to this size get their memory in one piece, on the word of their `Content-Length`.
    private static let trustedLength = 64 << 10

    init(head: RequestHead, target: RequestTarget, id: String, limit: Int) {
        self.head = head
        self.limit = limit
        self.capacity = min(head.contentLength ?? 0, Self.trustedLength)
        self.request = InboundRequest(
            method: head.method,
            path: target.path,
            query: target.query,
            headers: head.headers,
            body: [],
            id: id,
        )
        self.request.body.reserveCapacity(self.capacity)
    }

    /// False when the body is now over the limit; the bytes were not taken then.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let needed = self.request.body.count + bytes.count
        guard needed <= self.limit else { return false }
        if needed > self.capacity {
            self.capacity = Self.nextCapacity(needed: needed, declared: self.head.contentLength)
            self.request.body.reserveCapacity(self.capacity)
        }
        unsafe self.request.body.append(contentsOf: bytes)
        return true
    }

    /// Sixteen times what has come, but never more than was announced: a body of megabytes is copied once or twice, and
    /// only its beginning. Room that is not written to costs a head that lies no memory of ours, only addresses.
    static func nextCapacity(needed: Int, declared: Int?) -> Int {
        max(needed, min(declared ?? needed * 2, needed * 16))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A request whose body is still coming. Confined to its connection's event loop.
final class RequestAssembly {
    let head: RequestHead
    let id: String
    private let target: RequestTarget
    /// What has come of it.
    private(set) var body: [UInt8] = []
    private let limit: Int
    private let inflater: Inflater?
    /// What the body takes up of all that the server may hold.
    let share: MemoryShare
    private var capacity: Int

    /// Bodies up to this size get their memory in one piece, on the word of their `Content-Length`.
    private static let trustedLength = 64 << 10

    /// - Parameter share: counts the declared length already.
    init(
        head: consuming RequestHead, target: RequestTarget, id: String, limit: Int, coding: ContentCoding?,
        share: MemoryShare,
    ) {
        self.head = head
        self.limit = limit
        self.inflater = coding.map(Inflater.init)
        self.share = share
        self.id = id
        self.target = target
        self.capacity = min(head.contentLength ?? 0, Self.trustedLength)
        self.body.reserveCapacity(self.capacity)
    }

    /// Takes the next bytes of the body. What is wrong with them, if anything, ends the request.
    func receive(_ bytes: UnsafeRawBufferPointer) -> ProtocolRejection? {
        guard let inflater = self.inflater else { return unsafe self.append(bytes) }
        var objection: ProtocolRejection?
        let outcome = unsafe inflater.inflate(bytes) { piece in
            objection = unsafe self.append(piece)
            return objection == nil
        }
        return outcome == .malformed ? Self.malformed : objection
    }

    /// The body has ended.
    func finish() -> ProtocolRejection? {
        self.inflater?.isComplete ?? true ? nil : Self.malformed
    }

    /// Hands the request out, whole, and keeps no body.
    func takeRequest() -> InboundRequest {
        defer { self.body = [] }
        return InboundRequest(
            method: self.head.method,
            path: self.target.path,
            query: self.target.query,
            headers: self.head.headers,
            body: self.body,
            id: self.id,
        )
    }

    private static let malformed = ProtocolRejection.malformed(
        "The body is not what its Content-Encoding says, or is not complete.")

    private func append(_ bytes: UnsafeRawBufferPointer) -> ProtocolRejection? {
        let needed = self.body.count + bytes.count
        guard needed <= self.limit else { return .bodyTooLarge(limit: self.limit) }
        if needed > self.share.count, !self.share.grow(to: needed) { return .outOfMemory }
        if needed > self.capacity {
            // The length of a compressed body says nothing about that of its content.
            let declared = self.inflater == nil ? self.head.contentLength : nil
            self.capacity = Self.nextCapacity(needed: needed, declared: declared)
            self.body.reserveCapacity(self.capacity)
        }
        unsafe self.body.append(contentsOf: bytes)
        return nil
    }

    /// Sixteen times what has come, but never more than was announced: a body of megabytes is copied once or twice,
    /// and only its beginning.
    static func nextCapacity(needed: Int, declared: Int?) -> Int {
        // Room that is not written to costs no memory, only addresses: a head that lies gains nothing.
        max(needed, min(declared ?? needed * 2, needed * 16))
    }
}

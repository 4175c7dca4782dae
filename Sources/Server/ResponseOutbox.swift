// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What was written to a response and has not reached its event loop yet. Guarded by the writer's lock.
struct ResponseOutbox: Sendable {
    enum Operation: Sendable {
        case open(StreamOpening)
        case restartSilence
        /// With room for the frame of a chunk, see `ChunkFrame`.
        case bytes(ByteBuffer)
        case send(OutboundResponse)
        case finish
        case fail(beforeHead: OutboundResponse, inStream: [UInt8])
        case returned
    }

    /// Everything in the order it was said: the operations, then the bytes.
    struct Batch: Sendable {
        var operations: [Operation] = []
        var bytes: ByteBuffer?
    }

    private var batch = Batch()
    private var isScheduled = false
    /// The bytes in here.
    private(set) var count = 0

    mutating func append(_ bytes: [UInt8]) {
        self.count += bytes.count
        if self.batch.bytes == nil {
            self.batch.bytes = ChunkFrame.makeBuffer(capacity: bytes.count)
        }
        self.batch.bytes?.writeBytes(bytes)
    }

    mutating func append(_ operation: Operation) {
        if let bytes = self.batch.bytes {
            self.batch.bytes = nil
            // Bytes that were written before this operation keep their place.
            self.batch.operations.append(.bytes(bytes))
        }
        self.batch.operations.append(operation)
    }

    /// Whether the event loop must be woken.
    mutating func needsWakeUp() -> Bool {
        // Until it has taken the batch, one wake-up is enough for all.
        guard !self.isScheduled, self.batch.bytes != nil || !self.batch.operations.isEmpty else { return false }
        self.isScheduled = true
        return true
    }

    mutating func take() -> Batch {
        self.isScheduled = false
        self.count = 0
        let taken = self.batch
        self.batch = Batch()
        return taken
    }
}

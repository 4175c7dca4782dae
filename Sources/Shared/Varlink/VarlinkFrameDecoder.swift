// SPDX-License-Identifier: Apache-2.0

/// Why a byte stream is not Varlink. There is no way to find the next frame afterwards, so the connection must close.
public enum VarlinkFramingError: Error, Sendable, Equatable {
    /// More bytes than this came without a NUL.
    case frameTooLong(limit: Int)
    /// Two NULs in a row.
    case emptyFrame
    /// A frame that is not a JSON object, or lacks what every call and reply must have.
    case malformed(String)
}

/// Cuts a byte stream into Varlink frames: JSON objects, each ended by a NUL.
///
/// A pure value. It holds at most one unfinished frame of `limit` bytes and whatever the caller gave it in one piece.
public struct VarlinkFrameDecoder: Sendable {
    /// In bytes: a frame that is longer ends the connection.
    public static let defaultLimit = 1 << 20

    private let limit: Int
    private var buffer: [UInt8] = []
    /// The first byte that no finished frame has taken.
    private var start = 0
    /// Bytes before this one are known to hold no NUL, so that a frame in many pieces is scanned only once.
    private var scanned = 0

    /// - Parameter limit: the longest frame, in bytes.
    public init(limit: Int = VarlinkFrameDecoder.defaultLimit) {
        self.limit = limit
    }

    /// True when the peer stopped in the middle of a frame.
    public var hasPartialFrame: Bool { self.start < self.buffer.count }

    /// Takes what came next. Frames may be cut anywhere.
    public mutating func receive(_ bytes: some Sequence<UInt8>) {
        if self.start > 0 {
            // Here and not in `next`: several frames of one read are then moved once.
            self.buffer.removeFirst(self.start)
            self.scanned -= self.start
            self.start = 0
        }
        self.buffer.append(contentsOf: bytes)
    }

    /// The next finished frame without its NUL, or nil when more bytes are needed.
    public mutating func next() throws(VarlinkFramingError) -> [UInt8]? {
        guard let end = self.buffer[self.scanned...].firstIndex(of: 0) else {
            self.scanned = self.buffer.count
            // Before more is taken: a peer that sends no NUL must not make the buffer grow.
            guard self.scanned - self.start <= self.limit else { throw .frameTooLong(limit: self.limit) }
            return nil
        }
        let frame = self.buffer[self.start..<end]
        // Also here: a frame that came whole in one piece was not counted above.
        guard frame.count <= self.limit else { throw .frameTooLong(limit: self.limit) }
        guard !frame.isEmpty else { throw .emptyFrame }
        self.start = end + 1
        self.scanned = self.start
        return Array(frame)
    }
}

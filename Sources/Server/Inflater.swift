// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Decompresses one body as it comes. Confined to its connection's event loop.
@safe
final class Inflater {
    enum Outcome: Sendable, Equatable {
        case decoded
        /// The data is not what the coding promises.
        case malformed
        /// The receiver wants no more.
        case refused
    }

    private enum State {
        /// The format shows in the first byte.
        case untouched
        case inside
        /// At the end of the data; for gzip, another member may follow (RFC 1952, section 2.2).
        case between
    }

    private static let pieceSize = 32 << 10

    private let coding: ContentCoding
    // zlib keeps the address of the structure in its own state, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let piece: UnsafeMutableRawBufferPointer
    private var state = State.untouched

    init(_ coding: ContentCoding) {
        self.coding = coding
        unsafe self.stream = .allocate(capacity: 1)
        unsafe self.stream.initialize(to: z_stream())
        unsafe self.piece = .allocate(byteCount: Self.pieceSize, alignment: 16)
    }

    deinit {
        // For a stream that was never begun it does nothing.
        unsafe inflateEnd(self.stream)
        unsafe self.stream.deallocate()
        unsafe self.piece.deallocate()
    }

    /// Whether all that was begun has its end. True for no bytes at all.
    var isComplete: Bool {
        switch self.state {
        case .untouched, .between: true
        case .inside: false
        }
    }

    /// Gives what the bytes decompress to, in pieces, to `receive`, until that returns false.
    func inflate(_ bytes: UnsafeRawBufferPointer, _ receive: (UnsafeRawBufferPointer) -> Bool) -> Outcome {
        guard let first = unsafe bytes.first else { return .decoded }
        switch self.state {
        case .untouched:
            guard unsafe czlib_inflate_init(self.stream, self.windowBits(first)) == Z_OK else { return .malformed }
        case .between:
            guard self.coding == .gzip, unsafe inflateReset(self.stream) == Z_OK else { return .malformed }
        case .inside:
            break
        }
        self.state = .inside
        unsafe self.stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe self.stream.pointee.avail_in = UInt32(bytes.count)
        defer { unsafe self.stream.pointee.next_in = nil }
        while true {
            unsafe self.stream.pointee.next_out = self.piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe self.stream.pointee.avail_out = UInt32(Self.pieceSize)
            let code = unsafe CZlib.inflate(self.stream, Z_NO_FLUSH)
            let count = unsafe Self.pieceSize - Int(self.stream.pointee.avail_out)
            if count > 0, unsafe !receive(UnsafeRawBufferPointer(rebasing: self.piece[..<count])) { return .refused }
            switch code {
            // A full piece may mean that more is waiting, also when all input was taken.
            case Z_OK where count == Self.pieceSize, Z_BUF_ERROR where count == Self.pieceSize:
                continue
            // Z_BUF_ERROR is no failure: there was no more input (zlib.h).
            case Z_OK, Z_BUF_ERROR:
                return .decoded
            case Z_STREAM_END:
                guard unsafe self.stream.pointee.avail_in > 0 else {
                    self.state = .between
                    return .decoded
                }
                guard self.coding == .gzip, unsafe inflateReset(self.stream) == Z_OK else { return .malformed }
            default:
                return .malformed
            }
        }
    }

    /// zlib's parameter for the format: 15 for its own, 16 more for gzip, negative for none.
    private func windowBits(_ first: UInt8) -> Int32 {
        switch self.coding {
        case .gzip: 15 + 16
        // The low half of the first byte names the method, 8. Raw data never begins so: it would be a stored block with
        // bits set that must be zero.
        case .deflate: first & 0x0F == 8 ? 15 : -15
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A chunk of the chunked transfer coding (RFC 9112, section 7.1), built around its content in the same buffer: the room for
/// the size line is left free in front, and the line is put there when the size is known.
enum ChunkFrame {
    /// Sixteen hexadecimal digits would be every size there is; eight are more than a buffer can hold.
    private static let room = 10
    /// What a chunk's buffer holds besides its content.
    static let overhead = Self.room + 2
    static let terminator: StaticString = "0\r\n\r\n"

    /// An empty content with its room.
    static func makeBuffer(capacity: Int) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: capacity + Self.overhead)
        buffer.moveWriterIndex(to: Self.room)
        buffer.moveReaderIndex(to: Self.room)
        return buffer
    }

    /// Makes the content a chunk. The content must not be empty.
    static func close(_ buffer: inout ByteBuffer) {
        var size = buffer.readableBytes
        var index = buffer.readerIndex
        // An empty chunk ends the stream.
        precondition(size > 0 && index >= Self.room, "not a buffer made for a chunk")
        buffer.writeInteger(UInt16(0x0D0A))
        index -= 2
        buffer.setInteger(UInt16(0x0D0A), at: index)
        // From the last digit to the first: how many there are shows only at the end.
        repeat {
            index -= 1
            buffer.setInteger(Self.digit(size & 15), at: index)
            size >>= 4
        } while size > 0
        buffer.moveReaderIndex(to: index)
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: value < 10 ? 0x30 + value : 0x57 + value)
    }
}

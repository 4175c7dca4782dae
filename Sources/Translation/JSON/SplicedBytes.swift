// SPDX-License-Identifier: Apache-2.0

/// Bytes that were written around stretches of other bytes, which stay where they are: most of a conversation goes
/// upstream as the client spelled it, and copying it once more would cost about as much as reading it.
///
/// A class because it goes from the translation to libcurl through many hands, and has three parts to copy.
public final class SplicedBytes: Sendable {
    /// A stretch of the source that belongs after so many written bytes.
    struct Splice {
        let offset: Int
        let range: Range<Int>
    }

    /// A stretch of either, and where it begins in the whole.
    private struct Piece {
        let position: Int
        let range: Range<Int>
        let isWritten: Bool
    }

    private let written: [UInt8]
    private let source: [UInt8]
    /// None when all was written.
    private let pieces: [Piece]

    /// - Parameter splices: in their order.
    init(_ written: [UInt8], splicing splices: [Splice], of source: [UInt8]) {
        self.written = written
        self.source = source
        guard !splices.isEmpty else {
            self.pieces = []
            return
        }
        var pieces: [Piece] = []
        pieces.reserveCapacity(2 * splices.count + 1)
        var count = 0
        func append(_ range: Range<Int>, isWritten: Bool) {
            guard !range.isEmpty else { return }
            pieces.append(Piece(position: count, range: range, isWritten: isWritten))
            count += range.count
        }
        var offset = 0
        for splice in splices {
            append(offset..<splice.offset, isWritten: true)
            append(splice.range, isWritten: false)
            offset = splice.offset
        }
        append(offset..<written.count, isWritten: true)
        self.pieces = pieces
    }

    /// The length of the whole text in bytes.
    public var count: Int { self.pieces.last.map { $0.position + $0.range.count } ?? self.written.count }

    /// All of them in one place.
    public var bytes: [UInt8] {
        guard !self.pieces.isEmpty else { return self.written }
        return unsafe [UInt8](unsafeUninitializedCapacity: self.count) { buffer, count in
            count = unsafe self.copy(from: 0, to: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Fills `buffer` with the bytes from `position` on, and returns how many there were.
    public func copy(from position: Int, to buffer: UnsafeMutableRawBufferPointer) -> Int {
        let end = min(position + buffer.count, self.count)
        guard position < end else { return 0 }
        guard !self.pieces.isEmpty else {
            unsafe buffer.copyBytes(from: self.written[position..<end])
            return end - position
        }
        unsafe self.written.withUnsafeBytes { written in
            unsafe self.source.withUnsafeBytes { source in
                for piece in self.pieces[self.piece(at: position)...] {
                    guard piece.position < end else { break }
                    let skipped = max(position - piece.position, 0)
                    let range = piece.range.dropFirst(skipped).prefix(end - piece.position - skipped)
                    let target = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: buffer[(piece.position + skipped - position)...])
                    unsafe target.copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: (piece.isWritten ? written : source)[range]))
                }
            }
        }
        return end - position
    }

    /// The index of the piece in which the byte at `position` lies.
    private func piece(at position: Int) -> Int {
        var candidates = self.pieces.indices
        while candidates.count > 1 {
            let middle = candidates.lowerBound + candidates.count / 2
            if self.pieces[middle].position <= position {
                candidates = middle..<candidates.upperBound
            } else {
                candidates = candidates.lowerBound..<middle
            }
        }
        return candidates.lowerBound
    }
}

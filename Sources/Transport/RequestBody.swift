// SPDX-License-Identifier: Apache-2.0

/// What a request carries, wherever its bytes lie.
package protocol RequestBody: Sendable {
    /// In bytes.
    var count: Int { get }
    /// All of them in one place.
    var bytes: [UInt8] { get }
    /// Fills `buffer` with the bytes from `position` on, and returns how many there were.
    func copy(from position: Int, to buffer: UnsafeMutableRawBufferPointer) -> Int
}

extension [UInt8]: RequestBody {
    /// The body itself.
    package var bytes: [UInt8] { self }

    /// Copies from the array.
    package func copy(from position: Int, to buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = self[Swift.min(position, self.count)...].prefix(buffer.count)
        unsafe buffer.copyBytes(from: part)
        return part.count
    }
}

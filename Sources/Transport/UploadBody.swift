// SPDX-License-Identifier: Apache-2.0

/// A request body on its way to libcurl, with the position up to which it was read.
struct UploadBody {
    /// libcurl puts a body below this size into one send with the head, and copies it when the transfer starts.
    static let smallSize = 64 * 1_024

    private var body: any RequestBody
    private var position = 0

    init(_ body: any RequestBody) {
        self.body = body
    }

    var isSmall: Bool {
        self.body.count < Self.smallSize
    }

    /// All of it was read: it is needed again only if libcurl has to start over on another connection.
    var isReadToEnd: Bool {
        self.position == self.body.count
    }

    /// The whole of a small body, which libcurl copies at once.
    mutating func takeAll() -> [UInt8] {
        defer { self.release() }
        return self.body.bytes
    }

    var count: Int {
        self.body.count
    }

    /// Fills `buffer` with the next bytes and returns how many there were.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = unsafe self.body.copy(from: self.position, to: buffer)
        self.position += count
        return count
    }

    /// Returns false if there is no such position, or no body any more.
    mutating func seek(to position: Int) -> Bool {
        guard (0...self.body.count).contains(position) else { return false }
        self.position = position
        return true
    }

    /// Gives the memory back.
    mutating func release() {
        // A stream may go on for minutes after megabytes were sent for it.
        self.body = [UInt8]()
        self.position = 0
    }
}

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

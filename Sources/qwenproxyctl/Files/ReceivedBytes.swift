// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

extension [UInt8] {
    /// What one system call puts into a buffer. Nil when the call fails, with the reason in `errno`.
    /// - Parameter call: returns how many bytes there are, or a negative number.
    init?(upTo capacity: Int, from call: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        var count = 0
        self = unsafe Self(unsafeUninitializedCapacity: capacity) { buffer, initialized in
            count = unsafe call(buffer)
            initialized = Swift.max(0, count)
        }
        if count < 0 { return nil }
    }
}

extension OwnedDescriptor {
    /// All that is left of a file. Nil leaves the reason in `errno`.
    func readToEnd() -> [UInt8]? {
        let descriptor = self.rawValue
        var bytes: [UInt8] = []
        while let piece = unsafe [UInt8](
            upTo: 64 << 10, from: { unsafe read(descriptor, $0.baseAddress, $0.count) })
        {
            guard !piece.isEmpty else { return bytes }
            bytes += piece
        }
        return nil
    }
}

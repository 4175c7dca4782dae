// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A file without a name, that goes with this value.
struct TemporaryFile: ~Copyable {
    private let descriptor: OwnedDescriptor

    var rawDescriptor: CInt { self.descriptor.rawValue }

    /// Nil leaves the reason in `errno`.
    init?() {
        guard let file = unsafe tmpfile() else { return nil }
        defer { unsafe fclose(file) }
        let copy = unsafe fcntl(fileno(file), F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return nil }
        self.descriptor = OwnedDescriptor(copy)
    }

    func contents() -> String {
        var bytes: [UInt8] = []
        while true {
            let offset = off_t(bytes.count)
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                count = max(0, unsafe pread(self.descriptor.rawValue, buffer.baseAddress, buffer.count, offset))
            }
            guard !piece.isEmpty else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece
        }
    }
}

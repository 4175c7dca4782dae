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
        // fclose closes the descriptor as well; the copy keeps the file, which has no name by then.
        guard let copy = OwnedDescriptor.copy(of: unsafe fileno(file)) else { return nil }
        self.descriptor = copy
    }

    /// All that was written, by any process.
    func contents() -> String {
        // A process that wrote has moved the offset, which is shared.
        lseek(self.rawDescriptor, 0, SEEK_SET)
        return String(decoding: self.descriptor.readToEnd() ?? [], as: UTF8.self)
    }
}

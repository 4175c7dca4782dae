// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Glibc

/// Hands records to journald with fields of their own, so that `journalctl REQUEST_ID=…` finds them.
struct JournalLogWriter: LogWriter {
    /// Takes what journald's socket does not: stderr leads to the journal as well.
    let fallback: StreamLogWriter

    func write(_ record: LogRecord) {
        if Self.send(JournalFields.encode(record)) < 0 { self.fallback.write(record) }
    }

    /// - Returns: what `sd_journal_sendv` returns, a negative errno when it failed.
    private static func send(_ fields: [[UInt8]]) -> CInt {
        // One buffer for all, since the pointers must be valid together.
        let bytes = fields.flatMap(\.self)
        return unsafe bytes.withUnsafeBytes { buffer in
            var vectors = unsafe [iovec]()
            var start = 0
            for field in fields {
                // Journald only reads; the type has no const in C.
                let base = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress?.advanced(by: start))
                unsafe vectors.append(iovec(iov_base: base, iov_len: field.count))
                start += field.count
            }
            return unsafe sd_journal_sendv(vectors, CInt(vectors.count))
        }
    }
}

/// Tells whether a descriptor leads to journald.
enum JournalStream {
    /// JOURNAL_STREAM names the device and inode that systemd connected. The variable alone proves nothing: a child of a
    /// service inherits it even when its stderr goes elsewhere (systemd.exec(5)).
    static func isJournal(_ descriptor: CInt, variable: String?) -> Bool {
        guard let variable else { return false }
        let parts = variable.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = UInt(parts[0]), let inode = UInt(parts[1]) else { return false }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { return false }
        return UInt(information.st_dev) == device && UInt(information.st_ino) == inode
    }
}

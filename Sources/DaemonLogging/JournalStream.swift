// SPDX-License-Identifier: Apache-2.0

import Glibc

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

// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Closes a file descriptor at the end of its life.
public struct OwnedDescriptor: ~Copyable, Sendable {
    /// Valid as long as this value lives.
    public let rawValue: CInt

    /// Takes over an open descriptor, which is closed with this value.
    public init(_ rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// Nil leaves the reason in `errno`.
    public static func unixStreamSocket(isBlocking: Bool) -> OwnedDescriptor? {
        // Without SOCK_CLOEXEC a program that is started later would inherit it.
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, CInt(type), 0)
        return descriptor < 0 ? nil : OwnedDescriptor(descriptor)
    }

    /// Another descriptor for the same open file. Nil leaves the reason in `errno`.
    public static func copy(of descriptor: CInt) -> OwnedDescriptor? {
        // dup(2) would leave the copy open in every child process.
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : OwnedDescriptor(copy)
    }

    /// The user of the process at the other end of a Unix socket: for a client, of the one that began to listen (SO_PEERCRED,
    /// unix(7)). Nil leaves the reason in `errno`.
    public var peerUser: UInt32? {
        // The layout of `struct ucred`, which Glibc shows only to programs that define _GNU_SOURCE.
        var credentials: (process: pid_t, user: uid_t, group: gid_t) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        let code = unsafe getsockopt(self.rawValue, SOL_SOCKET, SO_PEERCRED, &credentials, &size)
        return code == 0 ? credentials.user : nil
    }

    deinit {
        // A failure changes nothing: the descriptor is gone all the same (close(2)).
        _ = close(self.rawValue)
    }

    /// Hands the descriptor on; the caller closes it.
    public consuming func release() -> CInt {
        let descriptor = self.rawValue
        // Else the end of this value would close it.
        discard self
        return descriptor
    }

    /// Writes all of `bytes`, however many system calls that takes. It waits where the descriptor blocks.
    ///
    /// - Returns: false when not all of it could be written, with the reason in `errno`.
    public static func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            // A signal was handled; nothing is wrong with the descriptor.
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}

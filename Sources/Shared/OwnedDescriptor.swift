// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Closes a file descriptor when nobody needs it any more.
public struct OwnedDescriptor: ~Copyable, Sendable {
    public let rawValue: CInt

    public init(_ rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// Nil leaves the reason in `errno`.
    public static func unixStreamSocket(isBlocking: Bool) -> OwnedDescriptor? {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, CInt(type), 0)
        return descriptor < 0 ? nil : OwnedDescriptor(descriptor)
    }

    /// Another descriptor for the same open file. Nil leaves the reason in `errno`.
    public static func copy(of descriptor: CInt) -> OwnedDescriptor? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : OwnedDescriptor(copy)
    }

    deinit {
        _ = close(self.rawValue)
    }

    /// Hands the descriptor on; the caller closes it.
    public consuming func release() -> CInt {
        let descriptor = self.rawValue
        discard self
        return descriptor
    }
}

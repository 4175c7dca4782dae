// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// The directory of the control socket, locked for as long as this value lives.
///
/// Without the lock, two daemons that start together could both find a stale socket, and the slower one would remove
/// the socket the faster one has just bound. The lock is on the directory itself, so that no lock file is left behind.
struct ControlSocketDirectory: ~Copyable {
    private let descriptor: OwnedDescriptor

    init(containing path: String) throws(ControlSocketError) {
        let directory = Self.parent(of: path)
        // Another process may have made it meanwhile; its owner is checked below either way.
        if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw .system(call: "mkdir", path: directory, code: errno)
        }
        let rawDescriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard rawDescriptor >= 0 else { throw .system(call: "open", path: directory, code: errno) }
        let descriptor = OwnedDescriptor(rawDescriptor)
        // On the open descriptor: the path could be made another directory between a check and its use.
        try Self.check(descriptor.rawValue, path: directory)
        // Without waiting: the other daemon is about to listen there, and this one has no place.
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            throw code == EWOULDBLOCK ? .inUse(path: path) : .system(call: "flock", path: directory, code: code)
        }
        self.descriptor = descriptor
    }

    /// Removes what a daemon that was killed left behind.
    borrowing func removeStaleSocket(at address: UnixSocketAddress) throws(ControlSocketError) {
        var information = stat()
        guard unsafe lstat(address.path, &information) == 0 else {
            guard errno == ENOENT else { throw .system(call: "lstat", path: address.path, code: errno) }
            return
        }
        // A file that the user put there, perhaps by a mistake in the setting, must not be removed.
        guard information.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: address.path) }
        guard try Self.isStale(address) else { throw .inUse(path: address.path) }
        guard unsafe unlink(address.path) == 0 || errno == ENOENT else {
            throw .system(call: "unlink", path: address.path, code: errno)
        }
    }

    /// Only a refused connection proves that no process listens. A full queue, for one, is a busy daemon.
    private static func isStale(_ address: UnixSocketAddress) throws(ControlSocketError) -> Bool {
        guard let descriptor = OwnedDescriptor.unixStreamSocket(isBlocking: false) else {
            throw .system(call: "socket", path: address.path, code: errno)
        }
        let status = unsafe address.withSocketAddress { unsafe connect(descriptor.rawValue, $0, $1) }
        return status != 0 && errno == ECONNREFUSED
    }

    /// Refuses a directory in which others may replace files.
    private static func check(_ descriptor: CInt, path: String) throws(ControlSocketError) {
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { throw .system(call: "fstat", path: path, code: errno) }
        let isTrustedOwner = information.st_uid == geteuid() || information.st_uid == 0
        // They could put a socket of theirs in the place of ours. A sticky bit, as on /tmp, prevents it.
        let isShared = information.st_mode & 0o022 != 0 && information.st_mode & S_ISVTX == 0
        guard isTrustedOwner, !isShared else { throw .unsafeDirectory(path: path) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

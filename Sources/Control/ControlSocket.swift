// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A listening Unix socket, and the file made for it, until the service takes both.
///
/// From the moment one exists, clients can connect and wait in the kernel's queue.
package struct ControlSocket: ~Copyable, Sendable {
    /// The absolute path.
    package let address: String
    let descriptor: OwnedDescriptor
    /// Nil when systemd made the socket and keeps it open without us.
    let file: BoundSocketFile?

    private static let backlog: CInt = 64

    /// The service manager opened it and keeps it when the daemon ends.
    package var isInherited: Bool { self.file == nil }

    /// Takes over a socket that listens already. The descriptor is ours from here on, also when this throws.
    ///
    /// - Parameter ownsFile: the file, too, is ours to remove at the end.
    package static func adopt(descriptor: CInt, ownsFile: Bool = false) throws(ControlSocketError) -> ControlSocket {
        let descriptor = OwnedDescriptor(descriptor)
        var isListening: CInt = 0
        var optionLength = socklen_t(MemoryLayout<CInt>.size)
        // The descriptor comes from the environment and may be anything: an accept on it would fail for ever.
        let answers =
            unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &optionLength) == 0
        guard answers, isListening != 0, let path = Self.path(of: descriptor.rawValue) else {
            throw .notListening(descriptor: descriptor.rawValue)
        }
        let file = ownsFile ? try BoundSocketFile(path: path) : nil
        return ControlSocket(address: path, descriptor: descriptor, file: file)
    }

    /// Where a Unix socket is bound; nil for any other descriptor.
    package static func path(of descriptor: CInt) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isNamed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isNamed, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
        return unsafe withUnsafeBytes(of: address.sun_path) { bytes in
            // `sun_path` need not end in a NUL when the path fills it.
            String(decoding: unsafe Array(bytes).prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Binds and listens. A directory that is missing is made, its parent is not.
    package static func bind(path: String) throws(ControlSocketError) -> ControlSocket {
        guard let address = UnixSocketAddress(path: path) else {
            throw .pathTooLong(path: path, limit: UnixSocketAddress.maximumPathLength)
        }
        let directory = try ControlSocketDirectory(containing: path)
        guard let descriptor = OwnedDescriptor.unixStreamSocket(isBlocking: false) else {
            throw .system(call: "socket", path: path, code: errno)
        }
        // Linux gives the file the mode of the socket, so it is never open to others, not even between two calls;
        // a umask would change the whole process.
        guard fchmod(descriptor.rawValue, 0o600) == 0 else {
            throw .system(call: "fchmod", path: path, code: errno)
        }
        try directory.removeStaleSocket(at: address)
        guard unsafe address.withSocketAddress({ unsafe Glibc.bind(descriptor.rawValue, $0, $1) }) == 0 else {
            let code = errno
            throw code == EADDRINUSE ? .inUse(path: path) : .system(call: "bind", path: path, code: code)
        }
        // Before listening, so that a failure from here on removes the file.
        let file = try BoundSocketFile(path: path)
        guard listen(descriptor.rawValue, Self.backlog) == 0 else {
            throw .system(call: "listen", path: path, code: errno)
        }
        return ControlSocket(address: path, descriptor: descriptor, file: file)
    }
}

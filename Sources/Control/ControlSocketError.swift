// SPDX-License-Identifier: Apache-2.0

import Shared

/// Why the control socket could not be opened.
package enum ControlSocketError: Error, Sendable, Equatable {
    case pathTooLong(path: String, limit: Int)
    /// Another daemon listens there, or is about to.
    case inUse(path: String)
    /// Something is there that is not a socket, so it is not ours to remove.
    case notASocket(path: String)
    /// The directory belongs to another user, or others may write to it and put their own socket there.
    case unsafeDirectory(path: String)
    /// An inherited descriptor that does not listen on a Unix stream socket.
    case notListening(descriptor: CInt)
    case system(call: String, path: String, code: CInt)
}

extension ControlSocketError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pathTooLong(let path, let limit):
            "The control socket's path is longer than the \(limit) bytes a socket address holds: \(path)"
        case .inUse(let path): "Another qwenproxyd already listens on \(path)"
        case .notASocket(let path): "\(path) exists and is not a socket"
        case .unsafeDirectory(let path):
            "The control socket's directory must belong to this user and be writable by no other user: \(path)"
        case .notListening(let descriptor): "Descriptor \(descriptor) is not a listening Unix stream socket"
        case .system(let call, let path, let code): "\(call) failed on \(path): \(SystemError.text(code))"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A file of the user's, read and written whole.
struct UserFile {
    struct Failure: Error, Equatable {
        var path: String
        fileprivate var code: CInt

        /// With the reason of the call that has just failed.
        init(_ path: String) {
            self.code = errno
            self.path = path
        }

        var message: String { "\(self.path): \(SystemError.text(self.code))" }
    }

    let path: String

    func read() throws(Failure) -> [UInt8] {
        let raw = unsafe open(self.path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { throw Failure(self.path) }
        let descriptor = OwnedDescriptor(raw)
        guard let bytes = descriptor.readToEnd() else { throw Failure(self.path) }
        return bytes
    }

    /// Nil when there is no such file.
    func readIfPresent() throws(Failure) -> [UInt8]? {
        do throws(Failure) {
            return try self.read()
        } catch  where error.code == ENOENT || error.code == ENOTDIR {
            return nil
        }
    }

    /// Made with its directories where it is not there, and then readable by its owner only.
    func write(_ bytes: [UInt8]) throws(Failure) {
        if let slash = self.path.lastIndex(of: "/") { try Self.makeDirectories(self.path[..<slash]) }
        let raw = unsafe open(self.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw Failure(self.path) }
        let descriptor = OwnedDescriptor(raw)
        guard Terminal.write(bytes, to: raw), fsync(descriptor.rawValue) == 0 else { throw Failure(self.path) }
    }

    /// Takes the place of the file at `path` in one step.
    func move(to path: String) throws(Failure) {
        guard unsafe rename(self.path, path) == 0 else { throw Failure(path) }
    }

    func remove() throws(Failure) {
        guard unsafe unlink(self.path) == 0 || errno == ENOENT else { throw Failure(self.path) }
    }

    private static func makeDirectories(_ path: Substring) throws(Failure) {
        let path = String(path)
        guard !path.isEmpty, unsafe access(path, F_OK) != 0 else { return }
        if let slash = path.lastIndex(of: "/") { try Self.makeDirectories(path[..<slash]) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(path) }
    }
}

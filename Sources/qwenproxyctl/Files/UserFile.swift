// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A file of the user's, read and written whole.
struct UserFile {
    struct Failure: Error, Equatable {
        var path: String
        var reason: String
        /// There is no such file.
        fileprivate var isMissing = false

        /// With the reason of the call that has just failed.
        init(_ path: String) {
            let code = errno
            self.init(path, SystemError.text(code))
            // A part of the path that is a file leads to no file either.
            self.isMissing = code == ENOENT || code == ENOTDIR
        }

        init(_ path: String, _ reason: String) {
            self.path = path
            self.reason = reason
        }

        var message: String { "\(self.path): \(self.reason)" }
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
        } catch  where error.isMissing {
            return nil
        }
    }

    /// Made with its directories where it is not there, and then readable by its owner only.
    func write(_ bytes: [UInt8]) throws(Failure) {
        if let slash = self.path.lastIndex(of: "/") { try Self.makeDirectories(self.path[..<slash]) }
        // No link is followed: where others may write into the directory, one with this name could lead the bytes
        // elsewhere.
        let raw = unsafe open(self.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw Failure(self.path) }
        let descriptor = OwnedDescriptor(raw)
        // On the disk before a rename puts it in another file's place: else a power failure could leave an empty one
        // there.
        guard Terminal.write(bytes, to: raw), fsync(descriptor.rawValue) == 0 else { throw Failure(self.path) }
    }

    /// Puts `bytes` in the file's place in one step: a reader sees the old content or the new one. The file keeps its mode,
    /// and a link that leads to it stays; a new one is readable by its owner only.
    func replace(with bytes: [UInt8]) throws(Failure) {
        // A rename would put a file in the place of the link, and what it leads to would stay as it was.
        let target = try self.resolved()
        let slash = target.path.lastIndex(of: "/").map { target.path.index(after: $0) } ?? target.path.startIndex
        // Hidden: a program that reads all files of a directory passes it over, should we not get as far as the renaming.
        let draft = UserFile(path: "\(target.path[..<slash]).\(target.path[slash...]).\(getpid())")
        do throws(Failure) {
            try draft.write(bytes)
            var information = stat()
            if unsafe stat(target.path, &information) == 0,
                unsafe chmod(draft.path, information.st_mode & 0o777) != 0
            {
                throw Failure(target.path)
            }
            try draft.move(to: target.path)
        } catch {
            // The caller has to hear what went wrong first, and a draft that is left over does no harm.
            try? draft.remove()
            // The user knows of no draft.
            throw error.path == draft.path ? Failure(target.path, error.reason) : error
        }
    }

    /// What a link leads to. One that leads nowhere is not made a file: its owner means a place that is not there just now.
    func resolved() throws(Failure) -> UserFile {
        guard let real = unsafe realpath(self.path, nil) else {
            var information = stat()
            guard unsafe lstat(self.path, &information) == 0 else { return self }
            throw Failure(self.path, "it is a link that leads nowhere")
        }
        defer { unsafe free(real) }
        return UserFile(path: unsafe String(cString: real))
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
        // Another process may have made it since the look above.
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(path) }
    }
}

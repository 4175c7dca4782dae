// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials
internal import Glibc
internal import Shared

/// `oauth_creds.json` on the disk.
package struct CredentialsFile: Sendable {
    /// What was found when the file was looked at.
    enum Content: Sendable, Equatable {
        case missing
        case invalid(reason: String)
        case credentials(OAuthCredentials, modified: Date)
    }

    struct WriteFailure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The system call that failed.
        var operation: String
        var errno: CInt

        var description: String { "\(self.operation) failed, \(SystemError.text(self.errno))" }
    }

    /// A token is a few kilobytes at most.
    static let limit = 64 << 10

    /// A crash in the middle of a write leaves a file with this at the end of its name.
    private static let temporarySuffix = ".qwenproxyd.tmp"

    /// Absolute.
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Where `qwen` has the lock of this file.
    var lockPath: String { self.directory + "/oauth_creds.lock" }

    private var directory: String { self.path.lastIndex(of: "/").map { String(self.path[..<$0]) } ?? "." }

    /// The file itself, where the path is a symbolic link of the user's own: the link is the user's wish and stays, and the
    /// new content takes the place of the file that it leads to.
    private var target: CredentialsFile {
        var status = stat()
        guard unsafe lstat(self.path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, status.st_uid == geteuid(),
            let resolved = unsafe realpath(self.path, nil)
        else { return self }
        defer { unsafe free(resolved) }
        return CredentialsFile(path: unsafe String(cString: resolved))
    }

    func read() -> Content {
        do {
            let file = try RegularFile.read(self.path, limit: Self.limit)
            return .credentials(try OAuthCredentials(json: file.bytes), modified: file.modified)
        } catch let failure as RegularFile.Failure where failure == .missing {
            return .missing
        } catch {
            return .invalid(reason: "\(error)")
        }
    }

    /// Makes the directory, and those above it, as `qwen` would.
    func makeDirectory() throws(WriteFailure) {
        let names = self.directory.split(separator: "/")
        for index in names.indices {
            let path = "/" + names[...index].joined(separator: "/")
            // A read-only file system above ours answers EROFS even for a directory that is there.
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST || RegularFile.exists(path) else {
                throw Self.failure("mkdir")
            }
        }
    }

    /// Replaces the file as a whole: a reader sees the old content or the new, and so does the disk after a crash. Call it
    /// with the lock held, so that what others began and left behind can be told from what they are writing.
    func write(_ credentials: OAuthCredentials) throws(WriteFailure) {
        try self.makeDirectory()
        let target = self.target
        target.removeLeftovers()
        // In the same directory, because rename(2) does not cross file systems.
        let temporary = "\(target.path).\(getpid()).\(UInt32.random(in: 0 ... .max))\(Self.temporarySuffix)"
        // Exclusive and without following links: in a directory that others may write to nothing of theirs is written
        // through.
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open") }
        do throws(WriteFailure) {
            defer { close(descriptor) }
            try Self.write(credentials.json(), to: descriptor)
            guard unsafe rename(temporary, target.path) == 0 else { throw Self.failure("rename") }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        Self.synchronize(target.directory)
    }

    /// With the lock held. Returns whether there was one. A symbolic link goes with the file that it leads to, which holds
    /// the token.
    func remove() throws(WriteFailure) -> Bool {
        let target = self.target
        if target.path != self.path { _ = try target.remove() }
        self.removeLeftovers()
        if unsafe unlink(self.path) == 0 {
            Self.synchronize(self.directory)
            return true
        }
        guard errno == ENOENT || errno == ENOTDIR else { throw Self.failure("unlink") }
        return false
    }

    /// The same, taking the lock for it, for a caller that has nothing else to do under it. Without a directory there
    /// is nothing to remove, and nowhere to put a lock.
    package func removeLocked() async throws -> Bool {
        guard RegularFile.exists(self.directory) else { return false }
        return try await CredentialsLock.held(at: self.lockPath) { _ in
            Result { () throws(WriteFailure) in try self.remove() }
        }.get()
    }

    /// Removes what writers left behind that were ended.
    private func removeLeftovers() {
        // Such files hold tokens, and no other program ever removes them.
        guard let directory = unsafe opendir(self.directory) else { return }
        defer { unsafe closedir(directory) }
        let prefix = self.path.split(separator: "/").last.map { $0 + "." } ?? "."
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard name.hasPrefix(prefix), name.hasSuffix(Self.temporarySuffix) else { continue }
            _ = unsafe unlink(self.directory + "/" + name)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) throws(WriteFailure) {
        guard OwnedDescriptor.writeAll(bytes, to: descriptor) else { throw self.failure("write") }
        // Before the rename: after a crash the new name could otherwise stand for an empty file.
        guard fsync(descriptor) == 0 else { throw self.failure("fsync") }
    }

    /// Makes the new name last. When that fails the new content is still in place.
    private static func synchronize(_ directory: String) {
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ operation: String) -> WriteFailure {
        WriteFailure(operation: operation, errno: errno)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Writing a small file of ours, which is only ever replaced as a whole: a reader finds the old content or the new one.
package enum ReplacedFile {
    /// Why the file could not be written. What was there is there still.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The system call.
        package var operation: String
        /// The system's words.
        package var reason: String

        package init(operation: String, reason: String) {
            self.operation = operation
            self.reason = reason
        }

        package var description: String { "\(self.operation) failed: \(self.reason)" }
    }

    /// Only its owner may read the file, and enter the directories that had to be made for it.
    ///
    /// - Parameter path: absolute.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        try self.makeDirectory(of: path)
        // A name of its own: another process, or another thread of this one, may be writing at the same time.
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open") }
        do throws(Failure) {
            try Self.write(bytes, to: OwnedDescriptor(descriptor))
            // The directory is not synchronized: what a crash takes of these files is learned or counted again.
            guard unsafe rename(temporary, path) == 0 else { throw Self.failure("rename") }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    /// Makes what is missing on the way to the file.
    package static func makeDirectory(of path: String) throws(Failure) {
        let names = path.split(separator: "/").dropLast()
        for index in names.indices {
            let directory = "/" + names[...index].joined(separator: "/")
            // A directory above ours may be there without a right to make one beside it.
            guard unsafe mkdir(directory, 0o700) != 0, errno != EEXIST else { continue }
            guard unsafe access(directory, F_OK) == 0 else { throw Self.failure("mkdir") }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: consuming OwnedDescriptor) throws(Failure) {
        guard OwnedDescriptor.writeAll(bytes, to: descriptor.rawValue) else { throw Self.failure("write") }
        guard fsync(descriptor.rawValue) == 0 else { throw Self.failure("fsync") }
    }

    private static func failure(_ operation: String) -> Failure {
        Failure(operation: operation, reason: SystemError.last)
    }
}

// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
internal import Glibc

/// The content of a small file and what the file system says about it.
package struct RegularFile: Sendable {
    /// Why the file could not be read.
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case missing
        case notRegular
        case tooLarge(limit: Int)
        case unreadable(errno: CInt)

        package var description: String {
            switch self {
            case .missing: "the file does not exist"
            case .notRegular: "it is not a regular file"
            case .tooLarge(let limit): "it is larger than \(limit) bytes"
            case .unreadable(EACCES), .unreadable(EPERM): "permission denied"
            case .unreadable(let code): "it cannot be read (errno \(code))"
            }
        }
    }

    /// All of the file.
    package var bytes: [UInt8]
    /// By the file system's clock.
    package var modified: Date
    /// The permission bits.
    package var permissions: UInt32

    /// Whether anybody but its owner has any right to it.
    package var isReadableByOthers: Bool { self.permissions & 0o077 != 0 }

    /// Reads the file in one go. It never waits: a FIFO in the file's place is refused, not read.
    package static func read(_ path: String, limit: Int) throws(Failure) -> RegularFile {
        // O_NONBLOCK: a FIFO would wait for its writer. O_NOCTTY: a terminal must not become ours.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        // On the open file: the path may lead elsewhere by now.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        return RegularFile(
            bytes: try Self.bytes(of: descriptor, expected: Int(status.st_size), limit: limit),
            modified: Date(
                timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9,
            ),
            permissions: UInt32(status.st_mode & 0o7777),
        )
    }

    /// Whether there is anything at `path`, of whatever type.
    package static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Whether this user may read what is at `path`.
    package static func isReadable(_ path: String) -> Bool {
        unsafe access(path, R_OK) == 0
    }

    private static func failure(_ code: CInt) -> Failure {
        switch code {
        case ENOENT, ENOTDIR: .missing
        default: .unreadable(errno: code)
        }
    }

    /// - Parameter expected: the size as `fstat` says it.
    private static func bytes(of descriptor: CInt, expected: Int, limit: Int) throws(Failure) -> [UInt8] {
        guard expected <= limit else { throw .tooLarge(limit: limit) }
        var bytes: [UInt8] = []
        // Nearly all files that are read so are smaller.
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(errno: errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            // Counted again: the file can grow while it is read.
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// `config.d`, as far as this program writes there. The user's own files are never touched.
struct DropInDirectory {
    struct Failure: Error, Equatable {
        var reason: String

        init(path: String) { self.reason = "\(path): \(SystemError.last)" }
    }

    let path: String

    /// - Parameter configuration: the directory of `config.toml`.
    init(of configuration: String) {
        self.path = "\(configuration)/config.d"
    }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }

    /// Nil when there is no such file.
    func read(_ name: String) throws(Failure) -> String? {
        let raw = unsafe open(self.file(name), O_RDONLY | O_CLOEXEC)
        if raw < 0, errno == ENOENT || errno == ENOTDIR { return nil }
        guard raw >= 0 else { throw Failure(path: self.file(name)) }
        let descriptor = OwnedDescriptor(raw)
        var bytes: [UInt8] = []
        while true {
            var count = 0
            bytes += unsafe [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, initialized in
                count = unsafe Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
                initialized = max(0, count)
            }
            guard count >= 0 else { throw Failure(path: self.file(name)) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        }
    }

    /// Puts `text` in the file's place in one step, readable by its owner only; nil removes the file.
    func write(_ text: String?, to name: String) throws(Failure) {
        guard let text else {
            guard unsafe unlink(self.file(name)) == 0 || errno == ENOENT else { throw Failure(path: self.file(name)) }
            return
        }
        try Self.makeDirectories(self.path)
        // A hidden file is not read, should we not get as far as the renaming.
        let draft = self.file(".\(name).\(getpid())")
        let raw = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw Failure(path: draft) }
        let descriptor = OwnedDescriptor(raw)
        guard Terminal.write(Array(text.utf8), to: descriptor.rawValue), fsync(descriptor.rawValue) == 0,
            unsafe rename(draft, self.file(name)) == 0
        else {
            let failure = Failure(path: self.file(name))
            unsafe unlink(draft)
            throw failure
        }
    }

    private static func makeDirectories(_ path: String) throws(Failure) {
        guard !path.isEmpty, unsafe access(path, F_OK) != 0 else { return }
        if let slash = path.lastIndex(of: "/") { try Self.makeDirectories(String(path[..<slash])) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(path: path) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A copy of a file to be edited, that can take the file's place in one step.
///
/// It lies beside the file, since only there a rename is atomic, and is readable by nobody else until then.
struct FileDraft {
    struct Failure: Error, Equatable {
        var path: String
        var reason: String

        init(_ path: String) {
            self.path = path
            self.reason = SystemError.last
        }
    }

    let path: String
    private let target: String
    private let mode: mode_t
    private let beginning: [UInt8]

    /// - Parameter template: what a file that does not exist yet begins with.
    init(of file: String, template: String) throws(Failure) {
        // What a link leads to is edited, and the link stays.
        let target = Self.resolved(file)
        let directory = target.lastIndex(of: "/").map { String(target[..<$0]) } ?? "."
        try Self.makeDirectories(directory)
        var information = stat()
        let exists = unsafe stat(target, &information) == 0
        self.target = target
        self.mode = exists ? information.st_mode & 0o777 : 0o600
        self.beginning = exists ? try Self.read(target) : Array(template.utf8)
        self.path = "\(directory)/config.edit-\(getpid()).toml"
        try Self.write(self.beginning, to: self.path)
    }

    func isChanged() throws(Failure) -> Bool { try Self.read(self.path) != self.beginning }

    func replaceOriginal() throws(Failure) {
        guard unsafe chmod(self.path, self.mode) == 0, unsafe rename(self.path, self.target) == 0 else {
            throw Failure(self.target)
        }
    }

    func remove() { unsafe unlink(self.path) }

    private static func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private static func makeDirectories(_ path: String) throws(Failure) {
        guard !path.isEmpty, unsafe access(path, F_OK) != 0 else { return }
        if let slash = path.lastIndex(of: "/") { try Self.makeDirectories(String(path[..<slash])) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(path) }
    }

    private static func read(_ path: String) throws(Failure) -> [UInt8] {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { throw Failure(path) }
        let descriptor = OwnedDescriptor(raw)
        var bytes: [UInt8] = []
        while true {
            var count = 0
            bytes += unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, initialized in
                count = unsafe Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
                initialized = max(0, count)
            }
            guard count >= 0 else { throw Failure(path) }
            guard count > 0 else { return bytes }
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let raw = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw Failure(path) }
        let descriptor = OwnedDescriptor(raw)
        guard Terminal.write(bytes, to: descriptor.rawValue) else { throw Failure(path) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import Shared

/// The lock file beside the credentials. The program that holds it may refresh the token and write the file: two
/// programs that refresh the same login at once make each other's refresh token invalid.
///
/// It is the protocol of `qwen`: the file is created exclusively, holds a random UUID, and counts as left over after ten
/// seconds. We touch ours while we work, so that a slow server does not cost us the lock.
final class CredentialsLock: Sendable {
    enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// Another program holds it all the time.
        case busy(path: String)
        case system(path: String, operation: String, errno: CInt)

        var description: String {
            switch self {
            case .busy(let path): "another program holds the lock \(path)"
            case .system(let path, let operation, let code): "\(operation) \(path) failed, \(SystemError.text(code))"
            }
        }
    }

    private let path: String
    private let identifier: String
    private let descriptor: CInt

    private init(path: String, identifier: String, descriptor: CInt) {
        self.path = path
        self.identifier = identifier
        self.descriptor = descriptor
    }

    /// Runs `body` while holding the lock at `path`, and releases it however that ends.
    static func held<Value: Sendable>(
        at path: String, _ body: @Sendable (CredentialsLock) async -> Value,
    ) async throws(Failure) -> Value {
        let lock = try await self.acquire(path)
        defer { lock.release() }
        return await body(lock)
    }

    /// Runs `body` and touches the lock every `interval` meanwhile.
    func alive<Value: Sendable>(touching interval: Duration, _ body: @escaping @Sendable () async -> Value) async
        -> Value
    {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                while (try? await Task.sleep(for: interval)) != nil { self.touch() }
                return nil
            }
            while let result = await group.next() {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            preconditionFailure("The body of a lock ended without a value.")
        }
    }

    private static func acquire(_ path: String) async throws(Failure) -> CredentialsLock {
        var wait = LockWait()
        while true {
            if let lock = try self.create(path) { return lock }
            let sighting = self.sighting(of: path)
            switch wait.busy(sighting, at: .now) {
            case .wait(let pause):
                // A cancelled wait has no lock either.
                do { try await Task.sleep(for: pause) } catch { throw .busy(path: path) }
            case .breakLock:
                self.breakLock(path, seenAs: sighting)
            case .giveUp:
                throw .busy(path: path)
            }
        }
    }

    /// Nil when there is one already.
    private static func create(_ path: String) throws(Failure) -> CredentialsLock? {
        let identifier = UUID().uuidString.lowercased()
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return nil }
            throw .system(path: path, operation: "creating", errno: errno)
        }
        let lock = CredentialsLock(path: path, identifier: identifier, descriptor: descriptor)
        let bytes = Array(identifier.utf8)
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            // A short write to a file means a full disk; errno does not say so.
            let code = count < 0 ? errno : ENOSPC
            // By its inode it is still known to be ours.
            lock.release()
            throw .system(path: path, operation: "writing", errno: code)
        }
        return lock
    }

    /// Says that the holder is alive.
    private func touch() {
        // Without it the lock at worst counts as left over, which `release` notices.
        _ = futimens(self.descriptor, nil)
    }

    private func release() {
        // Fresh, so that no program takes it for a left-over one between the look and the removal.
        self.touch()
        // After ten seconds of standstill, in a suspend for example, it may have been taken away; then another's is there.
        if FileIdentity(descriptor: self.descriptor) == FileIdentity(path: self.path) {
            _ = unsafe unlink(self.path)
        }
        close(self.descriptor)
    }

    private static func sighting(of path: String) -> LockWait.Sighting? {
        guard let file = FileIdentity(path: path) else { return nil }
        let age = Date().timeIntervalSince(file.modified)
        return .init(identity: "\(file)", age: .milliseconds(Int64(max(-1e12, min(age * 1000, 1e12)))))
    }

    /// Takes a left-over lock away, by renaming: of several programs that try, one succeeds.
    private static func breakLock(_ path: String, seenAs sighting: LockWait.Sighting?) {
        let aside = "\(path).stale.\(UUID().uuidString.lowercased())"
        guard unsafe rename(path, aside) == 0 else { return }
        // Another program may have been quicker and hold a new one by now, which is given back. `link` does not replace
        // what is there.
        if FileIdentity(path: aside)?.description != sighting?.identity { _ = unsafe link(aside, path) }
        _ = unsafe unlink(aside)
    }
}

/// Which file it is, and when it was last changed.
private struct FileIdentity: Equatable, CustomStringConvertible {
    var device: UInt
    var inode: UInt
    var seconds: Int
    var nanoseconds: Int

    init?(path: String) {
        var status = stat()
        // Not the file that a link leads to: the lock is what stands at the path itself.
        guard unsafe lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init?(descriptor: CInt) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        self.device = UInt(status.st_dev)
        self.inode = UInt(status.st_ino)
        self.seconds = status.st_mtim.tv_sec
        self.nanoseconds = status.st_mtim.tv_nsec
    }

    var modified: Date { Date(timeIntervalSince1970: Double(self.seconds) + Double(self.nanoseconds) / 1e9) }
    var description: String { "\(self.device):\(self.inode):\(self.seconds).\(self.nanoseconds)" }
}

// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Foundation
import Glibc
import Shared
import Synchronization

/// A child process that holds nothing of ours but its three standard streams.
///
/// Not `Process` of Foundation: it knows the end of a child by a socket, which another child that starts at the same
/// moment may inherit, and then the end is not seen until that one has ended, too.
public final class SpawnedProgram: Sendable {
    /// What a standard stream is connected to.
    public enum Stream: Sendable {
        case nothing
        /// A file, which is made or emptied.
        case file(String)
        /// A descriptor of this process.
        case descriptor(Int32)
    }

    public let identifier: Int32
    private let state = Mutex<Int32?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// The exit status, or 128 plus the signal's number; nil while the program runs.
    public var status: Int32? { self.state.withLock { $0 } }

    /// Starts the program as the leader of a process group, with no signal blocked.
    /// - Parameter environment: nil for our own.
    /// - Parameter whenEnded: called once with the status, on a thread of its own.
    public init(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil,
        input: Stream = .nothing, output: Stream = .nothing, errorOutput: Stream = .nothing,
        whenEnded: @escaping @Sendable (Int32) -> Void = { _ in },
    ) throws {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        let streams = try [input, output, errorOutput].enumerated().map { target, stream in
            if case .descriptor(let descriptor) = stream { return descriptor }
            opened.append(try Self.open(stream, isInput: target == STDIN_FILENO))
            return opened[opened.count - 1]
        }
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
        var process: Int32 = 0
        let code = unsafe withCStrings([executable] + arguments) { words in
            unsafe withCStrings(variables) { variables in
                unsafe qp_spawn_program(executable, words, variables, directory, streams, &process)
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        self.identifier = process
        Thread.detachNewThread { [self] in self.awaitEnd(whenEnded) }
    }

    /// Blocks until the program has ended.
    /// - Parameter limit: seconds.
    /// - Returns: as `status`; nil when the program has not ended in time.
    @discardableResult
    public func wait(within limit: Double = 60) -> Int32? {
        if self.ended.wait(timeout: .now() + limit) == .success { self.ended.signal() }
        return self.status
    }

    /// To the program alone; nothing once it has ended.
    public func send(_ signal: Int32) {
        self.state.withLock { status in
            // Nothing but the thread that waits collects the child, under this lock: the number is still its own.
            guard status == nil else { return }
            kill(self.identifier, signal)
        }
    }

    private func awaitEnd(_ whenEnded: (Int32) -> Void) {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(self.identifier), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        let status = self.state.withLock { state in
            var status: Int32 = 0
            unsafe waitpid(self.identifier, &status, 0)
            // WIFEXITED and its like are macros.
            let signal = status & 0x7F
            let code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            state = code
            return code
        }
        self.ended.signal()
        whenEnded(status)
    }

    private static func open(_ stream: Stream, isInput: Bool) throws -> Int32 {
        var path = "/dev/null"
        if case .file(let file) = stream { path = file }
        // Not 0 to 2, which would be overwritten before it is handed on: those are open here.
        let flags = isInput ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return descriptor
    }
}
